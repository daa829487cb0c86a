import type { Secrets } from './secrets.ts';

/** Keys for this run only, where there is no keyring to be had, as on the command line. Writes nothing. */
export function createMemorySecrets(): Secrets {
  const keys = new Map<string, string>();
  const seen = new Set<string>();
  return {
    home: () => 'memory',
    has: async (id) => keys.has(id),
    get: async (id) => keys.get(id),
    async set(id, key) {
      keys.set(id, key);
      seen.add(key);
      return 'memory';
    },
    async remove(id) {
      keys.delete(id);
    },
    known: () => [...seen],
    onHome: () => {},
  };
}
