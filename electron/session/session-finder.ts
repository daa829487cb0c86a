import pLimit from 'p-limit';
import { WorkbenchError } from '../../shared/errors.ts';
import type { Envelope } from '../../shared/session/events.ts';
import type { SessionStatus } from '../../shared/session/selectors.ts';
import { within } from '../storage/deadline.ts';
import type { IndexEntry } from '../storage/index-entry.ts';
import type { Stores } from '../storage/stores.ts';
import type { Deletion } from './deletion.ts';
import type { Listing } from './listing.ts';
import type { OpenSessions } from './open-sessions.ts';
import { isDeleted, readEntries, readEntry } from './stored-sessions.ts';

/** Each may wait up to 2 s for what a crash has left running. */
const takenUpAtOnce = 16;
/** A store that does not answer holds up the list no longer than this; what it does answer is taken up then. */
const takeUpMs = 5_000;

/** A run is under way, or was when its process ended. */
const unfinishedStatus = new Set<SessionStatus>(['working', 'needsInput', 'setAside', 'paused']);

export interface FinderDeps {
  sessions: OpenSessions;
  listing: Listing;
  store: Stores;
  deletion: Pick<Deletion, 'finish'>;
}

/** Lists the sessions that stores hold, and takes up those whose run was under way in a process that is gone. */
export class SessionFinder {
  readonly #deps: FinderDeps;
  /** Sessions whose run could not be closed, for their store takes nothing. */
  readonly #refused = new Set<string>();

  constructor(deps: FinderDeps) {
    this.#deps = deps;
  }

  /**
   * At a start: rows of the cache where the journal has its known length, the others read without lock. Live sessions stay as they are.
   * Tells how many it found that can be read.
   */
  load(cached: Record<string, IndexEntry>): Promise<number> {
    return this.#load(cached, (id) => this.#deps.sessions.get(id) !== undefined);
  }

  /** What a store that was added, or that works again, makes possible: its sessions are listed, and runs are closed that could not be. */
  async lookAtStores(): Promise<void> {
    const refused = [...this.#refused];
    this.#refused.clear();
    await Promise.all(refused.map((id) => this.#takeUp(id)));
    await this.#load({}, (id) => this.#deps.listing.get(id) !== undefined);
  }

  /**
   * Looks again at a session that another process runs or has just made. Returns its newest envelope when there is something new, so
   * that whoever shows it can follow.
   */
  async lookAtOutside(id: string): Promise<Envelope | undefined> {
    const { sessions, listing, store } = this.#deps;
    if (sessions.holds(id)) return undefined;
    const elsewhere = await store.isElsewhere(id);
    const stored = (await store.list([id]))[0];
    // It may have been made or taken up here meanwhile.
    if (sessions.holds(id)) return undefined;
    if (!stored) {
      listing.remove(id);
      return undefined;
    }
    const isNew = stored.journalBytes !== listing.journalBytes(id);
    const known = listing.get(id);
    if (!isNew && (known?.elsewhere ?? false) === elsewhere) return undefined;
    const loaded = await store.read(id);
    const entry = await readEntry(store, id, stored.journalBytes);
    if (!entry || sessions.holds(id) || (known && !listing.get(id))) return undefined;
    listing.put({ ...entry, summary: { ...entry.summary, ...(elsewhere ? { elsewhere } : {}) } });
    if (!elsewhere && unfinishedStatus.has(entry.summary.status)) await this.#takeUp(id);
    return loaded.envelopes.at(-1);
  }

  async #load(cached: Record<string, IndexEntry>, skip: (id: string) => boolean): Promise<number> {
    const { sessions, listing, store, deletion } = this.#deps;
    const found = await readEntries(store, cached, skip);
    const entries = found.filter((entry) => !isDeleted(entry));
    for (const { summary, ledger } of found.filter(isDeleted)) void deletion.finish(summary.id, ledger);
    listing.fill(entries.filter(({ summary }) => sessions.get(summary.id) === undefined));
    const unfinished = entries.filter(({ summary }) => !summary.elsewhere && unfinishedStatus.has(summary.status));
    const limited = pLimit(takenUpAtOnce);
    await Promise.all(unfinished.map(({ summary }) => limited(() => within(this.#takeUp(summary.id), takeUpMs))));
    return entries.filter(({ summary }) => summary.damaged === undefined).length;
  }

  /** Goes on with a run that was under way in a process that is gone, or closes it. */
  async #takeUp(id: string): Promise<void> {
    await this.#deps.sessions.activate(id).catch((thrown) => {
      const code = thrown instanceof WorkbenchError ? thrown.code : undefined;
      if (code === 'elsewhere') this.#deps.listing.mark(id, { elsewhere: true });
      else if (code === 'storage') this.#refuse(id, thrown.message);
      else this.#deps.listing.mark(id, { damaged: String(thrown) });
    });
  }

  /** Its files can be read and not written: what was under way is over all the same, and is written down once the store takes it. */
  #refuse(id: string, reason: string): void {
    this.#refused.add(id);
    const { listing } = this.#deps;
    const status = listing.get(id)?.status === 'working' ? { status: 'interrupted' as const } : {};
    listing.mark(id, { unsaved: reason, ...status });
  }
}
