import { z } from 'zod';
import type { RunOutcome } from '../../shared/session/parts.ts';
import { titleFrom } from '../../shared/session/selectors.ts';
import { defineTool, type ToolResult } from './tool.ts';

/** Child sessions, as the tool needs them. */
export interface ChildrenPort {
  /**
   * Runs the prompt in a child of the calling session, or goes on waiting for the child that this call already has. Aborting `signal`
   * cancels the child and waits for its end.
   */
  run(
    parent: { sessionId: string; callId: string },
    task: { title: string; prompt: string },
    signal: AbortSignal,
  ): Promise<{ outcome: RunOutcome; text: string; error?: string }>;
}

const schema = z.strictObject({
  description: z.string().min(1).max(200).describe('A short label, three to seven words'),
  prompt: z.string().min(1).describe('The whole task: the child sees nothing else of this conversation'),
});

/** Hands work to a child session. Its own calls are judged one by one, never looser than the parent's. */
export const createTaskTool = (children: ChildrenPort) =>
  defineTool<z.infer<typeof schema>>({
    name: 'task',
    description:
      'Gives a task to a child agent with the same tools in the same workspace and returns its last message. Several task calls in one reply run in parallel. Use it for independent pieces of work.',
    schema,
    kind: 'task',
    effects: { reads: false, writes: false, runs: false, network: false },
    concurrent: true,
    describe: async ({ description, prompt }) => ({
      title: titleFrom(description),
      detail: { type: 'task', prompt },
    }),
    execute: async ({ description, prompt }, context): Promise<ToolResult> => {
      const { sessionId, callId, signal } = context;
      const child = await children.run({ sessionId, callId }, { title: titleFrom(description), prompt }, signal);
      const text = child.text || '(the child gave no answer)';
      if (child.outcome === 'completed') return { status: 'ok', output: text, summary: 'completed' };
      if (child.outcome === 'cancelled' && signal.aborted)
        return { status: 'cancelled', output: 'The child was cancelled.' };
      const reason = child.error ? `${child.outcome}: ${child.error}` : child.outcome;
      return {
        status: 'error',
        output: `The child did not complete (${reason}).\n${child.text}`,
        summary: child.outcome,
      };
    },
  });
