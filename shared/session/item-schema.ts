import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { skillSources } from '../skills/skill.ts';
import {
  approvalOutcomes,
  approverSchema,
  callStatuses,
  detailSchema,
  directCallSchema,
  toolKindSchema,
} from './parts.ts';
import type { Item } from './state.ts';

const base = { id: idSchema, at: z.number() };
const inRun = { ...base, runId: idSchema };

/** Built on first use: events hold items, and items hold what events hold. Items that are copied are settled, so nothing in them is open. */
const build = (): z.ZodType => {
  const byKind: { [K in Item['kind']]: z.ZodObject } = {
    prompt: z.object({
      kind: z.literal('prompt'),
      ...inRun,
      text: z.string(),
      by: z.enum(['person', 'parent']),
      steered: z.boolean().optional(),
      call: directCallSchema.optional(),
      skill: z.object({ name: z.string(), source: z.enum(skillSources), text: z.string() }).optional(),
    }),
    message: z.object({
      kind: z.literal('message'),
      ...inRun,
      turn: z.number(),
      model: z.string(),
      text: z.string(),
      reasoning: z.string(),
      streaming: z.literal(false),
      partial: z.boolean(),
      drafts: z.array(z.never()),
    }),
    call: z.object({
      kind: z.literal('call'),
      ...inRun,
      turn: z.number(),
      index: z.number(),
      providerCallId: z.string(),
      tool: z.string(),
      title: z.string(),
      toolKind: toolKindSchema,
      args: z.unknown(),
      malformed: z.boolean(),
      detail: detailSchema,
      state: z.enum(callStatuses),
      decision: z
        .object({ decision: z.enum(['allow', 'ask', 'deny']), reason: z.string(), rule: z.string().optional() })
        .optional(),
      approval: z
        .object({
          id: idSchema,
          outcome: z.enum(approvalOutcomes).optional(),
          by: approverSchema.optional(),
          comment: z.string().optional(),
          finalArgs: z.unknown().optional(),
        })
        .optional(),
      startedAt: z.number().optional(),
      process: z.object({ pid: z.number(), startTime: z.string() }).optional(),
      childId: idSchema.optional(),
      liveOutput: z.literal(''),
      result: z.looseObject({
        output: z.string(),
        summary: z.string().optional(),
        detail: detailSchema.optional(),
        durationMs: z.number(),
        blob: z.string().optional(),
        images: z.array(z.object({ blob: z.string(), mediaType: z.string() })).optional(),
        survivors: z.array(z.string()).optional(),
      }),
    }),
    notice: z.object({
      kind: z.literal('notice'),
      ...base,
      level: z.enum(['info', 'warning', 'error']),
      text: z.string(),
      hint: z.string().optional(),
    }),
    summary: z.object({
      kind: z.literal('summary'),
      ...base,
      method: z.enum(['summary', 'prune', 'truncate']),
      auto: z.boolean(),
      text: z.string(),
      edited: z.boolean(),
      gone: z.number(),
      tokensBefore: z.number(),
      tokensAfter: z.number(),
      reason: z.string().optional(),
    }),
  };
  return z.union(Object.values(byKind));
};

let schema: z.ZodType | undefined;

/** Whether a value from disk is an item that can stand in a transcript and be sent to a model. */
export function isSettledItem(value: unknown): boolean {
  schema ??= build();
  return schema.safeParse(value).success;
}
