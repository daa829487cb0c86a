import { z } from 'zod';
import type { Mode } from '../../shared/session/config.ts';
import { titleFrom } from '../../shared/session/selectors.ts';
import { defineTool, failure, type ToolResult } from './tool.ts';

/** The mode of a session, as the tool needs it. */
export interface PlanningPort {
  /** Leaves Plan mode, unless the person chose another one meanwhile; resolves with the mode that then holds. */
  leavePlanMode(sessionId: string): Promise<Mode>;
}

export const planTool = 'plan';

const schema = z.strictObject({
  plan: z
    .string()
    .min(1)
    .max(50_000)
    .describe('The whole plan in Markdown: what will change, where, and how it is checked'),
});

/** Ends Plan mode: the person reads the plan, may change it, and lets it be carried out or asks for another one. */
export const createPlanTool = (planning: PlanningPort) =>
  defineTool<z.infer<typeof schema>>({
    name: planTool,
    description:
      'Shows the person your plan and asks whether to carry it out. Call it when you know what to do; nothing may be changed before they approve. When they do, carry out the plan as it then stands.',
    schema,
    kind: 'other',
    effects: { reads: false, writes: false, runs: false, network: false },
    concurrent: false,
    asks: 'plan',
    describe: async ({ plan }) => ({
      title: titleFrom(plan.replace(/^[\s#*>-]+/, '')),
      detail: { type: 'markdown', text: plan },
    }),
    execute: async (_args, { sessionId }): Promise<ToolResult> => {
      const mode = await planning.leavePlanMode(sessionId);
      if (mode === 'plan') return failure('The session is still in Plan mode, and so is read-only.');
      const edits =
        mode === 'manual' ? 'Changes are still asked about one by one.' : 'Edits in the workspace are allowed.';
      return { status: 'ok', output: `The person approved the plan. Carry it out now. ${edits}`, summary: 'approved' };
    },
  });
