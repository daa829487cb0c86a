import type { QueuedApproval } from '../../shared/app/state.ts';
import { likeness } from './likeness.ts';

export type QueueOrder = 'oldest' | 'newest';
export type QueueGroup = 'none' | 'session' | 'likeness';

export type QueueRow =
  | { kind: 'heading'; key: string; text: string; count: number }
  | { kind: 'card'; key: string; approval: QueuedApproval };

/** What the queue shows, from the top: what waits, by order and group, then what is set aside. */
export function queueRows(approvals: readonly QueuedApproval[], order: QueueOrder, group: QueueGroup): QueueRow[] {
  const sorted = [...approvals].sort((a, b) => (order === 'oldest' ? a.at - b.at : b.at - a.at));
  const waiting = sorted.filter((approval) => !approval.deferred);
  const later = sorted.filter((approval) => approval.deferred);
  return [
    ...(group === 'none' ? waiting.map(card) : grouped(waiting, group)),
    ...(later.length > 0 ? [{ kind: 'heading' as const, key: 'later', text: 'Later', count: later.length }] : []),
    ...later.map(card),
  ];
}

const card = (approval: QueuedApproval): QueueRow => ({ kind: 'card', key: approval.id, approval });

/** Groups stand where their first approval would. */
function grouped(approvals: readonly QueuedApproval[], group: 'session' | 'likeness'): QueueRow[] {
  const groups = new Map<string, QueuedApproval[]>();
  for (const approval of approvals) {
    const name = group === 'session' ? approval.sessionId : likeness(approval);
    groups.set(name, [...(groups.get(name) ?? []), approval]);
  }
  return [...groups].flatMap(([name, members]): QueueRow[] => [
    {
      kind: 'heading',
      key: `group ${name}`,
      text: group === 'session' ? (members[0]?.path.at(-1)?.title ?? '') : name,
      count: members.length,
    },
    ...members.map(card),
  ]);
}

/** How many waiting approvals are like each one, itself included, by approval. */
export function countLikes(approvals: readonly QueuedApproval[]): (approval: QueuedApproval) => number {
  const counts = new Map<string, number>();
  for (const approval of approvals) {
    if (approval.deferred || approval.kind !== 'call') continue;
    const name = likeness(approval);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return (approval) => counts.get(likeness(approval)) ?? 1;
}
