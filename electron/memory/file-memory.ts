import { z } from 'zod';
import { memoryItemSchema } from '../../shared/memory/memory-schema.ts';
import type { Log } from '../log.ts';
import { createDocument } from '../storage/durable-json.ts';
import type { MemoryStore } from './memory-store.ts';

const schema = z.object({ items: z.array(memoryItemSchema).default([]) });

/** Items in one durable document, which the window and the command line share. `onProblem` is told of a damaged file. */
export function createFileMemory(options: { path: string; log: Log; onProblem(text: string): void }): MemoryStore {
  const { path, log, onProblem } = options;
  const document = createDocument({
    path,
    schema,
    defaults: () => schema.parse({}),
    log,
    pretty: true,
    makeFolder: true,
  });
  return {
    async all() {
      const { data, problem } = await document.load();
      if (problem) onProblem(problem);
      return data.items;
    },
    async change(mutate) {
      const { problem } = await document.update((data) => {
        const items = mutate(data.items);
        return items === data.items ? data : { items: [...items] };
      });
      if (problem) onProblem(problem);
    },
  };
}
