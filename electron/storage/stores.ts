import type { StoreHealth } from '../../shared/app/state.ts';
import { WorkbenchError } from '../../shared/errors.ts';
import { within } from './deadline.ts';
import type { KnownSessions, LoadedSession, SessionLog, SessionStore, StoredSession } from './session-store.ts';
import { storageError } from './storage-error.ts';

/**
 * All places where sessions live, as one: a session is found where it was made. The first store is where sessions are made that name
 * none.
 */
export interface Stores extends Omit<SessionStore, 'name' | 'create' | 'checkHealth'> {
  /** Adds a store under its name. Throws `invalid` when the name is taken. */
  register(name: string, store: SessionStore): void;
  /** The store of a session; the first one for a session that nobody has seen yet. */
  storeOf(id: string): string;
  /** What its row in the index says of that: nothing when it is the first one. */
  keptIn(id: string): { store?: string };
  /** As a store's; `name` is where. Throws `invalid` when there is no such store, and `storage` for an id that any of them has. */
  create(id: string, name?: string): Promise<SessionLog>;
  /**
   * As `read` and `isElsewhere`, for the list: undefined when nothing at all comes of the session's store for some time. It is then
   * asked nothing more for the list until what it was asked is answered, which its health tells.
   */
  look(id: string): Promise<LoadedSession | undefined>;
  lookElsewhere(id: string): Promise<boolean | undefined>;
  /** Some store has not answered what it was asked for the list. */
  isSilent(): boolean;
  /**
   * Asks every store whether it takes facts, and one that could not be listed whether it can be now. Never rejects; who does not answer
   * in time is said not to.
   */
  health(): Promise<StoreHealth[]>;
}

/** A store that is somewhere else may hang; the others do not wait for it any longer than this. */
export const answerMs = 5000;

export function createStores(first: SessionStore, others: SessionStore[] = [], patienceMs = answerMs): Stores {
  const unlisted = new Set<string>();
  const stores = new Map<string, SessionStore>([[first.name, first]]);
  const homes = new Map<string, string>();
  /** By store: what it was asked for the list and has not answered. */
  const silent = new Map<string, Promise<unknown>>();
  /** By question: an answer that comes late counts, so that a slow store is not asked the same for ever. */
  const late = new Map<string, Promise<unknown>>();
  const answers = new Map<string, number>();

  function register(name: string, store: SessionStore): void {
    if (stores.has(name)) throw new WorkbenchError('invalid', `There is a store named "${name}" already.`);
    stores.set(name, store);
  }
  for (const store of others) register(store.name, store);

  const storeOf = (id: string): string => homes.get(id) ?? first.name;
  const of = (id: string): SessionStore => stores.get(storeOf(id)) ?? first;

  async function answerOf<T>(name: string, question: string, ask: () => Promise<T>): Promise<T | undefined> {
    if (silent.has(name)) return undefined;
    const asked = (late.get(question) as Promise<T> | undefined) ?? ask();
    late.set(question, asked);
    const count = () => answers.get(name) ?? 0;
    try {
      for (let before = count(); !(await within(asked, patienceMs)); before = count()) {
        // One that answers others meanwhile is only slow.
        if (before !== count()) continue;
        if (!silent.has(name)) silent.set(name, asked);
        return undefined;
      }
    } catch (thrown) {
      late.delete(question);
      throw thrown;
    }
    late.delete(question);
    answers.set(name, count() + 1);
    return asked;
  }

  /** A store beside the first that cannot be listed costs its own sessions alone, until its health says that it can. */
  async function listOne(
    name: string,
    store: SessionStore,
    ids?: string[],
    known?: KnownSessions,
  ): Promise<StoredSession[]> {
    if (store === first && ids) return store.list(ids, known);
    try {
      const found = ids
        ? await answered(store.list(ids, known), patienceMs)
        : await answerOf(name, `list ${name}`, () => store.list(undefined, known));
      if (found) unlisted.delete(name);
      return found ?? [];
    } catch (thrown) {
      if (store === first) throw thrown;
      unlisted.add(name);
      return [];
    }
  }

  async function healthOf(name: string, store: SessionStore): Promise<StoreHealth> {
    try {
      const asked = silent.get(name);
      if (asked)
        await answered(
          asked.catch(() => undefined),
          0,
        );
      silent.delete(name);
      if (unlisted.has(name)) await answered(store.list([]), patienceMs);
      await answered(store.checkHealth(), patienceMs);
      return { store: name };
    } catch (thrown) {
      return { store: name, problem: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  return {
    register,
    storeOf,
    keptIn: (id) => (storeOf(id) === first.name ? {} : { store: storeOf(id) }),
    async list(ids, known) {
      const lists = await Promise.all(
        [...stores].map(async ([name, store]) => {
          const found = await listOne(name, store, ids, known);
          // An id that two stores know belongs to the first of them.
          const own = found.filter(({ id }) => (homes.get(id) ?? name) === name);
          for (const { id } of own) homes.set(id, name);
          return own;
        }),
      );
      return lists.flat();
    },
    open: (id) => typed(`open session ${id}`, () => of(id).open(id)),
    async create(id, name = first.name) {
      const store = stores.get(name);
      if (!store) {
        throw new WorkbenchError(
          'invalid',
          `There is no store named "${name}".`,
          `There are: ${[...stores.keys()].join(', ')}.`,
        );
      }
      // Another store would not know that it is taken.
      if (homes.has(id)) throw new WorkbenchError('storage', `Session ${id} exists already.`);
      const log = await typed('make a session', () => store.create(id));
      homes.set(id, name);
      return log;
    },
    read: (id, options) => typed(`read session ${id}`, () => of(id).read(id, options)),
    look: (id) => answerOf(storeOf(id), `read ${id}`, () => typed(`read session ${id}`, () => of(id).read(id))),
    lookElsewhere: (id) => answerOf(storeOf(id), `lock ${id}`, () => of(id).isElsewhere(id)),
    isSilent: () => silent.size > 0,
    readBlob: (id, hash) => typed('read a stored output', () => of(id).readBlob(id, hash)),
    isElsewhere: (id) => of(id).isElsewhere(id),
    async remove(id) {
      await typed(`delete session ${id}`, () => of(id).remove(id));
      homes.delete(id);
    },
    health: () => Promise.all([...stores].map(([name, store]) => healthOf(name, store))),
  };
}

/** Whatever a store throws, who asked for it is told a failure of the store. */
async function typed<T>(action: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    throw storageError(action, thrown);
  }
}

async function answered<T>(asked: Promise<T>, ms: number): Promise<T> {
  if (await within(asked, ms)) return asked;
  throw new Error('it does not answer');
}
