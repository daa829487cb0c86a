import { isDurable } from './durability.ts';
import type { SessionEvent } from './events.ts';
import type { SessionHead } from './state.ts';

/** How much a session itself has done. Time in which it only waited, for a person or for its children, is left out. */
export interface Work {
  turns: number;
  ms: number;
  /** Since when the clock runs; absent while it stands. */
  since?: number;
  /** Calls without a result. */
  open: { id: string; task: boolean }[];
}

const noWork: Work = { turns: 0, ms: 0, open: [] };

/** The work after an event: `before` and `after` are the heads around it. Durable events alone move the clock. */
export function workAfter(before: SessionHead, after: SessionHead, event: SessionEvent, at: number): Work | undefined {
  // A notice is also what a restart posts, before anything says what became of the run.
  if (!isDurable(event.type) || event.type === 'notice.posted') return after.work;
  const { turns, ms, since } = before.work ?? noWork;
  const open = openAfter(before.work ?? noWork, event);
  const ticked = since === undefined || fromDowntime(event) ? 0 : Math.max(0, at - since);
  const runs = isWorking(after, open);
  if (!before.work && !runs && event.type !== 'turn.ended') return undefined;
  return {
    turns: turns + (event.type === 'turn.ended' ? 1 : 0),
    ms: ms + ticked,
    ...(runs ? { since: at } : {}),
    open,
  };
}

/** Time worked until `now`. */
export const workedMs = (work: Work | undefined, now: number): number =>
  (work?.ms ?? 0) + (work?.since === undefined ? 0 : Math.max(0, now - work.since));

function openAfter({ open }: Work, event: SessionEvent): Work['open'] {
  switch (event.type) {
    case 'call.requested':
      return [...open, { id: event.callId, task: event.kind === 'task' }];
    case 'call.ended':
      return open.filter((call) => call.id !== event.callId);
    case 'run.started':
    case 'run.ended':
      return open.length === 0 ? open : [];
    default:
      return open;
  }
}

/** What a restart says of a run: the time before it was nobody's work. */
const fromDowntime = (event: SessionEvent): boolean =>
  (event.type === 'run.ended' && event.outcome === 'interrupted') ||
  (event.type === 'call.ended' && event.status === 'interrupted') ||
  (event.type === 'approval.resolved' && event.outcome === 'interrupted');

function isWorking({ run, approvals }: SessionHead, open: Work['open']): boolean {
  if (!run || run.outcome !== undefined || run.heldAt !== undefined || approvals.length > 0) return false;
  return open.length === 0 || open.some((call) => !call.task);
}
