import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { callSandboxSchema } from '../sandbox/sandbox-schema.ts';
import { skillSources } from '../skills/skill.ts';
import { budgetScopes } from './budget.ts';
import { budgetMeasureSchema } from './budget-schema.ts';
import { sessionConfigSchema, unsettable } from './config.ts';
import { isSettledItem } from './item-schema.ts';
import {
  approvalClockSchema,
  approvalOutcomes,
  approverSchema,
  billShape,
  byRules,
  callStatuses,
  compactionMethods,
  compactionTriggers,
  contextPlanSchema,
  detailSchema,
  directCallSchema,
  failureSchema,
  modelCallKinds,
  runOutcomes,
  shownApproval,
  toolKindSchema,
  usageSchema,
} from './parts.ts';
import type { Item } from './state.ts';

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

/** Every fact about a session. The names are part of the stored format: add, never rename. */
export const sessionEventSchema = z.discriminatedUnion('type', [
  event('session.created', {
    config: sessionConfigSchema,
    parent: z.object({ sessionId: idSchema, callId: idSchema.optional() }).optional(),
    depth: z.number().int().nonnegative(),
    /** The session whose history this one begins with, and the prompt before which it was taken; absent means all of it. */
    forkedFrom: z.object({ sessionId: idSchema, promptId: idSchema.optional(), title: z.string() }).optional(),
  }),
  /** Items of another session, as they stood there: a fork begins with them. */
  event('history.copied', {
    items: z.array(z.custom<Item>(isSettledItem)),
    /** What decides which of the items the model is shown; with the last of them. */
    contextPlan: contextPlanSchema.optional(),
  }),
  /** The conversation goes on from before a place, counted from the first item. What stood after it is left as a branch. */
  event('history.rewound', {
    branchId: idSchema,
    place: z.number().int().nonnegative(),
    cause: z.enum(['edit', 'retry', 'clear']),
    title: z.string(),
    /** How many of the compactions in force lie before the place and stay so. */
    compactions: z.number().int().nonnegative(),
  }),
  /** The conversation goes on from the end of a branch; what it was is left as the branch `leftId`. */
  event('history.restored', { branchId: idSchema, leftId: idSchema, title: z.string() }),
  /** `unset` names what is as if it had never been set. */
  event('session.configured', {
    changes: sessionConfigSchema.partial(),
    unset: z.array(z.enum(unsettable)).optional(),
  }),
  /** From here on no turn begins, here or below. What is under way goes on to the end of its turn. */
  event('session.paused', {}),
  event('session.resumed', {}),
  event('session.archived', {}),
  event('session.unarchived', {}),
  /** Stands under another parent, or under none. */
  event('session.moved', {
    parent: z.object({ sessionId: idSchema, callId: idSchema.optional() }).optional(),
    depth: z.number().int().nonnegative(),
  }),
  event('session.destroyed', {}),

  /** `steer`: goes into the run under way at its next turn, before all that is queued. */
  event('prompt.queued', {
    promptId: idSchema,
    text: z.string(),
    by: z.enum(['person', 'parent']),
    steer: z.boolean().optional(),
    /** To be run by itself, without a model; the text says so. */
    call: directCallSchema.optional(),
  }),
  event('prompt.changed', { promptId: idSchema, text: z.string().optional(), steer: z.boolean().optional() }),
  /** To this place of the queue, from 0. */
  event('prompt.moved', { promptId: idSchema, place: z.number().int().nonnegative() }),
  event('prompt.removed', { promptId: idSchema }),
  /** Left the queue for the run under way, which the model hears of in its next turn. */
  event('prompt.steered', { promptId: idSchema, runId: idSchema }),

  event('run.started', { runId: idSchema, promptId: idSchema }),
  /**
   * A skill is in use until the run ends. With `promptId` the person asked for it, and `text` goes to the model with that prompt; with
   * `callId` it is that call's output.
   */
  event('skill.loaded', {
    runId: idSchema,
    name: z.string(),
    source: z.enum(skillSources),
    promptId: idSchema.optional(),
    callId: idSchema.optional(),
    text: z.string().optional(),
    /** Until the run ends only calls that one of these covers are made. */
    allowedTools: z.array(z.string()).optional(),
  }),
  /** Stands between two turns because the session, or one above it, is paused. */
  event('run.held', { runId: idSchema }),
  event('run.ended', { runId: idSchema, outcome: z.enum(runOutcomes), error: failureSchema.optional() }),

  event('turn.started', { runId: idSchema, turn: z.number().int(), messageId: idSchema, model: z.string() }),
  event('turn.ended', {
    runId: idSchema,
    turn: z.number().int(),
    model: z.string(),
    usage: usageSchema.optional(),
    /** US dollars, absent when the model's price is unknown. */
    cost: z.number().optional(),
    finishReason: z.string(),
    durationMs: z.number(),
    firstTokenMs: z.number().optional(),
  }),
  /** A model call outside of turns, billed to this session. */
  event('model.called', {
    kind: z.enum(modelCallKinds),
    model: z.string(),
    usage: usageSchema.optional(),
    /** US dollars, absent when the model's price or its usage is unknown. */
    cost: z.number().optional(),
  }),
  event('turn.retrying', {
    runId: idSchema,
    attempt: z.number().int(),
    delayMs: z.number(),
    reason: z.string(),
  }),

  event('message.delta', { messageId: idSchema, text: z.string() }),
  event('reasoning.delta', { messageId: idSchema, text: z.string() }),
  event('call.delta', { messageId: idSchema, index: z.number().int(), tool: z.string(), chars: z.number() }),
  event('message.completed', {
    messageId: idSchema,
    runId: idSchema,
    text: z.string(),
    reasoning: z.string().optional(),
    /** The reply was cut short: by cancel, by failure, or by the model's output limit. */
    partial: z.boolean().optional(),
  }),

  event('call.requested', {
    callId: idSchema,
    runId: idSchema,
    turn: z.number().int(),
    /** Place among the calls of this turn, from 0. */
    index: z.number().int(),
    providerCallId: z.string(),
    tool: z.string(),
    /** The parsed arguments; when the model's text was not JSON, that text as a string and `malformed` set. */
    args: z.unknown(),
    malformed: z.boolean().optional(),
    title: z.string(),
    kind: toolKindSchema,
    detail: detailSchema,
  }),
  event('call.decided', {
    callId: idSchema,
    decision: z.enum(['allow', 'ask', 'deny']),
    reason: z.string(),
    ...byRules,
    /** It would have been a question, which the confirmation policy answered. */
    by: z.literal('confirmation').optional(),
    /** For a command: whether it is to run in the sandbox. */
    sandbox: callSandboxSchema.optional(),
    /** For a file tool: the canonical paths that were judged. Exactly these may be used. */
    places: z.array(z.string()).optional(),
  }),
  event('call.started', { callId: idSchema }),
  event('process.started', { callId: idSchema, pid: z.number().int(), startTime: z.string() }),
  event('call.output', { callId: idSchema, text: z.string() }),
  event('call.ended', {
    callId: idSchema,
    status: z.enum(callStatuses),
    /** Exactly what the model is told. */
    output: z.string(),
    /** One short line for the collapsed call, such as "42 lines" or "exit 1". */
    summary: z.string().optional(),
    detail: detailSchema.optional(),
    exitCode: z.number().int().nullable().optional(),
    durationMs: z.number(),
    /** Content hash of the whole output where `output` holds only its head and tail. */
    blob: z.string().optional(),
    images: z.array(z.object({ blob: z.string(), mediaType: z.string() })).optional(),
    /** Processes that left the group and are still alive: pid and command. */
    survivors: z.array(z.string()).optional(),
    /** For a command: whether it ran in the sandbox. */
    sandbox: callSandboxSchema.optional(),
  }),

  event('approval.requested', {
    approvalId: idSchema,
    ...shownApproval,
  }),
  event('approval.deferred', { approvalId: idSchema, deferred: z.boolean() }),
  /** When it is settled by itself; without a clock it waits as long as it takes. */
  event('approval.scheduled', { approvalId: idSchema, clock: approvalClockSchema.optional() }),
  event('approval.resolved', {
    approvalId: idSchema,
    callId: idSchema.optional(),
    outcome: z.enum(approvalOutcomes),
    by: approverSchema,
    comment: z.string().optional(),
    /** Why it was settled without a person: what changed while it waited. */
    reason: z.string().optional(),
    ...byRules,
    originalHash: z.string(),
    /** Present when the person edited the arguments: what is executed instead. */
    finalArgs: z.unknown().optional(),
    finalHash: z.string(),
    /** What the call is called as it was edited. */
    finalTitle: z.string().optional(),
    /** As in `call.decided`, where what was allowed is not what was judged then: edited, or by rules that changed. */
    places: z.array(z.string()).optional(),
    /** Rules that the person made of the answer, and where they were to hold. */
    granted: z.object({ rules: z.array(z.string()), scope: z.enum(['session', 'workspace', 'user']) }).optional(),
  }),

  event('context.measured', {
    used: z.number(),
    window: z.number().optional(),
    source: z.enum(['reported', 'estimated']),
    windowSource: z.enum(['setting', 'endpoint', 'catalogue']).optional(),
    /** Tokens that the provider counts for one of our estimate, as its last report told. */
    scale: z.number().positive().optional(),
  }),
  event('context.compacting', { trigger: z.enum(compactionTriggers) }),
  /** One event for every kind. What is not named keeps what the compaction before it set. */
  event('context.compacted', {
    compactionId: idSchema,
    method: z.enum(compactionMethods),
    auto: z.boolean(),
    trigger: z.enum(compactionTriggers),
    /** The item with which the kept tail begins: a prompt or a reply, never a call. */
    keepFrom: idSchema.optional(),
    /** Outputs of calls before this item are left out, the calls themselves not. */
    pruneBefore: idSchema.optional(),
    /** Stands for all that has gone since the session's start, earlier summaries included. */
    summary: z.string().optional(),
    instructions: z.string().optional(),
    /** Items of the transcript that the model no longer sees because of it. */
    gone: z.number().int().nonnegative(),
    tokensBefore: z.number(),
    tokensAfter: z.number(),
    window: z.number().optional(),
    /** Why it is no summary, when a summary was wanted. */
    reason: z.string().optional(),
    /** Still above the threshold: no other attempt until enough has been added. */
    insufficient: z.boolean().optional(),
    ...billShape,
  }),
  /** It changed nothing, but its model calls may have cost. */
  event('context.compactionFailed', { auto: z.boolean(), reason: z.string(), ...billShape }),
  /** Takes back a compaction and all after it. */
  event('context.restored', { compactionId: idSchema, tokensAfter: z.number(), window: z.number().optional() }),
  event('summary.changed', { compactionId: idSchema, text: z.string() }),
  event('item.pinned', { itemId: idSchema, pinned: z.boolean() }),
  event('item.dropped', { itemId: idSchema, dropped: z.boolean() }),
  /** A person let a run go on past a limit of this session's budget. */
  event('budget.extended', { scope: z.enum(budgetScopes), measure: budgetMeasureSchema, more: z.number() }),
  event('child.spawned', { childId: idSchema, callId: idSchema.optional(), title: z.string() }),
  event('notice.posted', {
    noticeId: idSchema,
    level: z.enum(['info', 'warning', 'error']),
    text: z.string(),
    hint: z.string().optional(),
  }),
]);

export type SessionEvent = z.infer<typeof sessionEventSchema>;
export type SessionEventType = SessionEvent['type'];
export type EventOf<T extends SessionEventType> = Extract<SessionEvent, { type: T }>;

export const envelopeSchema = z.object({
  stream: idSchema,
  seq: z.number().int().positive(),
  at: z.number(),
  event: sessionEventSchema,
});

/** `at` is milliseconds since the epoch. `seq` rises by one a session, ephemeral events included; on disk it has holes. */
export type Envelope = z.infer<typeof envelopeSchema>;
