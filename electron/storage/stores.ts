import type { StoreHealth } from '../../shared/app/state.ts';
import { WorkbenchError } from '../../shared/errors.ts';
import type { SessionLog, SessionStore } from './session-store.ts';

/**
 * All places where sessions live, as one: a session is found where it was made. The first store is where sessions are made that name
 * none.
 */
export interface Stores extends Omit<SessionStore, 'name' | 'create' | 'checkHealth'> {
  /** Adds a store under its name. Throws `invalid` when the name is taken. */
  register(name: string, store: SessionStore): void;
  names(): string[];
  /** The store of a session; the first one for a session that nobody has seen yet. */
  storeOf(id: string): string;
  /** As a store's; `name` is where. Throws `invalid` when there is no such store. */
  create(id: string, name?: string): Promise<SessionLog>;
  /** Asks every store. Never rejects. */
  health(): Promise<StoreHealth[]>;
}

export function createStores(first: SessionStore, others: SessionStore[] = []): Stores {
  const stores = new Map<string, SessionStore>([[first.name, first]]);
  const homes = new Map<string, string>();

  function register(name: string, store: SessionStore): void {
    if (stores.has(name)) throw new WorkbenchError('invalid', `There is a store named "${name}" already.`);
    stores.set(name, store);
  }
  for (const store of others) register(store.name, store);

  const storeOf = (id: string): string => homes.get(id) ?? first.name;
  const of = (id: string): SessionStore => stores.get(storeOf(id)) ?? first;

  return {
    register,
    names: () => [...stores.keys()],
    storeOf,
    async list(ids) {
      const lists = await Promise.all(
        [...stores].map(async ([name, store]) => {
          const found = await store.list(ids);
          // An id that two stores know belongs to the first of them.
          const own = found.filter(({ id }) => (homes.get(id) ?? name) === name);
          for (const { id } of own) homes.set(id, name);
          return own;
        }),
      );
      return lists.flat();
    },
    open: (id) => of(id).open(id),
    async create(id, name = first.name) {
      const store = stores.get(name);
      if (!store) {
        throw new WorkbenchError(
          'invalid',
          `There is no store named "${name}".`,
          `There are: ${[...stores.keys()].join(', ')}.`,
        );
      }
      const log = await store.create(id);
      homes.set(id, name);
      return log;
    },
    read: (id, options) => of(id).read(id, options),
    readBlob: (id, hash) => of(id).readBlob(id, hash),
    isElsewhere: (id) => of(id).isElsewhere(id),
    async remove(id) {
      await of(id).remove(id);
      homes.delete(id);
    },
    health: () =>
      Promise.all(
        [...stores].map(([name, store]) =>
          store.checkHealth().then(
            () => ({ store: name }),
            (thrown: unknown) => ({ store: name, problem: thrown instanceof Error ? thrown.message : String(thrown) }),
          ),
        ),
      ),
  };
}
