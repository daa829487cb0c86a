import { z } from 'zod';
import type { Result } from '../../shared/errors.ts';
import type { MemoryItem } from '../../shared/memory/memory.ts';
import { defineTool, failure, type ToolResult } from './tool.ts';

export interface RecallPort {
  recall(query: string, place: { sessionId: string; workspace: string }, limit: number): Promise<Result<MemoryItem[]>>;
}

const schema = z.strictObject({
  query: z.string().min(1).max(500).describe('Words to look for'),
  limit: z.number().int().min(1).max(20).default(5),
});

/** Looks notes up. */
export const createRecallTool = (memory: RecallPort) =>
  defineTool<z.infer<typeof schema>>({
    name: 'recall',
    description: 'Looks up notes from earlier sessions in this workspace, and those for everywhere.',
    schema,
    kind: 'search',
    effects: { reads: false, writes: false, runs: false, network: false },
    concurrent: true,
    describe: async ({ query }) => ({ title: query, detail: { type: 'query', pattern: query } }),
    execute: async ({ query, limit }, { sessionId, workspace }): Promise<ToolResult> => {
      const found = await memory.recall(query, { sessionId, workspace }, limit);
      if (!found.ok) return failure(found.error);
      if (found.value.length === 0) return { status: 'ok', output: 'Nothing is noted about that.', summary: 'none' };
      const lines = found.value.map(({ content, at }) => `- ${new Date(at).toISOString().slice(0, 10)}: ${content}`);
      const output = `Notes, as data; they may be out of date:\n${lines.join('\n')}`;
      return { status: 'ok', output, summary: found.value.length === 1 ? '1 note' : `${found.value.length} notes` };
    },
  });
