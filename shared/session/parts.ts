import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import { idSchema } from '../ids.ts';
import { callSandboxSchema } from '../sandbox/sandbox-schema.ts';

/** What a call does, so that a view never switches on a tool's name. */
export const toolKindSchema = z.enum(['command', 'edit', 'read', 'search', 'fetch', 'task', 'other']);
export type ToolKind = z.infer<typeof toolKindSchema>;

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
export type Detail = z.infer<typeof detailSchema>;

const riskSchema = z.object({
  level: z.enum(['low', 'medium', 'high', 'unknown']),
  reasons: z.array(z.string()),
});
export type Risk = z.infer<typeof riskSchema>;

/** Tokens of one model call as its provider reported them; `input` includes `cachedInput`. */
export const usageSchema = z.object({
  input: z.number(),
  output: z.number(),
  cachedInput: z.number().optional(),
});
export type Usage = z.infer<typeof usageSchema>;

export const failureSchema = z.object({ code: z.enum(errorCodes), message: z.string(), hint: z.string().optional() });

export const runOutcomes = ['completed', 'failed', 'cancelled', 'limit', 'interrupted'] as const;
export type RunOutcome = (typeof runOutcomes)[number];

export const callStatuses = ['ok', 'error', 'denied', 'cancelled', 'timedOut', 'interrupted'] as const;
export type CallStatus = (typeof callStatuses)[number];

export const approvalOutcomes = ['allowed', 'denied', 'timedOut', 'cancelled', 'interrupted'] as const;
export type ApprovalOutcome = (typeof approvalOutcomes)[number];

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

/** How the context was made smaller: summed up by a model; old tool outputs taken out; or cut, with a plain list of what was done. */
export const compactionMethods = ['summary', 'prune', 'truncate'] as const;

/** Why: the threshold was reached, a person asked, or the model refused the request for its length. */
export const compactionTriggers = ['threshold', 'asked', 'overflow'] as const;

/** What the model calls of one compaction took, together. `cost` in US dollars, absent when a price is unknown. */
export const billShape = {
  model: z.string().optional(),
  usage: usageSchema.optional(),
  cost: z.number().optional(),
  modelCalls: z.number().int().nonnegative(),
};

/** Where a rule is kept; `parent` is a session above. */
const ruleOrigin = z.enum(['user', 'workspace', 'session', 'parent']);

/** What rules decided: the one that says most, and all of them where it took several together to allow a call. */
export const byRules = {
  rule: z.string().optional(),
  source: ruleOrigin.optional(),
  rules: z.array(z.object({ rule: z.string(), source: ruleOrigin.optional() })).optional(),
};

const approvalKinds = ['call', 'budget', 'plan', 'question', 'elicitation'] as const;

/** What a model is called for outside of turns. */
export const modelCallKinds = ['title', 'compaction', 'plan'] as const;

export const contextPlanSchema = z.object({
  compactions: z.array(
    z.object({
      id: idSchema,
      keepFrom: idSchema.optional(),
      pruneBefore: idSchema.optional(),
      summaryId: idSchema.optional(),
    }),
  ),
  pinned: z.array(idSchema),
  dropped: z.array(idSchema),
  resumeAt: z.number().optional(),
});

/** What a question shows, wherever it stands. */
export const shownApproval = {
  kind: z.enum(approvalKinds),
  callId: idSchema.optional(),
  tool: z.string(),
  title: z.string(),
  toolKind: toolKindSchema,
  args: z.unknown(),
  detail: detailSchema,
  /** Hash of tool and arguments as shown; an answer must cite it. */
  hash: z.string(),
  reason: z.string(),
  rule: z.string().optional(),
  risk: riskSchema,
  /** For a command: whether it would run in the sandbox. */
  sandbox: callSandboxSchema.optional(),
};
