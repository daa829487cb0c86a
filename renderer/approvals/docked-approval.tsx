import { PauseCircle } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { useApp } from '../state/app-store.ts';
import { focusComposer, showInspector } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { dockedApprovalOf } from './docked.ts';
import { useListChange } from './use-list-change.ts';

/** The oldest approval of this session that waits, above its composer; those set aside are one line. */
export function DockedApproval({ sessionId }: { sessionId: string }) {
  const own = useApp(useShallow((app) => app.approvals.filter((approval) => approval.sessionId === sessionId)));
  const waiting = own.filter((approval) => !approval.deferred).length;
  const first = dockedApprovalOf(own, sessionId);
  const changedAt = useListChange(first?.id ?? '');
  const dock = useRef<HTMLDivElement>(null);
  useFocusToComposer(dock, first?.id);
  if (!first) return own.length > 0 ? <SetAside count={own.length} /> : null;
  return (
    <div ref={dock} className="px-5 pt-2">
      <div className="mx-auto max-h-[55vh] max-w-[800px] scroll-pb-14 overflow-y-auto">
        <ApprovalCard key={first.id} approval={first} place="docked" changedAt={changedAt} waitingHere={waiting} />
      </div>
    </div>
  );
}

const SetAside = ({ count }: { count: number }) => (
  <div className="px-5 pt-2">
    <p className="mx-auto flex max-w-[800px] items-center gap-1.5 px-1 text-sm text-muted">
      <PauseCircle aria-hidden="true" className="size-3.5 text-amber" />
      {count === 1
        ? 'One approval is set aside; its call waits.'
        : `${count} approvals are set aside; their calls wait.`}
      <Button size="sm" variant="ghost" onClick={() => showInspector('approvals')}>
        Show
      </Button>
    </p>
  </div>
);

/** When the card that held the focus is answered, the focus goes on to the next one, or to the composer. */
function useFocusToComposer(dock: React.RefObject<HTMLDivElement | null>, shown: string | undefined): void {
  const held = useRef(false);
  useLayoutEffect(() => {
    const note = (event: FocusEvent) => {
      held.current = dock.current?.contains(event.target as Node) ?? false;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [dock]);
  useLayoutEffect(() => {
    if (!held.current || document.activeElement !== document.body) return;
    const next = shown === undefined ? null : dock.current?.querySelector<HTMLElement>(`[id$="${shown}"]`);
    if (next) next.focus();
    else {
      held.current = false;
      focusComposer();
    }
  }, [dock, shown]);
}
