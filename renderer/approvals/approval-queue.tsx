import { ShieldCheck } from 'lucide-react';
import { type KeyboardEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { appState, useApp } from '../state/app-store.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { useFocusWish } from './approval-focus.ts';
import { forgetDrafts } from './card-draft.ts';
import { likeness } from './likeness.ts';
import { QueueBar } from './queue-bar.tsx';
import { queueKeyAction, takesText } from './queue-keys.ts';
import { countLikes, type QueueRow, queueRows } from './queue-rows.ts';
import { openBatch, useQueueView } from './queue-view.ts';
import { forgetKept } from './use-kept.ts';
import { useListChange } from './use-list-change.ts';

interface ListContext {
  several: boolean;
  likes: (approval: QueuedApproval) => number;
  changedAt: () => number;
  /** A card of an approval that is no more has left the screen; the list lets it go some time after the fact. */
  onGone: () => void;
}

/** Every approval that waits, of all sessions; those set aside below. A new one never takes the focus. Only what is in sight is built. */
export function ApprovalQueue() {
  const approvals = useApp((app) => app.approvals);
  const order = useQueueView((view) => view.order);
  const group = useQueueView((view) => view.group);
  const rows = useMemo(() => queueRows(approvals, order, group), [approvals, order, group]);
  const ids = useMemo(() => rows.map((row) => row.key).join(' '), [rows]);
  const listChangedAt = useListChange(ids);
  const goneAt = useRef(0);
  const changedAt = () => Math.max(listChangedAt(), goneAt.current);
  const onGone = useCallback(() => {
    goneAt.current = performance.now();
  }, []);
  const queue = useRef<HTMLElement>(null);
  const list = useRef<VirtuosoHandle>(null);
  const likes = useMemo(() => countLikes(approvals), [approvals]);
  useWishScroll(rows, list);
  useFocusHeir(queue, rows);
  useEffect(() => {
    const isThere = (id: string) => approvals.some((approval) => approval.id === id);
    forgetKept(isThere);
    forgetDrafts(isThere);
  }, [approvals]);

  const move = (event: KeyboardEvent<HTMLElement>) => {
    const action = queueKeyAction(event, {
      inTextField: takesText(document.activeElement),
      changedAt: 0,
      now: Infinity,
    });
    if (action !== 'next' && action !== 'previous') return;
    event.preventDefault();
    const cards = rows.filter((row) => row.kind === 'card');
    const at = cards.findIndex((row) => row.key === focusedApproval());
    const to = at < 0 ? 0 : Math.max(0, Math.min(cards.length - 1, at + (action === 'next' ? 1 : -1)));
    useFocusWish.setState({ approvalId: cards[to]?.key });
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
      {rows.length === 0 ? (
        <EmptyState
          icon={<ShieldCheck />}
          title="Nothing waits for you"
          text="What an agent may not do by itself is asked here."
        />
      ) : (
        <>
          {approvals.length > 1 && <QueueBar approvals={approvals} />}
          <Virtuoso<QueueRow, ListContext>
            ref={list}
            className="min-h-0 flex-1"
            data={rows}
            context={{ several: approvals.length > 1, likes, changedAt, onGone }}
            defaultItemHeight={240}
            increaseViewportBy={400}
            computeItemKey={(_index, row) => row.key}
            itemContent={(_index, row, context) => <Row row={row} context={context} />}
          />
          <QueueKeys />
        </>
      )}
    </section>
  );
}

/** Padding and not margins: the list measures what an element fills. */
function Row({ row, context }: { row: QueueRow; context: ListContext }) {
  const { onGone } = context;
  useLayoutEffect(
    () => () => {
      if (row.kind === 'card' && !appState().approvals.some((approval) => approval.id === row.key)) onGone();
    },
    [row.kind, row.key, onGone],
  );
  if (row.kind === 'heading') {
    return (
      <h2 className="truncate px-3 pt-3 text-sm font-medium text-muted" title={row.text}>
        {row.text || 'Untitled session'} <span className="text-faint">{row.count}</span>
      </h2>
    );
  }
  const { approval } = row;
  return (
    <div className="px-2 py-1">
      <ApprovalCard
        approval={approval}
        place="queue"
        changedAt={context.changedAt}
        selectable={context.several}
        likes={context.likes(approval)}
        onLikes={() => openBatch(alike(approval))}
      />
    </div>
  );
}

function alike(approval: QueuedApproval): QueuedApproval[] {
  const name = likeness(approval);
  return appState().approvals.filter((other) => !other.deferred && other.kind === 'call' && likeness(other) === name);
}

/** The keys that work on the card that has the focus. Always there: a line that came with the focus would move the cards. */
const QueueKeys = () => (
  <p className="flex min-h-8 shrink-0 flex-wrap items-center gap-1 border-t border-border px-2 py-1.5 text-xs text-faint">
    <Kbd keys="J" /> <Kbd keys="K" /> <span>move</span> <Kbd keys="A" />
    <span>allow</span> <Kbd keys="D" /> <span>deny</span> <Kbd keys="E" />
    <span>edit</span> <Kbd keys="L" /> <span>later</span> <Kbd keys="X" /> <span>select</span>
  </p>
);

const approvalOf = (element: Element | null): string | undefined =>
  element?.closest<HTMLElement>('[data-approval]')?.dataset.approval;

const focusedApproval = (): string | undefined => approvalOf(document.activeElement);

/** A card that is wished for is brought on screen, where it takes the focus by itself. */
function useWishScroll(rows: QueueRow[], list: React.RefObject<VirtuosoHandle | null>): void {
  const wished = useFocusWish((wish) => wish.approvalId);
  useEffect(() => {
    const index = wished === undefined ? -1 : rows.findIndex((row) => row.key === wished);
    if (index >= 0) list.current?.scrollIntoView({ index });
  }, [wished, rows, list]);
}

/**
 * When the card that held the focus goes, its neighbour takes it, or the queue: a person on the keyboard stays where they work. One
 * that is set aside goes, too, while another waits.
 */
function useFocusHeir(queue: React.RefObject<HTMLElement | null>, rows: QueueRow[]): void {
  const held = useRef<{ id: string; place: number; deferred: boolean }>(undefined);
  const cards = useRef<QueuedApproval[]>([]);
  useLayoutEffect(() => {
    const element = queue.current;
    if (!element) return;
    const note = () => {
      const id = focusedApproval();
      const place = cards.current.findIndex((card) => card.id === id);
      held.current = id === undefined ? undefined : { id, place, deferred: cards.current[place]?.deferred ?? false };
    };
    const forget = (event: FocusEvent) => {
      // A removed element loses the focus to nothing; a person takes it to somewhere.
      if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) held.current = undefined;
    };
    element.addEventListener('focusin', note);
    element.addEventListener('focusout', forget);
    return () => {
      element.removeEventListener('focusin', note);
      element.removeEventListener('focusout', forget);
    };
  }, [queue]);
  useLayoutEffect(() => {
    cards.current = rows.filter((row) => row.kind === 'card').map((row) => row.approval);
    const was = held.current;
    // The list takes the card away only after this.
    const isFree =
      [null, document.body].includes(document.activeElement as HTMLElement) || focusedApproval() === was?.id;
    if (!was || !isFree) return;
    const still = cards.current.find((card) => card.id === was.id);
    const setAside = still?.deferred === true && !was.deferred;
    if (still && !setAside) return;
    const heirs = setAside ? cards.current.filter((card) => !card.deferred) : cards.current;
    const heir = heirs[Math.min(was.place, heirs.length - 1)];
    if (heir !== undefined) useFocusWish.setState({ approvalId: heir.id });
    else if (!still) queue.current?.focus();
  }, [queue, rows]);
}
