import { z } from 'zod';
import type { Result } from '../../shared/errors.ts';
import { maxMemoryLength, memoryTypes } from '../../shared/memory/memory.ts';
import { defineTool, failure, type ToolResult } from './tool.ts';

const schema = z.strictObject({
  content: z.string().min(1).max(maxMemoryLength).describe('One fact, complete in itself; never a secret'),
  type: z.enum(memoryTypes).default('semantic').describe('What happened, what is so, or how something is done'),
  importance: z.number().min(0).max(1).default(0.5),
  tags: z.array(z.string().min(1).max(40)).max(10).default([]),
  everywhere: z.boolean().default(false).describe('Not only for this workspace'),
});
type Args = z.infer<typeof schema>;

export interface RememberPort {
  remember(wish: Omit<Args, 'everywhere'> & { workspace?: string; sessionId: string }): Promise<Result<unknown>>;
}

/** Notes something for later sessions. The person can read, change and delete it. */
export const createRememberTool = (memory: RememberPort) =>
  defineTool<Args>({
    name: 'remember',
    description:
      'Notes a lasting fact for later sessions: a preference of the person, a decision, how something is done here. Not for what the files already say, nor for this task alone.',
    schema,
    kind: 'other',
    effects: { reads: false, writes: true, runs: false, network: false },
    concurrent: false,
    describe: async ({ content }) => ({ title: content.slice(0, 120), detail: { type: 'json' } }),
    execute: async ({ everywhere, ...wish }, { sessionId, workspace }): Promise<ToolResult> => {
      const noted = await memory.remember({ ...wish, sessionId, ...(everywhere ? {} : { workspace }) });
      if (noted.ok) return { status: 'ok', output: 'Noted; later runs are told of it.' };
      return failure(noted.error);
    },
  });
