import { z } from 'zod';
import type { CompactionPreview, ContextPreview, PreviewMessage } from '../app/context-preview.ts';
import type { AppSnapshot } from '../app/state.ts';
import type { Editing, FreshLook } from '../approvals/editing.ts';
import type { DecisionEntry } from '../decisions/decision.ts';
import { idSchema } from '../ids.ts';
import type { MemoryItem } from '../memory/memory.ts';
import { maxMemoryLength } from '../memory/memory.ts';
import { memoryItemSchema } from '../memory/memory-schema.ts';
import type { ConfirmationPolicy } from '../permissions/confirmation.ts';
import { confirmationPolicySchema } from '../permissions/confirmation-schema.ts';
import type { PolicyFile } from '../permissions/policy-file.ts';
import { type ListedRule, type RulePlace, ruleKinds, ruleTerms } from '../permissions/rules.ts';
import { modeSchema, rulesSchema, sessionConfigSchema, unsettable } from '../session/config.ts';
import type { LedgerSums } from '../session/ledger.ts';
import type { Risk } from '../session/parts.ts';
import type { CallDecision, Item, SessionState } from '../session/state.ts';
import { profileSchema, settingsChangesSchema } from '../settings.ts';
import { type ListedSkill, maxDescription } from '../skills/skill.ts';

/** Input is checked at run time, for the renderer is not trusted; output is only typed, for main is. */
const route = <I extends z.ZodType>(input: I) => ({
  input,
  output: <O>() => ({ input, output: undefined as O }),
});

const nothing = z.object({});
const session = z.object({ sessionId: idSchema });

/** A place in the transcript, counted from its beginning. */
const page = session.extend({ before: z.number().int().nonnegative(), limit: z.number().int().min(1).max(500) });

const listOrders = ['created', 'updated', 'title', 'cost'] as const;
export type ListOrder = (typeof listOrders)[number];

/** Which sessions are listed: those that are not archived, by what they do, or the archived ones. */
export type ListFilter = 'all' | 'working' | 'waiting' | 'done' | 'archived';

export const layoutSchema = z.object({
  tabs: z.array(idSchema).default([]),
  activeTab: idSchema.optional(),
  /** Unsent prompts by session. */
  drafts: z.record(idSchema, z.string()).default({}),
  sidebarOpen: z.boolean().default(true),
  /** Of the sessions in the list. */
  listOrder: z.enum(listOrders).default('created'),
  inspectorOpen: z.boolean().default(true),
  inspectorTab: z.string().default('approvals'),
  /** Sizes of the panes in percent, as the pane library gives them. */
  panes: z.record(z.string(), z.number()).default({}),
  collapsed: z.array(idSchema).default([]),
});
export type Layout = z.infer<typeof layoutSchema>;

const answerSchema = z.object({
  id: idSchema,
  /** The hash on the card; an answer to something else is refused as `stale`. */
  shownHash: z.string(),
  decision: z.enum(['allow', 'deny']),
  /** Edited arguments: executed instead of the shown ones. */
  args: z.unknown().optional(),
  comment: z.string().max(10_000).optional(),
  /** Also save a rule, so that calls like this need no question. */
  grant: z
    .object({
      rules: z.array(z.string().min(1)).min(1).max(20),
      /** `session` is this session alone, which for a child is this child only. */
      scope: z.enum(['session', 'workspace', 'user']),
      term: z.enum(ruleTerms).optional(),
    })
    .optional(),
});
export type Answer = z.infer<typeof answerSchema>;
/** Rules that an answer asks to save. */
export type Grant = NonNullable<Answer['grant']>;

/** Text with the places to mark in it: begin and length. */
export interface Snippet {
  text: string;
  marks: [begin: number, length: number][];
}

/** A place in a transcript that holds what was looked for. `place` counts from the transcript's beginning. */
export interface SearchHit {
  sessionId: string;
  title: string;
  itemId: string;
  place: number;
  at: number;
  kind: 'prompt' | 'message' | 'call' | 'other';
  snippet: Snippet;
}

export interface SearchAnswer {
  hits: SearchHit[];
  /** Sessions read so far, while some are still to be read: ask again for what they hold. */
  indexing?: { done: number; total: number };
}

/** Model calls added up under a name: a day as `YYYY-MM-DD`, a model, or what they were for. */
export type CostRow = LedgerSums & { name: string };

export interface CostsSummary {
  total: LedgerSums;
  /** Of the total, what sessions have cost that are gone. */
  deleted: LedgerSums;
  days: CostRow[];
  models: CostRow[];
  kinds: CostRow[];
}

/** The rules that "Always allow…" would save, one for each part of the call that needs one; none when none would help. */
export interface GrantChoices {
  rules: string[];
  /** Arguments of the call as its only rule names them; each may be taken out of it. */
  pairs?: string[];
  /** Parts of the line that need no further rule: each with the rule that covers it, or without one where the mode does. */
  covered?: { part: string; rule?: string }[];
  /** What to know about them, or why there are none. */
  reason?: string;
}

/** Rules that an answer saved, as they are stored, so that they can be taken back. */
export interface SavedGrant {
  place: RulePlace;
  texts: string[];
}

/** An earlier call that a rule would have let through. */
export interface MatchedCall {
  tool: string;
  title: string;
  sessionId: string;
  at: number;
}

/** What would become of a call, and what made it so. */
export type TestedCall = Omit<CallDecision, 'at'>;

const ruleKind = z.enum(ruleKinds);
const rulePlace = z.discriminatedUnion('source', [
  z.object({ source: z.literal('user') }),
  z.object({ source: z.literal('workspace'), workspace: z.string().min(1) }),
  z.object({ source: z.literal('session'), sessionId: idSchema }),
]) satisfies z.ZodType<RulePlace>;
const storedRule = z.object({ place: rulePlace, kind: ruleKind, text: z.string() });

/** The complete list of what a renderer may ask. */
export const contract = {
  'app.open': route(nothing).output<AppSnapshot>(),
  'app.dismissNotice': route(z.object({ id: idSchema })).output<void>(),

  'session.create': route(
    z.object({
      workspace: z.string().min(1),
      title: z.string().optional(),
      mode: modeSchema.optional(),
      profileId: idSchema.optional(),
      /** One of the stores that the app state lists; the disk when absent. */
      store: z.string().max(100).optional(),
    }),
  ).output<{ sessionId: string }>(),
  'session.open': route(session).output<SessionState>(),
  'session.close': route(session).output<void>(),
  'session.items': route(page).output<{ items: Item[] }>(),
  'session.blob': route(session.extend({ hash: z.string().regex(/^[0-9a-f]{64}$/) })).output<{ text: string }>(),
  'session.configure': route(
    session.extend({
      changes: sessionConfigSchema
        .pick({
          title: true,
          mode: true,
          profileId: true,
          thinking: true,
          budget: true,
          memoryLeftOut: true,
          maxContext: true,
          autoCompact: true,
          autoCompactThreshold: true,
        })
        .partial(),
      unset: z.array(z.enum(unsettable)).optional(),
    }),
  ).output<void>(),
  /** A new session with the conversation before a prompt, or with all of it. */
  'session.fork': route(session.extend({ promptId: idSchema.optional() })).output<{ sessionId: string }>(),
  /** The conversation begins anew; what it was stays as a branch. */
  'session.clear': route(session).output<void>(),
  /** Goes on from a branch; what the conversation was becomes one. */
  'branch.restore': route(session.extend({ branchId: idSchema })).output<void>(),
  'session.pause': route(session).output<{ changed: boolean }>(),
  'session.resume': route(session).output<{ changed: boolean }>(),
  /** Throws `busy` while something runs in it or below it. */
  'session.archive': route(session.extend({ archived: z.boolean() })).output<void>(),
  /** Asks for a file and writes the session to it; no path when the person chose none. */
  'session.export': route(session.extend({ format: z.enum(['json', 'markdown']) })).output<{ path?: string }>(),
  /** Asks for an exported session and makes a new one from it; no id when the person chose none. */
  'session.import': route(nothing).output<{ sessionId?: string }>(),
  /** With those below it, or these move up a place. */
  'session.destroy': route(session.extend({ children: z.enum(['destroy', 'keep']).optional() })).output<void>(),

  /** What the next request would send, of long messages the beginnings. */
  'context.preview': route(session).output<ContextPreview>(),
  /** One message of it, whole, by its place. Throws `notFound` when there are no longer so many. */
  'context.message': route(session.extend({ place: z.number().int().nonnegative() })).output<PreviewMessage>(),
  'context.previewCompaction': route(session).output<CompactionPreview>(),
  'context.compact': route(session.extend({ instructions: z.string().max(10_000).optional() })).output<{
    tokensBefore: number;
    tokensAfter: number;
  }>(),
  /** Takes back a compaction and those after it. */
  'context.restore': route(session.extend({ compactionId: idSchema })).output<void>(),
  'context.editSummary': route(
    session.extend({ compactionId: idSchema, text: z.string().min(1).max(100_000) }),
  ).output<void>(),
  'context.pin': route(session.extend({ itemId: idSchema, pinned: z.boolean() })).output<void>(),
  'context.drop': route(session.extend({ itemId: idSchema, dropped: z.boolean() })).output<void>(),

  'prompt.send': route(session.extend({ text: z.string().min(1) })).output<{ promptId: string; saved: boolean }>(),
  'prompt.change': route(session.extend({ promptId: idSchema, text: z.string().min(1) })).output<void>(),
  /** To a place of the queue, from 0. */
  'prompt.move': route(session.extend({ promptId: idSchema, place: z.number().int().nonnegative() })).output<void>(),
  /** A queued prompt goes into the run under way, or runs next. */
  'prompt.sendNow': route(session.extend({ promptId: idSchema })).output<void>(),
  /** A new prompt for the run under way; as `prompt.send` when nothing runs. */
  'prompt.steer': route(session.extend({ text: z.string().min(1) })).output<{ promptId: string; saved: boolean }>(),
  /** Again from where it stood, changed when `text` is there; what came after stays as a branch. */
  'prompt.resend': route(session.extend({ promptId: idSchema, text: z.string().min(1).optional() })).output<{
    promptId: string;
    saved: boolean;
  }>(),
  'prompt.remove': route(session.extend({ promptId: idSchema })).output<void>(),
  /** Goes on with the queue that a stop or a failure held. */
  'run.start': route(session).output<{ started: boolean }>(),
  'run.cancel': route(session).output<{ cancelled: boolean }>(),

  'approval.answer': route(answerSchema).output<{ granted?: SavedGrant }>(),
  /** What a form for editing the call needs. */
  'approval.editing': route(z.object({ id: idSchema })).output<Editing>(),
  /** Whether the call would be shown otherwise now than on its card, because files have changed. */
  'approval.look': route(z.object({ id: idSchema })).output<FreshLook>(),
  /** How risky the call would be with other arguments; nothing where those do not fit its tool. */
  'approval.assess': route(z.object({ id: idSchema, args: z.unknown() })).output<{ risk?: Risk }>(),
  'approval.defer': route(z.object({ id: idSchema, deferred: z.boolean() })).output<void>(),
  /** The rule that "Always allow…" would save, or why none would help. */
  'approval.suggestRule': route(z.object({ id: idSchema })).output<GrantChoices>(),

  /** Absent takes it back. Tells what is in force, which is never laxer than in the sessions above. */
  'confirmation.set': route(session.extend({ policy: confirmationPolicySchema.optional() })).output<{
    inForce: ConfirmationPolicy;
  }>(),

  'rules.list': route(nothing).output<{ rules: ListedRule[] }>(),
  'rules.add': route(z.object({ place: rulePlace, kind: ruleKind, rule: z.string(), term: z.enum(ruleTerms) })).output<{
    text: string;
  }>(),
  'rules.change': route(storedRule.extend({ next: z.object({ kind: ruleKind, rule: z.string() }) })).output<void>(),
  'rules.remove': route(storedRule.omit({ text: true }).extend({ texts: z.array(z.string()) })).output<void>(),
  /** Adds rules of every kind in one place, as a policy file gives them. */
  'rules.addAll': route(z.object({ place: rulePlace, rules: rulesSchema })).output<{ added: number }>(),
  /** Asks for a policy file and says what it comes to here; nothing is changed. Throws `invalid` with the place of what is wrong. */
  'policy.read': route(nothing).output<{ file?: PolicyFile }>(),
  /** How a call that a person types would be judged, in a session's place or in a bare workspace. */
  'rules.test': route(z.object({ call: z.string().max(10_000), sessionId: idSchema.optional() })).output<TestedCall>(),
  /** Which of the newest calls these rules would have let through, where they would hold. */
  'rules.preview': route(
    z.object({ id: idSchema, rules: z.array(z.string()).max(20), scope: z.enum(['session', 'workspace', 'user']) }),
  ).output<{ matched: MatchedCall[]; of: number }>(),

  /** The whole decision log, newest first. */
  'decisions.list': route(nothing).output<{ decisions: DecisionEntry[] }>(),
  /** Asks where to, and writes it there. */
  'decisions.export': route(z.object({ format: z.enum(['jsonl', 'csv']) })).output<{ path?: string }>(),

  /** The person's own skills, and those of a session's workspace. */
  'skills.list': route(z.object({ sessionId: idSchema.optional() })).output<{ skills: ListedSkill[] }>(),
  /** Makes one of the person's own; refused where there is one of that name. */
  'skills.create': route(
    z.object({
      name: z.string().max(64),
      description: z.string().max(maxDescription),
      content: z.string().max(100_000),
    }),
  ).output<{ path: string }>(),
  'skills.switch': route(z.object({ path: z.string().max(10_000), on: z.boolean() })).output<void>(),
  /** Opens the folder of the person's own skills outside; it is made if there is none. */
  'skills.openFolder': route(nothing).output<void>(),
  /** Tries the sandbox anew; what came of it is told on the app stream. */
  'sandbox.check': route(nothing).output<void>(),

  /** Newest first, or the best hits for a query. */
  'memory.list': route(z.object({ query: z.string().max(500).optional() })).output<{ items: MemoryItem[] }>(),
  /** For the workspace of a session, or everywhere. */
  'memory.add': route(z.object({ content: z.string().max(maxMemoryLength), sessionId: idSchema.optional() })).output<{
    id: string;
  }>(),
  'memory.change': route(
    z.object({ id: idSchema, content: z.string().max(maxMemoryLength).optional(), pinned: z.boolean().optional() }),
  ).output<void>(),
  'memory.remove': route(z.object({ id: idSchema })).output<void>(),
  /** Puts an item back that was removed. */
  'memory.restore': route(z.object({ item: memoryItemSchema })).output<void>(),

  'search.query': route(z.object({ text: z.string().max(1000) })).output<SearchAnswer>(),
  /** Over all sessions, also those that were deleted. */
  'costs.summary': route(nothing).output<CostsSummary>(),

  'workspace.choose': route(nothing).output<{ path?: string }>(),
  'workspace.check': route(z.object({ path: z.string() })).output<{ path: string }>(),

  'settings.change': route(z.object({ changes: settingsChangesSchema })).output<void>(),
  'profile.save': route(z.object({ profile: profileSchema.partial({ id: true }), key: z.string().optional() })).output<{
    id: string;
    keyStored: 'keyring' | 'memory' | 'unchanged';
  }>(),
  'profile.remove': route(z.object({ id: idSchema })).output<void>(),
  /** Asks an endpoint for its models; `profileId` lends its stored key. */
  'profile.models': route(
    z.object({ baseUrl: z.string(), key: z.string().optional(), profileId: idSchema.optional() }),
  ).output<{ models: string[] }>(),

  'layout.load': route(nothing).output<Layout>(),
  'layout.save': route(layoutSchema).output<void>(),
  /** Opens http, https or mailto outside; the person has seen the address before. */
  'link.open': route(z.object({ url: z.string() })).output<void>(),
} as const;

export type Contract = typeof contract;
export type Route = keyof Contract;
export type Input<R extends Route> = z.input<Contract[R]['input']>;
export type ParsedInput<R extends Route> = z.output<Contract[R]['input']>;
export type Output<R extends Route> = Contract[R]['output'];
