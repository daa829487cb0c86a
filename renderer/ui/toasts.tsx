import clsx from 'clsx';
import { CircleAlert, Info, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { Button } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import { dismissToast, type Toast, useToasts } from './toast-store.ts';

const infoMs = 5000;

/** Long enough to read, think and reach the button, also by keyboard or by ear; while one is at it, the clock stands. */
const actionMs = 12_000;

/**
 * Messages below the title bar, where they cover nothing that is pressed. The region is there before its first message, so that all are
 * announced, and beside the page, so that it can be reached while a dialog makes the page inert.
 */
export function Toasts() {
  const toasts = useToasts((store) => store.toasts);
  return createPortal(
    <section
      aria-label="Messages"
      aria-live="polite"
      data-toasts=""
      className="pointer-events-none fixed inset-x-0 top-12 z-60 mx-auto flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>,
    document.body,
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const hasAction = toast.action !== undefined;
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  useEffect(() => {
    if (toast.level !== 'info' || pointed || focused) return;
    const timer = setTimeout(() => dismissToast(toast.id), hasAction ? actionMs : infoMs);
    return () => clearTimeout(timer);
  }, [toast.id, toast.level, hasAction, pointed, focused]);
  const Icon = toast.level === 'error' ? CircleAlert : Info;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only looks whether somebody is at it
    <div
      className="pop pointer-events-auto flex items-start gap-2 rounded-md bg-raised py-2 pr-1.5 pl-3 shadow-pop"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={() => setFocused(false)}
    >
      <Icon
        aria-label={toast.level === 'error' ? 'Problem' : 'Note'}
        className={clsx('mt-0.5 size-4 shrink-0', toast.level === 'error' ? 'text-red' : 'text-muted')}
      />
      <div className="selectable min-w-0 flex-1 wrap-anywhere">
        <p>{toast.text}</p>
        {toast.hint !== undefined && <p className="text-sm text-muted">{toast.hint}</p>}
      </div>
      {toast.action && (
        <Button
          size="sm"
          onClick={() => {
            toast.action?.run();
            dismissToast(toast.id);
          }}
        >
          {toast.action.label}
        </Button>
      )}
      <IconButton label="Dismiss" size="sm" onClick={() => dismissToast(toast.id)}>
        <X />
      </IconButton>
    </div>
  );
}
