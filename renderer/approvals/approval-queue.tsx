import { ShieldCheck } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { useApp } from '../state/app-store.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { queueKeyAction, takesText } from './queue-keys.ts';
import { useListChange } from './use-list-change.ts';

/** Every approval that waits, of all sessions, oldest first; those set aside below. New ones join at the end and never take the focus. */
export function ApprovalQueue() {
  const approvals = useApp((app) => app.approvals);
  const waiting = approvals.filter((approval) => !approval.deferred);
  const later = approvals.filter((approval) => approval.deferred);
  const shown = [...waiting, ...later];
  const ids = shown.map((approval) => (approval.deferred ? `${approval.id}~` : approval.id)).join(' ');
  const changedAt = useListChange(ids);
  const queue = useRef<HTMLElement>(null);
  useFocusHeir(queue, ids);

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const action = queueKeyAction(event, {
      inTextField: takesText(document.activeElement),
      changedAt: 0,
      now: Infinity,
    });
    if (action !== 'next' && action !== 'previous') return;
    event.preventDefault();
    const cards = cardsIn(queue.current);
    const at = cards.findIndex((card) => card.contains(document.activeElement));
    const to = at < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, at + (action === 'next' ? 1 : -1)));
    cards[to]?.focus();
    cards[to]?.scrollIntoView({ block: 'nearest' });
  };

  return (
    <section
      ref={queue}
      aria-label="Approval queue"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the queue is where the keys for its cards work
      tabIndex={0}
      onKeyDown={move}
      className="flex h-full flex-col outline-offset-[-2px]"
    >
      {shown.length === 0 ? (
        <EmptyState
          icon={<ShieldCheck />}
          title="Nothing waits for you"
          text="What an agent may not do by itself is asked here."
        />
      ) : (
        <>
          <div className="flex min-h-0 flex-1 flex-col gap-2 overflow-y-auto p-2">
            <Cards approvals={waiting} changedAt={changedAt} />
            {later.length > 0 && (
              <h2 className="px-1 pt-2 text-sm font-medium text-muted">
                Later <span className="text-faint">{later.length}</span>
              </h2>
            )}
            <Cards approvals={later} changedAt={changedAt} />
          </div>
          <QueueKeys />
        </>
      )}
    </section>
  );
}

/** The keys that work on the card that has the focus. Always there: a line that came with the focus would move the cards. */
const QueueKeys = () => (
  <p className="flex h-8 shrink-0 items-center gap-1.5 overflow-hidden border-t border-border px-3 text-xs whitespace-nowrap text-faint">
    <Kbd keys="J" /> <Kbd keys="K" /> <span className="pr-1.5">move</span> <Kbd keys="A" />
    <span className="pr-1.5">allow</span> <Kbd keys="D" /> <span className="pr-1.5">deny</span> <Kbd keys="E" />
    <span className="pr-1.5">edit</span> <Kbd keys="L" /> later
  </p>
);

const Cards = ({ approvals, changedAt }: { approvals: QueuedApproval[]; changedAt: () => number }) =>
  approvals.map((approval) => (
    <ApprovalCard key={approval.id} approval={approval} place="queue" changedAt={changedAt} />
  ));

const cardsIn = (queue: HTMLElement | null): HTMLElement[] => [
  ...(queue?.querySelectorAll<HTMLElement>('article') ?? []),
];

/** When the card that held the focus goes, its neighbour takes it, or the queue: a person on the keyboard stays where they work. */
function useFocusHeir(queue: React.RefObject<HTMLElement | null>, ids: string): void {
  const held = useRef(-1);
  useLayoutEffect(() => {
    const element = queue.current;
    if (!element) return;
    const note = () => {
      held.current = cardsIn(element).findIndex((card) => card.contains(document.activeElement));
    };
    const forget = (event: FocusEvent) => {
      // A removed element loses the focus to nothing; a person takes it to somewhere.
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) held.current = -1;
    };
    element.addEventListener('focusin', note);
    element.addEventListener('focusout', forget);
    return () => {
      element.removeEventListener('focusin', note);
      element.removeEventListener('focusout', forget);
    };
  }, [queue]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list's change is what this answers
  useLayoutEffect(() => {
    if (held.current < 0 || (document.activeElement !== document.body && document.activeElement !== null)) return;
    const cards = cardsIn(queue.current);
    (cards[Math.min(held.current, cards.length - 1)] ?? queue.current)?.focus();
  }, [queue, ids]);
}
