import type { SearchAnswer, SearchHit } from '../../shared/ipc/contract.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { Log } from '../log.ts';
import type { KeptPart, SearchFiles } from '../storage/search-files.ts';
import { SearchShard, textOf } from './search-shard.ts';
import { snippetOf } from './search-snippet.ts';

export interface SearchSource {
  /**
   * Every session with a number that changes whenever its stored facts do. Of one that is kept in a store beside the first nothing may
   * come to the disk.
   */
  sessions(): { id: string; title: string; version: number; store?: string }[];
  /** The whole session, from memory or from disk, without taking it. */
  state(id: string): Promise<SessionState>;
  log: Log;
  /** Where it is kept between starts. */
  files?: SearchFiles;
  /** Of changes that come one after the other, most are written together. */
  saveAfterMs?: number;
}

/** A part is parsed at once, and read again as a whole when one of its sessions was deleted: some tens of milliseconds, and a second. */
const sessionsPerPart = 128;
/** Hits are shown with their text, for which their sessions are read. */
const mostHits = 40;
const mostSessions = 20;

/**
 * Full text of all transcripts: built in the background when it is first asked, kept between starts, no session's body among it. Only
 * sessions that have changed since are read, with the next question. A session's part follows from its id, so that nothing needs to be
 * loaded to delete its words.
 */
export function createSearchIndex({ sessions, state, log, files, saveAfterMs = 5000 }: SearchSource) {
  const shards = new Map<string, SearchShard>();
  const unsaved = new Set<string>();
  const deleted = new Set<string>();
  let parts = 0;
  let timer: NodeJS.Timeout | undefined;
  let building: Promise<void> | undefined;
  let saving: Promise<void> = Promise.resolve();
  let closed = false;
  let progress = { done: 0, total: 0 };

  const nameOf = ({ id, store }: { id: string; store?: string }): string =>
    store === undefined ? `${parts}-${partOf(id, parts)}` : inMemory;
  const stale = () => sessions().filter((one) => shards.get(nameOf(one))?.versions.get(one.id) !== one.version);

  async function load(): Promise<void> {
    const wanted = partsFor(sessions().length);
    const left = (await files?.parts()) ?? 0;
    const fits = left >= wanted / 4 && left <= wanted * 4;
    if (left > 0 && !fits) await files?.dropAll();
    parts = left > 0 && fits ? left : wanted;
    shards.set(inMemory, new SearchShard());
    for (let part = 0; part < parts; part += 1) {
      const name = `${parts}-${part}`;
      shards.set(name, await restored(await files?.load(name)));
    }
  }

  async function restored(kept: KeptPart | undefined): Promise<SearchShard> {
    try {
      if (kept) return await SearchShard.restore(kept);
    } catch (thrown) {
      log.warn('A part of the search index could not be used', { reason: String(thrown) });
    }
    return new SearchShard();
  }

  async function build(): Promise<void> {
    if (parts === 0) await load();
    const present = new Set(sessions().map(({ id }) => id));
    for (const [name, shard] of shards) {
      for (const id of [...shard.versions.keys()].filter((known) => !present.has(known))) {
        shard.forget(id);
        changed(name);
      }
    }
    const all = stale();
    progress = { done: 0, total: all.length };
    for (const one of all) {
      if (closed) return;
      const name = nameOf(one);
      const shard = shards.get(name) as SearchShard;
      try {
        await shard.take(one.id, one.version, await state(one.id));
        if (deleted.has(one.id)) shard.forget(one.id);
      } catch (thrown) {
        // What cannot be read now is tried again when it has changed.
        log.warn('A session is not searchable', { id: one.id, reason: String(thrown) });
        shard.skip(one.id, one.version);
      }
      changed(name);
      progress.done += 1;
    }
  }

  function changed(name: string): void {
    if (!files || name === inMemory || closed) return;
    unsaved.add(name);
    timer ??= setTimeout(() => {
      saving = saving
        .then(save)
        .catch((thrown) => log.warn('The search index is not kept', { reason: String(thrown) }));
    }, saveAfterMs).unref();
  }

  async function save(): Promise<void> {
    timer = undefined;
    await building;
    for (const name of unsaved) {
      unsaved.delete(name);
      const shard = shards.get(name) as SearchShard;
      const { revision } = shard;
      const kept = await shard.kept();
      if (closed) return;
      // Seen and handed over in one tick: what is deleted after it is also deleted behind it.
      if (shard.revision !== revision) unsaved.add(name);
      else await (kept ? files?.save(name, kept) : files?.drop(name));
    }
  }

  function refresh(): Promise<void> {
    building ??= build().finally(() => {
      building = undefined;
    });
    return building;
  }

  function best(text: string): { id: string; terms: string[] }[] {
    const found = [...shards.values()].flatMap((shard) => shard.find(text).slice(0, mostHits * 2));
    return found.sort((a, b) => b.score - a.score).slice(0, mostHits * 2);
  }

  /** The best hits of what is indexed so far; `indexing` while there is more to come. */
  async function query(text: string): Promise<SearchAnswer> {
    if (building || stale().length > 0) {
      // What is quickly done is waited for, so that a small set of sessions answers at once.
      await Promise.race([refresh(), new Promise((resolve) => setTimeout(resolve, 150))]);
    }
    // Of now, for the rest may be done while the hits' texts are read.
    const indexing = building ? { indexing: { ...progress } } : {};
    const bySession = new Map<string, { itemId: string; terms: string[] }[]>();
    for (const { id, terms } of best(text)) {
      const [sessionId = '', itemId = ''] = id.split('/');
      if (!bySession.has(sessionId) && bySession.size === mostSessions) continue;
      bySession.set(sessionId, [...(bySession.get(sessionId) ?? []), { itemId, terms }]);
    }
    const titles = new Map(sessions().map(({ id, title }) => [id, title]));
    const hits: SearchHit[] = [];
    for (const [sessionId, places] of bySession) {
      const whole = titles.has(sessionId) ? await state(sessionId).catch(() => undefined) : undefined;
      for (const { itemId, terms } of whole ? places : []) {
        const place = whole?.items.findIndex((item) => item.id === itemId) ?? -1;
        const item = whole?.items[place];
        if (!whole || !item || hits.length === mostHits) continue;
        const kind = item.kind === 'prompt' || item.kind === 'message' || item.kind === 'call' ? item.kind : 'other';
        const title = titles.get(sessionId) ?? '';
        const found = { sessionId, title, itemId, place: whole.firstItem + place, at: item.at, kind } as const;
        hits.push({ ...found, snippet: snippetOf(textOf(item), terms) });
      }
    }
    return { hits, ...indexing };
  }

  return {
    query,

    /** A session was deleted: its words go from the disk at once, whether they were ever looked up in this run or not. */
    async forget(id: string): Promise<void> {
      deleted.add(id);
      const count = parts || ((await files?.parts()) ?? 0);
      const name = `${count}-${partOf(id, count)}`;
      const shard = shards.get(name);
      if (shard) {
        shard.forget(id);
        changed(name);
      }
      if (count > 0) await files?.drop(name);
    },

    /** What was not written yet is read again after the next start. */
    async close(): Promise<void> {
      closed = true;
      clearTimeout(timer);
      unsaved.clear();
      await saving;
      await files?.idle();
    },
  };
}

export type SearchIndex = ReturnType<typeof createSearchIndex>;

/** Of sessions whose store is not the first: never written. */
const inMemory = 'memory';

/** A power of two, so that it seldom changes. */
const partsFor = (sessions: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, sessions / sessionsPerPart)));

/** Spreads ids evenly, and the same in every start. */
function partOf(id: string, parts: number): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % parts;
}
