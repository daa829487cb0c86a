import MiniSearch from 'minisearch';
import type { SearchAnswer, SearchHit } from '../../shared/ipc/contract.ts';
import type { Item, SessionState } from '../../shared/session/state.ts';
import type { Log } from '../log.ts';
import { snippetOf } from './search-snippet.ts';

export interface SearchSource {
  /** Every session with a number that changes whenever its stored facts do. */
  sessions(): { id: string; title: string; version: number }[];
  /** The whole session, from memory or from disk, without taking it. */
  state(id: string): Promise<SessionState>;
  log: Log;
}

interface Entry {
  /** `<session>/<item>`. */
  id: string;
  text: string;
}

/** Of longer texts only the beginning can be found. */
const mostChars = 20_000;
/** Documents that are added before others get their turn. */
const atOnce = 50;
/** Hits are shown with their text, for which their sessions are read. */
const mostHits = 40;
const mostSessions = 20;

/**
 * Full text of all transcripts, in memory and built from the sessions in the background when it is first asked; no session's body is
 * kept. Sessions that have changed since are read again with the next question.
 */
export function createSearchIndex(source: SearchSource) {
  const index = new MiniSearch<Entry>({ fields: ['text'], storeFields: [], searchOptions: { combineWith: 'AND' } });
  const known = new Map<string, { version: number; items: Set<string> }>();
  let building: Promise<void> | undefined;
  let progress = { done: 0, total: 0 };

  const stale = () => source.sessions().filter(({ id, version }) => known.get(id)?.version !== version);

  async function build(): Promise<void> {
    const present = new Set(source.sessions().map(({ id }) => id));
    for (const id of [...known.keys()]) if (!present.has(id)) forget(id);
    const all = stale();
    progress = { done: 0, total: all.length };
    for (const { id, version } of all) {
      // What cannot be read now is tried again when it has changed.
      await take(id, version).catch((thrown) =>
        source.log.warn('A session is not searchable', { id, reason: String(thrown) }),
      );
      known.set(id, { version, items: known.get(id)?.items ?? new Set() });
      progress.done += 1;
    }
  }

  async function take(id: string, version: number): Promise<void> {
    const { items } = await source.state(id);
    const before = known.get(id)?.items ?? new Set<string>();
    const texts = new Map(items.map((item) => [item.id, textOf(item)] as const).filter(([, text]) => text !== ''));
    const fresh = [...texts].filter(([itemId]) => !before.has(itemId));
    for (const itemId of before) if (!texts.has(itemId)) index.discard(`${id}/${itemId}`);
    const documents = fresh.map(([itemId, text]) => ({ id: `${id}/${itemId}`, text: text.slice(0, mostChars) }));
    known.set(id, { version, items: new Set(texts.keys()) });
    await index.addAllAsync(documents, { chunkSize: atOnce });
  }

  function forget(id: string): void {
    for (const itemId of known.get(id)?.items ?? []) index.discard(`${id}/${itemId}`);
    known.delete(id);
  }

  function refresh(): Promise<void> {
    building ??= build().finally(() => {
      building = undefined;
    });
    return building;
  }

  /** The best hits of what is indexed so far, newest of equals first; `indexing` while there is more to come. */
  async function query(text: string): Promise<SearchAnswer> {
    if (stale().length > 0 || building) {
      // What is quickly done is waited for, so that a small set of sessions answers at once.
      await Promise.race([refresh(), new Promise((resolve) => setTimeout(resolve, 150))]);
    }
    const found = index.search(text, {
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 5 ? 0.15 : 0),
    });
    const bySession = new Map<string, { itemId: string; terms: string[] }[]>();
    for (const { id, match } of found.slice(0, mostHits * 2)) {
      const [sessionId = '', itemId = ''] = String(id).split('/');
      if (!bySession.has(sessionId) && bySession.size === mostSessions) continue;
      bySession.set(sessionId, [...(bySession.get(sessionId) ?? []), { itemId, terms: Object.keys(match) }]);
    }
    const titles = new Map(source.sessions().map(({ id, title }) => [id, title]));
    const hits: SearchHit[] = [];
    for (const [sessionId, places] of bySession) {
      const state = titles.has(sessionId) ? await source.state(sessionId).catch(() => undefined) : undefined;
      for (const { itemId, terms } of state ? places : []) {
        const place = state?.items.findIndex((item) => item.id === itemId) ?? -1;
        const item = state?.items[place];
        if (!state || !item || hits.length === mostHits) continue;
        const kind = item.kind === 'prompt' || item.kind === 'message' || item.kind === 'call' ? item.kind : 'other';
        const title = titles.get(sessionId) ?? '';
        const found = { sessionId, title, itemId, place: state.firstItem + place, at: item.at, kind } as const;
        hits.push({ ...found, snippet: snippetOf(textOf(item), terms) });
      }
    }
    return { hits, ...(building ? { indexing: { ...progress } } : {}) };
  }

  return { query };
}

export type SearchIndex = ReturnType<typeof createSearchIndex>;

/** What of an item can be found. Empty while it is still being made. */
function textOf(item: Item): string {
  switch (item.kind) {
    case 'prompt':
      return item.text;
    case 'message':
      return item.streaming ? '' : item.text;
    case 'call':
      return item.result ? `${item.tool} ${item.title}\n${item.result.output}` : '';
    case 'notice':
      return item.text;
    default:
      return '';
  }
}
