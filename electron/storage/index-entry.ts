import { z } from 'zod';
import type { QueuedApproval, SessionSummary } from '../../shared/app/state.ts';
import { idSchema, isId } from '../../shared/ids.ts';
import { confirmationPolicySchema } from '../../shared/permissions/confirmation-schema.ts';
import type { LedgerRow } from '../../shared/session/ledger.ts';
import { approvalClockSchema, shownApproval } from '../../shared/session/parts.ts';
import type { ContextMeasure } from '../../shared/session/state.ts';

/** One session as the index knows it. */
export interface IndexEntry {
  summary: SessionSummary;
  /** Length of the journal that the summary was made from; another length on disk means that the summary is out of date. */
  journalBytes: number;
  /** As the store gave it with that length. */
  stamp?: string;
  approvals: QueuedApproval[];
  /** Its model calls, as in its head. */
  ledger: LedgerRow[];
}

type Check = (value: unknown) => boolean;

/** A field that is added to the type does not compile until it is checked here, too. */
type Frame<T> = { [K in keyof Required<T>]: Check };

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number';
const truth: Check = (value) => typeof value === 'boolean';
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Some thousand entries are checked at every start, which is why this is no schema: it takes a tenth of the time. */
function shaped<T>(frame: Frame<T>): Check {
  const fields = Object.entries(frame) as [string, Check][];
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    for (const [name, check] of fields) if (!check((value as Record<string, unknown>)[name])) return false;
    return true;
  };
}

const id: Check = (value) => typeof value === 'string' && isId(value);

const sums = { input: number, output: number, cachedInput: number, cost: number, unpriced: number };

const summaryFrame = shaped<SessionSummary>({
  id,
  title: text,
  workspace: text,
  parentId: maybe(id),
  depth: number,
  status: text,
  mode: text,
  rules: maybe(
    shaped<NonNullable<SessionSummary['rules']>>({ allow: listOf(text), ask: listOf(text), deny: listOf(text) }),
  ),
  confirmation: maybe((value) => confirmationPolicySchema.safeParse(value).success),
  profileId: maybe(id),
  createdAt: number,
  updatedAt: number,
  waiting: number,
  setAside: number,
  queued: number,
  context: maybe(
    shaped<ContextMeasure>({
      used: number,
      window: maybe(number),
      source: text,
      windowSource: maybe(text),
      scale: maybe(number),
    }),
  ),
  totals: shaped<SessionSummary['totals']>({ ...sums, modelCalls: number }),
  work: maybe(
    shaped<NonNullable<SessionSummary['work']>>({
      turns: number,
      ms: number,
      since: maybe(number),
      open: listOf(shaped<{ id: string; task: boolean }>({ id: text, task: truth })),
    }),
  ),
  archived: maybe(truth),
  activity: text,
  paused: maybe(truth),
  unsaved: maybe(text),
  store: maybe(text),
  elsewhere: maybe(truth),
  destroyed: maybe(truth),
  damaged: maybe(text),
});

/** Few sessions have any, and what a person decides on is checked in full. */
const approvals = z.array(
  z.object({
    id: idSchema,
    at: z.number(),
    ...shownApproval,
    deferred: z.boolean(),
    clock: approvalClockSchema.optional(),
    sessionId: idSchema,
    path: z.array(z.object({ id: idSchema, title: z.string() })),
    workspace: z.string(),
  }) satisfies z.ZodType<QueuedApproval>,
);

/** Whether a value is an entry as this version writes it. */
export const isIndexEntry = shaped<IndexEntry>({
  summary: summaryFrame,
  journalBytes: (value) => Number.isInteger(value),
  stamp: maybe(text),
  approvals: (value) => Array.isArray(value) && (value.length === 0 || approvals.safeParse(value).success),
  ledger: listOf(shaped<LedgerRow>({ ...sums, hour: number, model: text, kind: text, calls: number })),
}) as (value: unknown) => value is IndexEntry;
