import type { ToolKind } from '../../shared/session/parts.ts';
import { isCall, isSettled } from '../../shared/session/selectors.ts';
import type { CallItem, Item } from '../../shared/session/state.ts';
import { plural } from '../ui/amounts.ts';

/** A reply that brought nothing but calls, or only thoughts where those are not shown: it keeps its place and shows nothing. */
export const isSilent = (item: Item, withoutThoughts = false): boolean =>
  item.kind === 'message' &&
  item.text === '' &&
  (withoutThoughts || item.reasoning === '') &&
  !item.partial &&
  item.drafts.length === 0;

/** Whether an item stands close under the one before it: calls that follow each other do, silent replies between them or not. */
export function isTight(items: readonly Item[], place: number): boolean {
  if (items[place]?.kind !== 'call') return false;
  let before = place - 1;
  while (items[before] && isSilent(items[before]!)) before -= 1;
  return items[before]?.kind === 'call';
}

/** A run of settled calls without a word between them. */
export interface CallGroup {
  /** The first call's id: later calls that join keep it. */
  id: string;
  /** What the group did, in words; on its first call only. */
  text?: string;
}

/** The group that an item belongs to; nothing for what is no settled call, or alone. */
export function callGroup(items: readonly Item[], place: number): CallGroup | undefined {
  if (!isGrouped(items[place])) return undefined;
  let first = place;
  const calls: CallItem[] = [];
  for (let at = place; at >= 0 && belongs(items[at]); at -= 1) if (isGrouped(items[at])) first = at;
  for (let at = first; at < items.length && belongs(items[at]); at += 1) {
    const item = items[at];
    if (isGrouped(item)) calls.push(item);
  }
  if (calls.length < 2) return undefined;
  const id = calls[0]!.id;
  return place === first ? { id, text: describeCalls(calls) } : { id };
}

const isGrouped = (item: Item | undefined): item is CallItem => item !== undefined && isCall(item) && isSettled(item);

const belongs = (item: Item | undefined): boolean => item !== undefined && (isGrouped(item) || isSilent(item, true));

const kindWords: Record<ToolKind, [one: string, many: string]> = {
  command: ['command', 'commands'],
  edit: ['edit', 'edits'],
  read: ['read', 'reads'],
  search: ['search', 'searches'],
  fetch: ['fetch', 'fetches'],
  task: ['child session', 'child sessions'],
  other: ['other call', 'other calls'],
};

/** "2 reads, 1 edit, 1 did not succeed". */
export function describeCalls(calls: readonly CallItem[]): string {
  const counts = new Map<ToolKind, number>();
  for (const call of calls) counts.set(call.toolKind, (counts.get(call.toolKind) ?? 0) + 1);
  const parts = [...counts].map(([kind, count]) => plural(count, ...kindWords[kind]));
  const failed = calls.filter((call) => call.state !== 'ok').length;
  return [...parts, ...(failed > 0 ? [`${failed} did not succeed`] : [])].join(', ');
}
