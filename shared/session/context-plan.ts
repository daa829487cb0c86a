import type { Id } from '../ids.ts';
import type { EventOf } from './events.ts';
import type { Compaction, ContextPlan, Item, SessionHead } from './state.ts';

/** Share of the window at which the context is compacted by itself, unless the session says otherwise. */
export const defaultCompactAt = 0.8;

/** After an attempt that did not help, or was taken back, this share of the window must be added before the next. */
const pause = 0.1;
/** What was taken back is compacted again at this share at the latest, for beyond it the next turn would fail. */
const latest = 0.95;

const emptyPlan: ContextPlan = { compactions: [], pinned: [], dropped: [] };

export const planOf = (head: SessionHead): ContextPlan => head.contextPlan ?? emptyPlan;

/** The compaction that counts, if any. */
export const compactionInForce = (head: SessionHead): Compaction | undefined => planOf(head).compactions.at(-1);

/** Share of the window at which this session compacts by itself; undefined when that is switched off. */
export const compactAt = ({ config }: SessionHead): number | undefined =>
  config.autoCompact === false ? undefined : (config.autoCompactThreshold ?? defaultCompactAt);

/** What may be pinned or dropped: notices and summaries are not shown to the model as items. */
export const isCurable = (item: Item): boolean =>
  item.kind === 'prompt' || item.kind === 'message' || item.kind === 'call';

export function afterCompaction(head: SessionHead, event: EventOf<'context.compacted'>): Partial<SessionHead> {
  const { compactionId: id, keepFrom, pruneBefore, summary, tokensAfter, window, insufficient } = event;
  const plan = planOf(head);
  const before = plan.compactions.at(-1);
  const next: Compaction = {
    ...before,
    id,
    ...(keepFrom === undefined ? {} : { keepFrom }),
    ...(pruneBefore === undefined ? {} : { pruneBefore }),
    ...(summary === undefined ? {} : { summaryId: id }),
  };
  return {
    contextPlan: {
      ...plan,
      compactions: [...plan.compactions, next],
      resumeAt: insufficient && window !== undefined ? tokensAfter + pause * window : undefined,
    },
    context: measured(head, tokensAfter),
  };
}

export function afterRestore(head: SessionHead, event: EventOf<'context.restored'>): Partial<SessionHead> {
  const plan = planOf(head);
  const place = plan.compactions.findIndex((compaction) => compaction.id === event.compactionId);
  if (place < 0) return {};
  const { tokensAfter, window } = event;
  const resumeAt =
    window === undefined
      ? undefined
      : Math.max(tokensAfter + 1, Math.min(tokensAfter + pause * window, latest * window));
  return {
    contextPlan: { ...plan, compactions: plan.compactions.slice(0, place), resumeAt },
    context: measured(head, tokensAfter),
  };
}

/** The plan when only the oldest of its compactions stay in force. */
export const rewoundPlan = ({ contextPlan }: SessionHead, compactions: number): ContextPlan | undefined =>
  contextPlan && {
    ...contextPlan,
    compactions: contextPlan.compactions.slice(0, compactions),
    resumeAt: undefined,
  };

const measured = (head: SessionHead, used: number): SessionHead['context'] => ({
  ...head.context,
  used,
  source: 'estimated',
});

/** Pinned and dropped exclude each other: the newer word counts. */
export function withPinned(head: SessionHead, itemId: Id, pinned: boolean): Partial<SessionHead> {
  const plan = planOf(head);
  const dropped = pinned ? without(plan.dropped, itemId) : plan.dropped;
  return { contextPlan: { ...plan, pinned: put(plan.pinned, itemId, pinned), dropped } };
}

export function withDropped(head: SessionHead, itemId: Id, dropped: boolean): Partial<SessionHead> {
  const plan = planOf(head);
  const pinned = dropped ? without(plan.pinned, itemId) : plan.pinned;
  return { contextPlan: { ...plan, dropped: put(plan.dropped, itemId, dropped), pinned } };
}

const without = (ids: Id[], id: Id): Id[] => ids.filter((other) => other !== id);
const put = (ids: Id[], id: Id, present: boolean): Id[] => (present ? [...without(ids, id), id] : without(ids, id));
