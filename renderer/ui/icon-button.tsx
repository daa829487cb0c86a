import clsx from 'clsx';
import type { ComponentProps, ReactNode } from 'react';
import { Tooltip, type TooltipProps } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'children'> {
  /** The accessible name, and the tooltip. */
  label: string;
  keys?: string;
  side?: TooltipProps['side'];
  size?: 'sm' | 'md';
  children: ReactNode;
}

/** A button that shows only an icon (14 px for `sm`, 16 px for `md`). */
export function IconButton({ label, keys, side, size = 'md', className, children, ...rest }: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={clsx(
          'inline-flex shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-text active:bg-selected',
          'aria-pressed:text-text data-[state=open]:bg-hover data-[state=open]:text-text',
          'disabled:pointer-events-none disabled:opacity-45',
          size === 'sm' ? 'size-5 [&_svg]:size-3.5' : 'size-7 [&_svg]:size-4',
          className,
        )}
      >
        {children}
      </button>
    </Tooltip>
  );
}
