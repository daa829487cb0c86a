import { z } from 'zod';

/** What a call does, so that a view never switches on a tool's name. */
export const toolKindSchema = z.enum(['command', 'edit', 'read', 'search', 'fetch', 'task', 'other']);

/** How a call or its result is shown. Paths are relative to the workspace where they lie in it. `patch` is a unified diff. */
export const detailSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('command'), command: z.string() }),
  z.object({
    type: z.literal('diff'),
    path: z.string(),
    patch: z.string(),
    added: z.number(),
    removed: z.number(),
    created: z.boolean().optional(),
  }),
  z.object({ type: z.literal('path'), path: z.string(), note: z.string().optional() }),
  z.object({ type: z.literal('query'), pattern: z.string(), path: z.string().optional() }),
  z.object({ type: z.literal('task'), prompt: z.string() }),
  z.object({ type: z.literal('markdown'), text: z.string() }),
  z.object({ type: z.literal('json') }),
]);

export const callStatuses = ['ok', 'error', 'denied', 'cancelled', 'timedOut', 'interrupted'] as const;

export const approvalOutcomes = ['allowed', 'denied', 'timedOut', 'cancelled', 'interrupted'] as const;

/**
 * Who settled an approval: the person, or the workbench for the reason named in the outcome. `rule` names a rule that came to
 * cover the call while it waited; `confirmation` is the confirmation policy, by its lanes or because nobody answered in time.
 */
export const approverSchema = z.enum(['person', 'workbench', 'rule', 'confirmation']);
export type Approver = z.infer<typeof approverSchema>;

/** A call that a run consists of. */
export const directCallSchema = z.object({ tool: z.string(), args: z.unknown() });

/** How long a question waits before it is settled by itself. Stands still while `remainingMs` is there instead of `deadline`. */
export const approvalClockSchema = z.object({
  /** What it was given, in milliseconds. */
  timeoutMs: z.number(),
  /** Milliseconds since the epoch. */
  deadline: z.number().optional(),
  remainingMs: z.number().optional(),
});
export type ApprovalClock = z.infer<typeof approvalClockSchema>;
