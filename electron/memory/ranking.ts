import MiniSearch from 'minisearch';
import type { MemoryItem } from '../../shared/memory/memory.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Weights of importance and newness, and the days in which newness falls to a third. */
const weights = { importance: 0.7, newness: 0.3, days: 30 };

export const limits = {
  items: 1_000,
  /** Characters of all items in a prompt, about 1,000 tokens. */
  promptChars: 4_000,
  /** What agents noted goes by itself when it is this old, of little importance, and hardly ever looked up. */
  pruneDays: 90,
  pruneBelow: 0.5,
  keptFromUses: 3,
};

/** How much an item is worth showing, from 0 to 1. */
export const relevance = ({ importance, at }: MemoryItem, now: number): number =>
  importance * weights.importance + Math.exp(-Math.max(0, now - at) / dayMs / weights.days) * weights.newness;

export const countsIn = (item: MemoryItem, workspace: string): boolean =>
  item.workspace === undefined || item.workspace === workspace;

/** Items that may stay: a person's own, pinned, looked up, important or new ones always may. */
export function withoutStale(items: readonly MemoryItem[], now: number): readonly MemoryItem[] {
  const stays = (item: MemoryItem) =>
    item.by === 'person' ||
    item.pinned === true ||
    item.uses >= limits.keptFromUses ||
    item.importance >= limits.pruneBelow ||
    now - (item.lastUsedAt ?? item.at) < limits.pruneDays * dayMs;
  return items.every(stays) ? items : items.filter(stays);
}

/** Those that fit a prompt: pinned ones first, then by relevance; given back in the order of their making, so that caches hold. */
export function choose(items: readonly MemoryItem[], now: number): MemoryItem[] {
  const ranked = [...items].sort(
    (a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false) || relevance(b, now) - relevance(a, now),
  );
  let room = limits.promptChars;
  const chosen = new Set<MemoryItem>();
  for (const item of ranked) {
    if (item.content.length > room) continue;
    room -= item.content.length;
    chosen.add(item);
  }
  return items.filter((item) => chosen.has(item));
}

/** Words of the query must be found, whole, begun or slightly misspelt; how well, times the relevance, gives the order. */
export function searchMemory(items: readonly MemoryItem[], query: string, now: number): MemoryItem[] {
  const index = new MiniSearch<MemoryItem>({ fields: ['content', 'tags', 'type'], extractField: fieldOf });
  index.addAll(items);
  const byId = new Map(items.map((item) => [item.id, item]));
  const hits = index
    .search(query, { prefix: true, fuzzy: 0.15, boost: { tags: 1.5 } })
    .flatMap(({ id, score, queryTerms }) => {
      const item = byId.get(id);
      const coverage = queryTerms.length / Math.max(1, query.trim().split(/\s+/).length);
      return item ? [{ item, score: score * coverage * relevance(item, now) }] : [];
    });
  const best = Math.max(0, ...hits.map(({ score }) => score));
  return hits
    .filter(({ score }) => score >= best * 0.2)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

const fieldOf = (item: MemoryItem, field: string): string => {
  if (field === 'tags') return item.tags.join(' ');
  return field === 'content' ? item.content : field === 'type' ? item.type : item.id;
};
