import type { ReactNode } from 'react';

export interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  text?: ReactNode;
  /** What can be done about it. */
  children?: ReactNode;
}

/** Says why there is nothing here and what to do. */
export function EmptyState({ icon, title, text, children }: EmptyStateProps) {
  return (
    <div className="flex h-full flex-col items-center justify-center gap-1 p-6 text-center">
      {icon !== undefined && <div className="mb-2 text-faint [&_svg]:size-5">{icon}</div>}
      <p className="font-medium text-text">{title}</p>
      {text !== undefined && <div className="max-w-80 text-sm text-muted text-balance">{text}</div>}
      {children !== undefined && <div className="mt-4 flex items-center gap-2">{children}</div>}
    </div>
  );
}
