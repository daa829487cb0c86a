import clsx from 'clsx';
import type { ReactNode } from 'react';
import { Spinner } from './spinner.tsx';

export type DotState =
  | 'idle'
  | 'working'
  | 'needsInput'
  | 'setAside'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'stopped'
  | 'limit'
  | 'interrupted'
  | 'unknown';

/** Each state has its own shape, so that it is never told by colour alone. */
const marks: Record<Exclude<DotState, 'working'>, { color: string; mark: ReactNode }> = {
  idle: { color: 'text-faint', mark: <circle cx="6" cy="6" r="3.25" fill="none" strokeWidth="1.5" /> },
  needsInput: {
    color: 'text-amber-fill',
    mark: <path d="M6 1.2 10.8 6 6 10.8 1.2 6Z" fill="currentColor" strokeWidth="1" strokeLinejoin="round" />,
  },
  setAside: {
    color: 'text-amber-fill',
    mark: <path d="M6 1.8 10.2 6 6 10.2 1.8 6Z" fill="none" strokeWidth="1.4" strokeLinejoin="round" />,
  },
  paused: {
    color: 'text-muted',
    mark: <path d="M4.1 2.8v6.4M7.9 2.8v6.4" fill="none" strokeWidth="1.9" strokeLinecap="round" />,
  },
  completed: {
    color: 'text-green',
    mark: <path d="M2.4 6.4 5 9l4.8-5.6" fill="none" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round" />,
  },
  failed: {
    color: 'text-red',
    mark: <path d="m3 3 6 6M9 3 3 9" fill="none" strokeWidth="1.7" strokeLinecap="round" />,
  },
  stopped: {
    color: 'text-faint',
    mark: <rect x="2.75" y="2.75" width="6.5" height="6.5" rx="1" fill="currentColor" stroke="none" />,
  },
  limit: {
    color: 'text-red',
    mark: <path d="M2.5 2v8M5 6h4.5M7.5 3.8 9.7 6 7.5 8.2" fill="none" strokeWidth="1.5" strokeLinecap="round" />,
  },
  interrupted: {
    color: 'text-amber',
    mark: <path d="M6.8 1.5 3 6.8h2.6L5.2 10.5 9 5.2H6.4Z" fill="currentColor" stroke="none" />,
  },
  unknown: {
    color: 'text-faint',
    mark: <circle cx="6" cy="6" r="3.75" fill="none" strokeWidth="1.5" strokeDasharray="2 1.9" />,
  },
};

/** The mark of a state, 12 px. With `label` it is an image of that name, else decoration. */
export function StateDot({ state, label, className }: { state: DotState; label?: string; className?: string }) {
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <span {...named} className={clsx('inline-flex size-3 shrink-0 items-center justify-center', className)}>
      {state === 'working' ? (
        <Spinner className="text-accent" />
      ) : (
        <svg
          width="12"
          height="12"
          viewBox="0 0 12 12"
          stroke="currentColor"
          aria-hidden="true"
          className={marks[state].color}
        >
          {marks[state].mark}
        </svg>
      )}
    </span>
  );
}
