import clsx from 'clsx';
import { ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { Menu, type MenuChoice, MenuChoices } from './menu.tsx';

export interface SelectProps<T extends string> {
  /** The accessible name, said before the value. */
  label: string;
  value: T | undefined;
  choices: readonly MenuChoice<T>[];
  onChange: (value: T) => void;
  /** Shown when `value` is none of the choices. */
  placeholder?: ReactNode;
  disabled?: boolean;
  className?: string;
  /** Without border, for bars and strips. */
  quiet?: boolean;
  side?: 'top' | 'bottom';
}

/** One of a few: a button that says the present choice and opens the others. */
export function Select<T extends string>(props: SelectProps<T>) {
  const { label, value, choices, onChange, placeholder = 'Choose…', disabled, quiet, side } = props;
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <Menu
      side={side}
      className="min-w-(--radix-dropdown-menu-trigger-width) max-w-96"
      trigger={
        <button
          type="button"
          disabled={disabled}
          className={clsx(
            'inline-flex h-7 min-w-0 items-center gap-1 rounded-md text-left',
            'disabled:pointer-events-none disabled:opacity-50',
            quiet
              ? 'px-1.5 text-sm text-muted hover:bg-hover hover:text-text data-[state=open]:bg-hover'
              : 'justify-between border border-border-strong bg-raised px-2 hover:bg-hover',
            props.className,
          )}
        >
          <span className="sr-only">{label}: </span>
          <span className={clsx('min-w-0 truncate', !chosen && 'text-muted')}>{chosen?.label ?? placeholder}</span>
          <ChevronsUpDown aria-hidden="true" className="size-3 shrink-0 text-faint" />
        </button>
      }
    >
      <MenuChoices value={value} choices={choices} onChange={onChange} />
    </Menu>
  );
}
