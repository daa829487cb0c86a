import { z } from 'zod';
import type { Log } from '../log.ts';
import { createDocument } from './durable-json.ts';
import { type IndexEntry, isIndexEntry } from './index-entry.ts';
import { explain } from './storage-error.ts';

export type IndexEntries = Record<string, IndexEntry>;

/** The cache of the session list in `index.json`. Losing it costs reading the sessions, never a fact. */
export interface SessionIndex {
  /** What is cached; empty when the file is missing, damaged or of another version, and the caller then rebuilds it. Never throws. */
  load(): Promise<IndexEntries>;
  /**
   * Remembers an entry; written ten seconds after the first change, together with all that came meanwhile: the file holds every session,
   * and what it lacks after a crash costs reading those that changed last.
   */
  put(id: string, entry: IndexEntry): void;
  remove(id: string): void;
  /** Writes what is waiting now. Never rejects: a failure is logged and the next change tries again. */
  flush(): Promise<void>;
}

export interface SessionIndexOptions {
  path: string;
  log: Log;
  /** For processes other than the window's: `put`, `remove` and `flush` do nothing. */
  readOnly?: boolean;
  delayMs?: number;
}

const version = 1;

const indexSchema = z.object({
  version: z.number(),
  sessions: z.custom<Record<string, unknown>>((value) => typeof value === 'object' && value !== null),
});

export function createSessionIndex({
  path,
  log,
  readOnly = false,
  delayMs = 10_000,
}: SessionIndexOptions): SessionIndex {
  const defaults = (): z.infer<typeof indexSchema> => ({ version, sessions: {} });
  const document = createDocument({ path, schema: indexSchema, defaults, log, makeFolder: true });
  const entries = new Map<string, IndexEntry>();
  let timer: NodeJS.Timeout | undefined;
  let changed = false;

  function schedule(): void {
    if (readOnly) return;
    changed = true;
    timer ??= setTimeout(() => void flush(), delayMs);
  }

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (!changed) return document.idle();
    changed = false;
    try {
      await document.save({ version, sessions: Object.fromEntries(entries) });
    } catch (error) {
      changed = true;
      log.warn('The session index could not be written', { path, reason: explain(error) });
    }
  }

  return {
    async load() {
      entries.clear();
      const loaded: IndexEntries = {};
      try {
        const { data } = await document.load({ readOnly });
        // One entry that does not fit costs reading that session, not all of them.
        for (const [id, stored] of Object.entries(data.version === version ? data.sessions : {})) {
          if (!isIndexEntry(stored) || stored.summary.id !== id) continue;
          entries.set(id, stored);
          loaded[id] = stored;
        }
      } catch (error) {
        log.warn('The session index could not be read', { path, reason: explain(error) });
      }
      return loaded;
    },
    put(id, entry) {
      if (entries.get(id) === entry) return;
      entries.set(id, entry);
      schedule();
    },
    remove(id) {
      if (entries.delete(id)) schedule();
    },
    flush,
  };
}
