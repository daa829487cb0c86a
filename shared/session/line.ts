import type { Branch, Item, Range, SessionState } from './state.ts';

/**
 * A session's items stand in the order in which they came, and none ever goes. Its *line* says which of them are the conversation: ranges
 * of places, the last one open. Going back to an earlier place leaves a line as a branch, which stays reachable. Places need no items, so
 * a replica's window knows its line as well as the whole does.
 */
const whole: readonly Range[] = [{ from: 0 }];

export const placesOf = ({ firstItem, items }: SessionState): number => firstItem + items.length;

const isOn = (line: readonly Range[], place: number): boolean =>
  line.some(({ from, to }) => place >= from && (to === undefined || place < to));

/** The items of the conversation: what is shown, and what the model is told from. The same array while there are no branches. */
export function activeItems(state: SessionState): readonly Item[] {
  const { line } = state.head;
  if (!line) return state.items;
  return state.items.filter((_item, index) => isOn(line, state.firstItem + index));
}

/** How many items of the conversation stand before the window. */
export const activeBefore = ({ head, firstItem }: SessionState): number => lengthOf(head.line ?? whole, firstItem);

const lengthOf = (line: readonly Range[], end: number): number =>
  line.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to ?? end, end) - from), 0);

/** The line up to a place, with all that comes from now on. */
export function lineFrom(state: SessionState, place: number): Range[] {
  const kept = closed(state.head.line ?? whole, Math.min(place, placesOf(state)));
  return [...kept, { from: placesOf(state) }];
}

/** The line of a branch, with all that comes from now on. */
export const lineOfBranch = (state: SessionState, branch: Branch): Range[] => [
  ...branch.ranges,
  { from: placesOf(state) },
];

/** The line that is being left for `next`, or nothing when every item of it is on another line, too. */
export function leftBranch(
  state: SessionState,
  next: readonly Range[],
  named: { id: string; at: number; title: string },
): Branch[] {
  const end = placesOf(state);
  const ranges = closed(state.head.line ?? whole, end);
  const length = lengthOf(ranges, end);
  const others = [next, ...(state.head.branches ?? []).map((branch) => branch.ranges)];
  if (others.some((other) => shared(ranges, closed(other, end)) === length)) return [];
  const { context, contextPlan } = state.head;
  return [{ ...named, ranges, length, ...(context ? { context } : {}), ...(contextPlan ? { contextPlan } : {}) }];
}

interface ClosedRange {
  from: number;
  to: number;
}

/** How many places two lines have in common. */
const shared = (one: readonly ClosedRange[], other: readonly ClosedRange[]): number =>
  one.reduce(
    (sum, a) => sum + other.reduce((part, b) => part + Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from)), 0),
    0,
  );

const closed = (line: readonly Range[], end: number): ClosedRange[] =>
  line.map(({ from, to }) => ({ from, to: Math.min(to ?? end, end) })).filter(({ from, to }) => from < to);
