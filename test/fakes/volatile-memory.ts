import type { MemoryStore } from '../../electron/memory/memory-store.ts';
import type { MemoryItem } from '../../shared/memory/memory.ts';

/** Forgets everything with the process. */
export function createVolatileMemory(items: readonly MemoryItem[] = []): MemoryStore {
  let held = items;
  return {
    all: async () => held,
    change: async (mutate) => {
      held = mutate(held);
    },
  };
}
