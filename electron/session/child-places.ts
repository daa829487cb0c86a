import pLimit, { type LimitFunction } from 'p-limit';
import { WorkbenchError } from '../../shared/errors.ts';

/** Deeper, or more at once, than this nobody can supervise. */
const limits = { depth: 4, children: 64 };

/** Where children may be made; `childrenOf` counts those that a session has. */
export function createChildPlaces(childrenOf: (parentId: string) => number) {
  const makers = new Map<string, LimitFunction>();

  return {
    /** Makes a child where there is a place for it: one after the other, so that the last place is given once. Throws `limit`. */
    async fill<T>(parent: { id: string; depth: number }, make: () => Promise<T>): Promise<T> {
      if (parent.depth >= limits.depth)
        throw new WorkbenchError('limit', `Children may be nested ${limits.depth} deep.`);
      const maker = makers.get(parent.id) ?? pLimit(1);
      makers.set(parent.id, maker);
      try {
        return await maker(() => {
          if (childrenOf(parent.id) < limits.children) return make();
          const message = `A session may have ${limits.children} children.`;
          throw new WorkbenchError('limit', message, 'Delete those that are no longer needed.');
        });
      } finally {
        if (maker.activeCount + maker.pendingCount === 0) makers.delete(parent.id);
      }
    },
  };
}
