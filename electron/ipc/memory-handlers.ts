import { orThrow } from '../../shared/errors.ts';
import type { MemoryDesk } from '../memory/memory-desk.ts';
import type { Handlers } from './router.ts';

type MemoryRoutes = Extract<keyof Handlers, `memory.${string}`>;

export function createMemoryHandlers(
  memory: MemoryDesk,
  workspaceOf: (sessionId: string) => string | undefined,
): Pick<Handlers, MemoryRoutes> {
  return {
    'memory.list': async ({ query }) => ({ items: await memory.list(query) }),
    'memory.add': async ({ content, sessionId }) => {
      const workspace = sessionId === undefined ? undefined : workspaceOf(sessionId);
      const wish = { content, importance: 0.8, ...(workspace === undefined ? {} : { workspace }) };
      const { id } = orThrow(await memory.remember(wish, 'person'));
      return { id };
    },
    'memory.change': ({ id, ...changes }) => memory.edit(id, changes),
    'memory.remove': ({ id }) => memory.remove(id),
    'memory.restore': ({ item }) => memory.restore(item),
  };
}
