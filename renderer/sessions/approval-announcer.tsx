import { useEffect, useState } from 'react';
import { useApp } from '../state/app-store.ts';

/** Says each new approval to assistive technology, wherever the focus is; it never moves the focus. */
export function ApprovalAnnouncer() {
  const newest = useApp((app) => app.approvals.findLast((approval) => !approval.deferred));
  const waiting = useApp((app) => app.approvals.filter((approval) => !approval.deferred).length);
  const [text, setText] = useState('');
  useEffect(() => {
    if (!newest) return setText('');
    const session = newest.path.at(-1)?.title ?? '';
    setText(`Approval needed in ${session}: ${newest.tool}: ${newest.title}. ${waiting} waiting.`);
  }, [newest, waiting]);
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
