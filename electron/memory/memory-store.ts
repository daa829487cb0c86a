import type { MemoryItem } from '../../shared/memory/memory.ts';

/**
 * Where items of memory are kept, for all sessions. What is kept, found and removed is decided above it. Throws `storage` when it cannot
 * read or write; nothing has changed then.
 */
export interface MemoryStore {
  all(): Promise<readonly MemoryItem[]>;
  /** Changes the items together, from how they are at that moment. Nothing is written when the same list is returned. */
  change(mutate: (items: readonly MemoryItem[]) => readonly MemoryItem[]): Promise<void>;
}
