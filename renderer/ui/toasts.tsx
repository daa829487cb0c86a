import clsx from 'clsx';
import { CircleAlert, Info, X } from 'lucide-react';
import { useEffect } from 'react';
import { IconButton } from './icon-button.tsx';
import { dismissToast, type Toast, useToasts } from './toast-store.ts';

const infoMs = 5000;

/** Messages at the lower edge. The region is there before its first message, so that all are announced. */
export function Toasts() {
  const toasts = useToasts((store) => store.toasts);
  return (
    <section
      aria-label="Messages"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-4 z-60 flex w-96 max-w-[calc(100vw-2rem)] flex-col gap-2"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  useEffect(() => {
    if (toast.level !== 'info') return;
    const timer = setTimeout(() => dismissToast(toast.id), infoMs);
    return () => clearTimeout(timer);
  }, [toast.id, toast.level]);
  const Icon = toast.level === 'error' ? CircleAlert : Info;
  return (
    <div className="pop pointer-events-auto flex items-start gap-2 rounded-md bg-raised py-2 pr-1.5 pl-3 shadow-pop">
      <Icon
        aria-label={toast.level === 'error' ? 'Problem' : 'Note'}
        className={clsx('mt-0.5 size-4 shrink-0', toast.level === 'error' ? 'text-red' : 'text-muted')}
      />
      <div className="selectable min-w-0 flex-1 wrap-anywhere">
        <p>{toast.text}</p>
        {toast.hint !== undefined && <p className="text-sm text-muted">{toast.hint}</p>}
      </div>
      <IconButton label="Dismiss" size="sm" onClick={() => dismissToast(toast.id)}>
        <X />
      </IconButton>
    </div>
  );
}
