import type { AppEvent } from '../../shared/app/state.ts';
import type { Log } from '../log.ts';
import { createFileStore } from './file-store.ts';
import { createMemoryStore } from './memory-store.ts';
import type { SessionStore } from './session-store.ts';
import { watchHealth } from './store-health.ts';
import { createStores } from './stores.ts';

export interface StoreWiring {
  userDataDir: string;
  /** In the place of the data folder. */
  store?: SessionStore;
  /** Beside it. */
  stores?: SessionStore[];
  emit(event: AppEvent): void;
  /** A store takes facts that did not. */
  onRecovered(): void;
  log: Log;
}

/** The places where a workbench keeps sessions, one of them memory alone; and whether each takes facts, which the window is told. */
export function wireStores({ userDataDir, store: given, stores = [], emit, onRecovered, log }: StoreWiring) {
  const memory = given?.name === 'memory' ? [] : [createMemoryStore()];
  const store = createStores(given ?? createFileStore({ root: userDataDir, log }), [...memory, ...stores]);
  const health = watchHealth(store, ({ store, problem: reason }, before) => {
    emit(reason === undefined ? { type: 'store.healthy', store } : { type: 'persistence.failed', store, reason });
    if (reason === undefined && before?.problem !== undefined) onRecovered();
  });
  return { store, health };
}
