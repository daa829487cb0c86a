import clsx from 'clsx';
import { CircleAlert, Info, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from './icon-button.tsx';

export type BannerLevel = 'info' | 'warning' | 'error';

const looks: Record<BannerLevel, { ground: string; icon: typeof Info; word: string }> = {
  info: { ground: 'bg-accent-soft text-accent', icon: Info, word: 'Note' },
  warning: { ground: 'bg-amber-soft text-amber', icon: TriangleAlert, word: 'Warning' },
  error: { ground: 'bg-red-soft text-red', icon: CircleAlert, word: 'Problem' },
};

export interface BannerProps {
  level: BannerLevel;
  children: ReactNode;
  hint?: ReactNode;
  /** Buttons at the end. */
  actions?: ReactNode;
  onDismiss?: () => void;
}

/** A line across its part of the window about something that lasts. Announced when it appears. */
export function Banner({ level, children, hint, actions, onDismiss }: BannerProps) {
  const { ground, icon: Icon, word } = looks[level];
  return (
    <div
      role={level === 'error' ? 'alert' : 'status'}
      className={clsx('flex items-start gap-2 border-b border-border px-3 py-1.5 text-sm', ground)}
    >
      <Icon aria-label={word} className="mt-0.5 size-3.5 shrink-0" />
      <div className="selectable min-w-0 flex-1 text-text wrap-anywhere">
        {children}
        {hint !== undefined && <span className="text-muted"> {hint}</span>}
      </div>
      {actions}
      {onDismiss && (
        <IconButton label="Dismiss" size="sm" onClick={onDismiss}>
          <X />
        </IconButton>
      )}
    </div>
  );
}
