import type { Failure } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { SkillSource } from '../skills/skill.ts';
import type { BudgetGrants } from './budget.ts';
import type { SessionConfig } from './config.ts';
import type { EventOf } from './events.ts';
import type { LedgerRow } from './ledger.ts';
import type {
  ApprovalClock,
  ApprovalOutcome,
  Approver,
  CallStatus,
  Detail,
  Risk,
  RunOutcome,
  ToolKind,
  Usage,
} from './parts.ts';
import type { Work } from './work.ts';

/** A call to be run by itself, without a model. */
export interface DirectCall {
  tool: string;
  args: unknown;
}

export interface PromptItem {
  kind: 'prompt';
  id: Id;
  at: number;
  runId: Id;
  text: string;
  by: 'person' | 'parent';
  /** Went into a run under way instead of beginning one. */
  steered?: boolean;
  /** Asked for with `/name`: its text goes to the model with the prompt. */
  skill?: { name: string; source: SkillSource; text: string };
  /** Its run is this one call. */
  call?: DirectCall;
}

/** A skill that a run has loaded. `allowedTools` bounds what is called while that run lasts. */
export interface SkillInUse {
  name: string;
  source: SkillSource;
  allowedTools?: string[];
}

export interface MessageItem {
  kind: 'message';
  id: Id;
  at: number;
  runId: Id;
  turn: number;
  model: string;
  text: string;
  reasoning: string;
  /** True from the turn's start until the reply is complete or its run has ended. */
  streaming: boolean;
  partial: boolean;
  /** Calls whose arguments are still arriving; empty once the reply is complete. */
  drafts: CallDraft[];
}

export interface CallDraft {
  index: number;
  tool: string;
  /** Characters of arguments so far. */
  chars: number;
}

/** `waiting` and `setAside` wait for a person; the rest up to `running` is work in progress; statuses of `call.ended` are final. */
export type CallState = 'requested' | 'waiting' | 'setAside' | 'approved' | 'running' | CallStatus;

export interface CallItem {
  kind: 'call';
  id: Id;
  at: number;
  runId: Id;
  turn: number;
  index: number;
  providerCallId: string;
  tool: string;
  title: string;
  toolKind: ToolKind;
  /** As the model sent them. */
  args: unknown;
  malformed: boolean;
  detail: Detail;
  state: CallState;
  decision?: CallDecision;
  approval?: CallApproval;
  startedAt?: number;
  process?: { pid: number; startTime: string };
  childId?: Id;
  /** Tail of what a running call has printed; empty once it has ended. */
  liveOutput: string;
  result?: CallResult;
}

/** What rules and mode said of a call, before anyone was asked. */
export type CallDecision = Omit<EventOf<'call.decided'>, 'type' | 'callId'> & { at?: number };

/**
 * The record of an answer. `finalArgs`, `finalTitle` and `askedArgs`, which are what the person was shown, are there when the call was
 * edited, `places` when it was judged anew for the answer.
 */
export interface CallApproval {
  id: Id;
  /** Milliseconds since the epoch; between the two it waited. */
  askedAt?: number;
  answeredAt?: number;
  outcome?: ApprovalOutcome;
  by?: Approver;
  comment?: string;
  reason?: string;
  rule?: string;
  source?: CallDecision['source'];
  rules?: CallDecision['rules'];
  askedArgs?: unknown;
  finalArgs?: unknown;
  finalTitle?: string;
  places?: string[];
  granted?: EventOf<'approval.resolved'>['granted'];
}

export type CallResult = Omit<EventOf<'call.ended'>, 'type' | 'callId' | 'status'>;

export interface NoticeItem {
  kind: 'notice';
  id: Id;
  at: number;
  level: 'info' | 'warning' | 'error';
  text: string;
  hint?: string;
}

/** The record of a compaction. Its text is what the model is told of all that has gone; a person may change it. */
export interface SummaryItem {
  kind: 'summary';
  id: Id;
  at: number;
  method: EventOf<'context.compacted'>['method'];
  auto: boolean;
  /** Empty when outputs were taken out and nothing else. */
  text: string;
  edited: boolean;
  gone: number;
  tokensBefore: number;
  tokensAfter: number;
  reason?: string;
  /** Still above the threshold. */
  insufficient?: boolean;
}

/** An entry of the transcript. */
export type Item = PromptItem | MessageItem | CallItem | NoticeItem | SummaryItem;

export interface PendingApproval {
  id: Id;
  at: number;
  kind: EventOf<'approval.requested'>['kind'];
  callId?: Id;
  tool: string;
  title: string;
  toolKind: ToolKind;
  args: unknown;
  detail: Detail;
  hash: string;
  reason: string;
  rule?: string;
  risk: Risk;
  sandbox?: EventOf<'approval.requested'>['sandbox'];
  /** Set aside with "Later": still blocks the call, no longer counts. */
  deferred: boolean;
  /** Absent: it waits as long as it takes. */
  clock?: ApprovalClock;
}

export interface Run {
  id: Id;
  promptId: Id;
  startedAt: number;
  /** The turn under way or last done, from 1; 0 before the first. */
  turn: number;
  endedAt?: number;
  outcome?: RunOutcome;
  error?: Failure;
  retry?: { attempt: number; delayMs: number; reason: string };
  /** Since when it stands between two turns because of a pause. */
  heldAt?: number;
  /** How long it stood so before; no part of its duration. */
  heldMs?: number;
  /** The context is being compacted before the next turn. */
  compacting?: boolean;
  /** Absent until the first is loaded. */
  skills?: SkillInUse[];
}

export interface QueuedPrompt {
  id: Id;
  at: number;
  text: string;
  by: 'person' | 'parent';
  /** Goes into the run under way at its next turn. */
  steer?: boolean;
  call?: DirectCall | undefined;
}

export interface ContextMeasure {
  used: number;
  window?: number;
  source: 'reported' | 'estimated';
  windowSource?: 'setting' | 'endpoint' | 'catalogue';
  scale?: number;
}

/** A compaction in force, with all that holds since: `keepFrom` and `pruneBefore` name items, `summaryId` the summary that counts. */
export interface Compaction {
  id: Id;
  keepFrom?: Id;
  pruneBefore?: Id;
  summaryId?: Id;
}

/** What decides which items the model is shown; the transcript itself stays whole. */
export interface ContextPlan {
  /** Newest last: it alone counts, the others are what taking it back leads to. */
  compactions: Compaction[];
  /** Items that survive every compaction. */
  pinned: Id[];
  /** Items that a person took out. */
  dropped: Id[];
  /** Below so many tokens no automatic compaction is tried again. */
  resumeAt?: number;
}

/** Sums over the model calls of this session alone; `cost` leaves out calls whose price is unknown, which `unpriced` counts. */
export interface Totals extends Required<Usage> {
  modelCalls: number;
  cost: number;
  unpriced: number;
}

/** Places of items from `from` up to, and without, `to`; open when that is absent. */
export interface Range {
  from: number;
  to?: number;
}

/** A conversation that was left for another one: nothing of it is gone. */
export interface Branch {
  id: Id;
  /** When it was left. */
  at: number;
  title: string;
  ranges: Range[];
  /** How many items it has. */
  length: number;
  context?: ContextMeasure;
  contextPlan?: ContextPlan;
}

/** Everything about a session but its items: small, and sent whole when a replica opens. */
export interface SessionHead {
  config: SessionConfig;
  parent?: { sessionId: Id; callId?: Id };
  depth: number;
  createdAt: number;
  updatedAt: number;
  destroyed: boolean;
  /** Since when no turn begins here. */
  pausedAt?: number;
  /** Since when it is kept out of the lists. */
  archivedAt?: number;
  run?: Run;
  queue: QueuedPrompt[];
  approvals: PendingApproval[];
  context?: ContextMeasure;
  /** Absent until something was compacted, pinned or dropped. */
  contextPlan?: ContextPlan;
  totals: Totals;
  /** Every model call of this session, by hour, model and kind. Absent until the first. */
  ledger?: LedgerRow[];
  /** Absent until the first run. */
  work?: Work;
  /** What was granted on top of `config.budget`. */
  budgetGrants?: BudgetGrants;
  children: Id[];
  forkedFrom?: { sessionId: Id; promptId?: Id; title: string };
  /** Which items are the conversation; absent means all. */
  line?: Range[];
  /** Conversations that were left, newest last. */
  branches?: Branch[];
}

/**
 * A session, or a window on it: `items` begins at place `firstItem` of the whole transcript. In-process copies usually hold all
 * (`firstItem` 0); replicas hold the newest part.
 */
export interface SessionState {
  id: Id;
  seq: number;
  head: SessionHead;
  firstItem: number;
  items: readonly Item[];
}
