import type { StoreHealth } from '../../shared/app/state.ts';
import type { Stores } from './stores.ts';

/** A store that refuses is asked again so often. */
const retryMs = 5000;

/** Follows whether the stores take facts: asks them at the start, when a session could not be saved, and until they do again. */
export interface HealthWatch {
  /** A session of this store could not be saved, or all of it is saved again. */
  report(store: string, sessionId: string, reason: string | undefined): void;
  check(): Promise<StoreHealth[]>;
  /** Asks no more; resolves when the stores have answered what they were asked before, for that may write. */
  stop(): Promise<void>;
}

export function watchHealth(
  stores: Stores,
  onChange: (health: StoreHealth, before: StoreHealth | undefined) => void,
): HealthWatch {
  const known = new Map<string, StoreHealth>();
  const unsaved = new Map<string, Map<string, string>>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const asking = new Set<Promise<unknown>>();

  function tell(store: string, asked: string | undefined): void {
    const refused = [...(unsaved.get(store)?.values() ?? [])][0];
    const problem = refused ?? asked;
    const before = known.get(store);
    if (before && before.problem === problem) return;
    const health = { store, ...(problem === undefined ? {} : { problem }) };
    known.set(store, health);
    onChange(health, before);
  }

  async function ask(): Promise<StoreHealth[]> {
    const answer = stores.health();
    asking.add(answer);
    return answer.finally(() => asking.delete(answer));
  }

  async function check(): Promise<StoreHealth[]> {
    clearTimeout(timer);
    timer = undefined;
    if (stopped) return [...known.values()];
    const asked = await ask();
    if (stopped) return asked;
    for (const { store, problem } of asked) tell(store, problem);
    if ([...known.values()].some((health) => health.problem !== undefined)) {
      clearTimeout(timer);
      timer = setTimeout(() => void check(), retryMs);
      timer.unref();
    }
    return [...known.values()];
  }

  return {
    report(store, sessionId, reason) {
      const ofStore = unsaved.get(store) ?? new Map<string, string>();
      unsaved.set(store, ofStore);
      if (reason === undefined) ofStore.delete(sessionId);
      else ofStore.set(sessionId, reason);
      if (stopped) return;
      if (reason !== undefined) tell(store, reason);
      // What one session could write, the next may: the store itself is asked.
      void check();
    },
    check,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.allSettled(asking);
    },
  };
}
