import type { ReactNode } from 'react';

export function PageSection(props: { title: string; text?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <section className="mb-6">
      <div className="mb-2 flex items-end justify-between gap-4">
        <div>
          <h3 className="font-semibold">{props.title}</h3>
          {props.text !== undefined && <p className="text-sm text-muted">{props.text}</p>}
        </div>
        {props.actions}
      </div>
      {props.children}
    </section>
  );
}

/** A bordered list whose rows are divided by lines. */
export const RowList = ({ children, label }: { children: ReactNode; label: string }) => (
  <ul aria-label={label} className="divide-y divide-border rounded-md border border-border">
    {children}
  </ul>
);
