import { WorkbenchError } from '../../shared/errors.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { Stores } from '../storage/stores.ts';
import type { Used } from './budget-gate.ts';
import type { Listing } from './listing.ts';
import type { OpenSessions } from './open-sessions.ts';
import { closed } from './recover.ts';
import { replay } from './session.ts';

export interface ReaderDeps {
  sessions: OpenSessions;
  listing: Listing;
  store: Stores;
}

/** Looks at sessions and opens none: from memory those that are open, the others as they stand on disk, whoever runs them. */
export class SessionReader {
  readonly #deps: ReaderDeps;

  constructor(deps: ReaderDeps) {
    this.#deps = deps;
  }

  /** Throws `notFound`. */
  readonly state = async (id: string): Promise<SessionState> =>
    this.#deps.sessions.get(id)?.session.state ?? (await this.#onDisk(id));

  /**
   * What can be read of a session that could not be opened, told by what that has thrown: one that another process runs as it stands on
   * disk; one whose files cannot be written with its run as it will be closed. Throws `thrown` where it is something else.
   */
  async unopened(id: string, thrown: unknown): Promise<SessionState> {
    const code = thrown instanceof WorkbenchError ? thrown.code : undefined;
    if (code === 'storage') return this.#closed(id);
    if (code !== 'elsewhere') throw thrown;
    this.#deps.listing.mark(id, { elsewhere: true });
    return this.#onDisk(id);
  }

  async #onDisk(id: string): Promise<SessionState> {
    return replay(id, await this.#deps.store.read(id));
  }

  async #closed(id: string): Promise<SessionState> {
    const state = await this.#onDisk(id);
    return { ...closed(state), seq: state.seq };
  }

  /** A stored output. */
  blob(id: string, hash: string): Promise<Uint8Array> {
    return this.#deps.sessions.get(id)?.log.readBlob(hash) ?? this.#deps.store.readBlob(id, hash);
  }

  /** Every listed session with the length of its journal, which grows with each fact. */
  readonly versions = (): { id: string; title: string; version: number; store?: string }[] =>
    this.#deps.listing.all().map(({ id, title, store }) => ({
      id,
      title,
      version: this.#deps.listing.journalBytes(id) ?? 0,
      ...(store ? { store } : {}),
    }));

  /** States of the live sessions above one, nearest first. */
  ancestors(id: string): SessionState[] {
    const { sessions } = this.#deps;
    const session = sessions.get(id)?.session;
    return session ? sessions.ancestorsOf(session).map(({ state }) => state) : [];
  }

  /** What this session and each below it have used: live ones as they are now, the others as listed. */
  readonly usedInTree = (id: string): Used[] => {
    const { sessions, listing } = this.#deps;
    return listing.tree(id).flatMap((member) => sessions.get(member)?.session.state.head ?? listing.get(member) ?? []);
  };
}
