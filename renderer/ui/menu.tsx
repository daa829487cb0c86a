import clsx from 'clsx';
import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { Kbd } from './kbd.tsx';

const itemLook =
  'flex min-h-7 cursor-default items-center gap-2 rounded-sm px-2 text-base outline-none select-none ' +
  'data-highlighted:bg-selected data-disabled:opacity-45 [&>svg]:size-3.5 [&>svg]:shrink-0 [&>svg]:text-muted';

const menuLook =
  'pop z-50 max-h-(--radix-popper-available-height) overflow-y-auto rounded-md bg-raised p-1 text-text shadow-pop';

export interface MenuProps {
  /** One element that takes a ref and DOM props. */
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'right' | 'bottom' | 'left';
  open?: boolean;
  defaultOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  /** Where the focus goes after the menu closed, when not back to the trigger. */
  onCloseAutoFocus?: (event: Event) => void;
}

/** A drop-down menu. Not modal: the rest of the window stays in reach. */
export function Menu({
  trigger,
  children,
  align = 'start',
  side,
  open,
  defaultOpen,
  onOpenChange,
  className,
  ...rest
}: MenuProps) {
  return (
    <Radix.Root modal={false} open={open} defaultOpen={defaultOpen} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={clsx(menuLook, 'min-w-44', className)}
          onCloseAutoFocus={rest.onCloseAutoFocus}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps {
  children: ReactNode;
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

export function MenuItem({ children, icon, keys, danger, disabled, onSelect }: MenuItemProps) {
  return (
    <Radix.Item
      disabled={disabled}
      onSelect={onSelect}
      className={clsx(itemLook, danger && 'text-red [&>svg]:text-red')}
    >
      {icon}
      <span className="min-w-0 flex-1">{children}</span>
      {keys !== undefined && <Kbd keys={keys} className="ml-4" />}
    </Radix.Item>
  );
}

export interface MenuChoice<T extends string> {
  value: T;
  label: ReactNode;
  /** A second line that explains the choice. */
  description?: ReactNode;
  disabled?: boolean;
}

/** Items of which exactly one is chosen. */
export function MenuChoices<T extends string>(props: {
  value: T | undefined;
  choices: readonly MenuChoice<T>[];
  onChange: (value: T) => void;
}) {
  return (
    <Radix.RadioGroup value={props.value} onValueChange={(value) => props.onChange(value as T)}>
      {props.choices.map(({ value, label, description, disabled }) => (
        <Radix.RadioItem
          key={value}
          value={value}
          disabled={disabled}
          className={clsx(itemLook, 'pr-7 pl-2', description !== undefined && 'py-1')}
        >
          <span className="min-w-0 flex-1">
            <span className="block">{label}</span>
            {description !== undefined && <span className="block text-sm text-muted">{description}</span>}
          </span>
          <Radix.ItemIndicator className="absolute right-2.5">
            <Check aria-hidden="true" className="size-3.5" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export const MenuSeparator = () => <Radix.Separator className="-mx-1 my-1 h-px bg-border" />;

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2 pt-1.5 pb-1 text-sm text-muted">{children}</Radix.Label>
);
