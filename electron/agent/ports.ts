import type { Failure, Result } from '../../shared/errors.ts';
import type { RecalledItem } from '../../shared/memory/memory.ts';
import type { EventOf, SessionEvent } from '../../shared/session/events.ts';
import type { ApprovalOutcome, Approver, Risk } from '../../shared/session/parts.ts';
import type { CallDecision, CallItem, SessionState } from '../../shared/session/state.ts';
import type { ResolvedModel } from '../model/model-client.ts';
import type { SourcedDecision } from '../permissions/policy.ts';
import type { Tool, ToolResult } from '../tools/tool.ts';

/** How an approval ended. `args` are the ones to execute: the person's where they edited the call. */
export interface Resolution {
  outcome: ApprovalOutcome;
  /** Set when rules, mode or a confirmation policy settled it, and not a person. */
  settledBy?: { by: Exclude<Approver, 'person'>; reason: string; unanswered?: boolean };
  comment?: string;
  args: unknown;
  edited: boolean;
}

/** A question about one call, complete before it is announced. */
export interface CallQuestion {
  call: CallItem;
  /** Absent: whether the call may run. */
  kind?: 'call' | Tool['asks'];
  /** The arguments after the schema: what is hashed, shown and executed. */
  args: unknown;
  reason: string;
  rule?: string;
  risk: Risk;
  sandbox?: CallDecision['sandbox'];
}

/**
 * All that the loop may use. It reads state and appends events; it knows neither IPC nor storage nor Electron, so it can be driven in
 * a test by anything that keeps these promises.
 */
export interface LoopPorts {
  state(): SessionState;
  /** Synchronous: the event is part of `state()` when this returns. `flushed` resolves when it is on disk, never rejects. */
  append(event: SessionEvent): { flushed: Promise<void> };
  /** Resolves when the fact is on disk, or as soon as the disk refuses: then no call with effects may start. */
  saved(appended: { flushed: Promise<void> }): Promise<boolean>;
  /** Found at the run's first turn and kept for the run, so that a run which only waits for a person needs none. */
  model(): Promise<Result<ResolvedModel>>;
  /** Resolves when the next turn may begin: at once, unless something holds the session; and when `signal` aborts. */
  gate(signal: AbortSignal): Promise<void>;
  /** Resolves when the next turn may begin, with the reason when it may not; a question about it waits as long as it takes. */
  budget(signal: AbortSignal): Promise<Failure | undefined>;
  tools(): Tool[];
  /** Those that the model is told of: not every tool has its use in every mode. */
  offered(): Tool[];
  systemPrompt(): string;
  /** The parts of the system prompt that are counted on their own. */
  promptParts(): { skills?: string; memory?: string };
  /** What of memory the system prompt holds, and what was left out of it. */
  recalled(): RecalledItem[];
  /** The skill that a prompt asks for by `/name`, as it is told; undefined when there is none of that name. */
  skillFor(name: string): Pick<EventOf<'skill.loaded'>, 'name' | 'source' | 'allowedTools' | 'text'> | undefined;
  /** Reads back a blob of this session, for images that the model is shown. */
  readBlob(hash: string): Promise<Uint8Array>;
  decide(tool: Tool | undefined, call: CallItem, args: unknown): Promise<SourcedDecision>;
  assessRisk(call: CallItem, args: unknown): Promise<Risk>;
  /** Announces the question (or takes up one already announced) and waits, as long as it takes, for its end. */
  ask(question: CallQuestion, signal: AbortSignal): Promise<Resolution>;
  /** Runs an allowed call. Never throws. */
  execute(tool: Tool, call: CallItem, args: unknown, signal: AbortSignal): Promise<ToolResult>;
  /**
   * Compacts the context when it is nearly full, or after the model refused it for its length. Never throws; tells whether the context
   * is smaller now.
   */
  makeRoom(trigger: 'threshold' | 'overflow', signal: AbortSignal): Promise<boolean>;
  now(): number;
  newId(): string;
}
