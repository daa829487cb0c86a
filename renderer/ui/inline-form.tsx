import clsx from 'clsx';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { ownEscape } from './own-escape.ts';

export interface InlineFormProps {
  label: string;
  /** What the button says that submits. */
  action: string;
  /** There is something to submit. */
  ready: boolean;
  /** Resolves once it is done or refused; the button is busy until then. */
  onSubmit: () => Promise<void>;
  onCancel: () => void;
  className?: string;
  children: ReactNode;
}

/** A form that opens in its page, where what it makes will stand. Escape leaves the form and not the page. */
export function InlineForm({ label, action, ready, onSubmit, onCancel, className, children }: InlineFormProps) {
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    await onSubmit();
    setBusy(false);
  };
  return (
    <form
      aria-label={label}
      onSubmit={(event) => void submit(event)}
      {...ownEscape(onCancel)}
      className={clsx('flex flex-col rounded-md border border-border bg-panel p-3', className)}
    >
      {children}
      <div className="flex gap-2">
        <Button type="submit" size="sm" variant="primary" busy={busy} disabled={!ready}>
          {action}
        </Button>
        <Button size="sm" variant="ghost" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
