import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';

/** Something seldom needed behind its name. */
export function Disclosure({ label, children }: { label: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="inline-flex items-center gap-1 rounded-sm text-sm text-muted hover:text-text"
      >
        <ChevronRight aria-hidden="true" className={open ? 'size-3 rotate-90' : 'size-3'} />
        {label}
      </button>
      {open && <div className="mt-1">{children}</div>}
    </div>
  );
}
