import clsx from 'clsx';
import type { ComponentProps } from 'react';

export type Tone = 'neutral' | 'accent' | 'amber' | 'red' | 'green';

const tones: Record<Tone, string> = {
  neutral: 'bg-hover text-muted',
  accent: 'bg-accent-soft text-accent',
  amber: 'bg-amber-soft text-amber',
  red: 'bg-red-soft text-red',
  green: 'bg-green-soft text-green',
};

export interface ChipProps extends ComponentProps<'span'> {
  tone?: Tone;
}

/** A short label: a state, a count, a source. Not for pressing. */
export function Chip({ tone = 'neutral', className, ...rest }: ChipProps) {
  return (
    <span
      {...rest}
      className={clsx(
        'inline-flex h-[18px] shrink-0 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap [&_svg]:size-3',
        'forced-colors:border',
        tones[tone],
        className,
      )}
    />
  );
}

/** A number that waits for attention. */
export function Badge({ tone = 'amber', className, ...rest }: ChipProps) {
  return (
    <span
      {...rest}
      className={clsx(
        'inline-flex h-4 min-w-4 shrink-0 items-center justify-center rounded-full px-1 text-xs leading-none font-semibold',
        'forced-colors:border',
        tone === 'amber' ? 'bg-amber-fill text-on-amber' : tones[tone],
        className,
      )}
    />
  );
}
