import clsx from 'clsx';
import type { ComponentProps } from 'react';
import { Spinner } from './spinner.tsx';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'sm' | 'md';

const variants: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-on-accent hover:brightness-110 active:brightness-95',
  secondary: 'bg-raised text-text border-border-strong hover:bg-hover active:bg-selected',
  ghost: 'text-muted hover:bg-hover hover:text-text active:bg-selected',
  danger: 'bg-red-fill text-on-red hover:brightness-110 active:brightness-95',
};

const sizes: Record<ButtonSize, string> = {
  sm: 'h-6 px-2 text-sm gap-1',
  md: 'h-7 px-3 text-base gap-1.5',
};

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Work is under way: the button waits, keeps its width and cannot be pressed again. */
  busy?: boolean;
}

export function Button({ variant = 'secondary', size = 'md', busy, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={clsx(
        // A transparent border shows in forced colours, where grounds vanish.
        'inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap',
        variant !== 'secondary' && 'border-transparent',
        'disabled:pointer-events-none disabled:opacity-50',
        variants[variant],
        sizes[size],
        className,
      )}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}
