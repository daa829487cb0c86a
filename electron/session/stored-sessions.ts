import pLimit from 'p-limit';
import type { StoredSession } from '../storage/session-store.ts';
import type { Stores } from '../storage/stores.ts';
import type { ListingEntry } from './listing.ts';
import { replay } from './session.ts';
import { queuedApprovals, summarize } from './summary.ts';

/** More at once would hold too many files open. */
const readsAtOnce = 16;

/** The row of a session as it stands on disk, read without its lock. One that cannot be read is a row that says why. Never throws. */
export async function readEntry(store: Stores, id: string, journalBytes: number): Promise<ListingEntry> {
  try {
    const loaded = await store.read(id);
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
 * is read, the others from the store.
 */
export async function readEntries(
  store: Stores,
  cached: Record<string, ListingEntry>,
  skip: (id: string) => boolean,
): Promise<ListingEntry[]> {
  const limited = pLimit(readsAtOnce);
  const entryOf = async ({ id, journalBytes, locked, stamp }: StoredSession): Promise<ListingEntry> => {
    const known = cached[id]?.journalBytes === journalBytes ? cached[id] : undefined;
    if (known && !locked) return asListed(known, false, stamp);
    return limited(async () =>
      asListed(
        known ?? (await readEntry(store, id, journalBytes)),
        locked === true && (await store.isElsewhere(id)),
        stamp,
      ),
    );
  };
  const stored = (await store.list(undefined, cached)).filter(({ id }) => !skip(id));
  return Promise.all(stored.map(entryOf));
}

/** Who owns a session and whether it is saved are of the moment, never of the cache. The same entry where nothing differs. */
function asListed(entry: ListingEntry, elsewhere: boolean, stamp: string | undefined): ListingEntry {
  if (!elsewhere && !entry.summary.elsewhere && !entry.summary.unsaved && entry.stamp === stamp) return entry;
  const { elsewhere: _was, unsaved: _unsaved, ...summary } = entry.summary;
  const { stamp: _old, ...rest } = entry;
  return { ...rest, summary: elsewhere ? { ...summary, elsewhere } : summary, ...(stamp ? { stamp } : {}) };
}
