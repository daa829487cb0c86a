import pLimit from 'p-limit';
import type { IndexEntry } from '../storage/index-entry.ts';
import type { StoredSession } from '../storage/session-store.ts';
import type { Stores } from '../storage/stores.ts';
import { replay } from './session.ts';
import { queuedApprovals, summarize } from './summary.ts';

/** More at once would hold too many files open. */
const readsAtOnce = 16;

/** Deleted, but for files that the disk would not let go of. */
export const isDeleted = ({ summary }: IndexEntry): boolean => summary.destroyed === true && summary.elsewhere !== true;

/**
 * The row of a session as it stands on disk, read without its lock. One that cannot be read is a row that says why; undefined where its
 * store does not answer. Never throws.
 */
export async function readEntry(store: Stores, id: string, journalBytes: number): Promise<IndexEntry | undefined> {
  try {
    const loaded = await store.look(id);
    if (!loaded) return undefined;
    const state = replay(id, loaded);
    const path = [{ id, title: state.head.config.title }];
    // Nothing but a line that was cut short is no session at all.
    const problems = state.seq === 0 && loaded.torn ? [...loaded.problems, loaded.torn] : loaded.problems;
    const damaged = problems.length > 0 ? { damaged: problems.join(' ') } : {};
    const { ledger = [] } = state.head;
    return {
      summary: { ...summarize(state), ...store.keptIn(id), ...damaged },
      approvals: queuedApprovals(state, path),
      ledger,
      journalBytes,
    };
  } catch (thrown) {
    const blank = summarize(replay(id, { envelopes: [] }));
    const damaged = thrown instanceof Error ? thrown.message : String(thrown);
    const summary = {
      ...blank,
      ...store.keptIn(id),
      title: `Damaged session ${id}`,
      status: 'unknown' as const,
      damaged,
    };
    return { summary, approvals: [], ledger: [], journalBytes };
  }
}

/**
 * The rows of all stored sessions but those that `skip` names: from the cache where the journal has its known length, so that no body
 * is read, the others from the store. What a store does not answer for is left out.
 */
export async function readEntries(
  store: Stores,
  cached: Record<string, IndexEntry>,
  skip: (id: string) => boolean,
): Promise<IndexEntry[]> {
  const limited = pLimit(readsAtOnce);
  const entryOf = async ({ id, journalBytes, locked, stamp }: StoredSession): Promise<IndexEntry | undefined> => {
    const known = cached[id]?.journalBytes === journalBytes ? cached[id] : undefined;
    if (known && !locked) return asListed(known, false, stamp);
    return limited(async () => {
      const entry = known ?? (await readEntry(store, id, journalBytes));
      // A lock that cannot be read is told when the session is opened.
      const elsewhere = locked === true && (await store.lookElsewhere(id).catch(() => false));
      return entry && elsewhere !== undefined ? asListed(entry, elsewhere, stamp) : undefined;
    });
  };
  const stored = (await store.list(undefined, cached)).filter(({ id }) => !skip(id));
  const entries = await Promise.all(stored.map(entryOf));
  return entries.filter((entry) => entry !== undefined);
}

/** Who owns a session and whether it is saved are of the moment, never of the cache. The same entry where nothing differs. */
function asListed(entry: IndexEntry, elsewhere: boolean, stamp: string | undefined): IndexEntry {
  if (!elsewhere && !entry.summary.elsewhere && !entry.summary.unsaved && entry.stamp === stamp) return entry;
  const { elsewhere: _was, unsaved: _unsaved, ...summary } = entry.summary;
  const { stamp: _old, ...rest } = entry;
  return { ...rest, summary: elsewhere ? { ...summary, elsewhere } : summary, ...(stamp ? { stamp } : {}) };
}
