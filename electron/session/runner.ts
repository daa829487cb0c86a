import { setMaxListeners } from 'node:events';
import type { Result } from '../../shared/errors.ts';
import { type Failure, toFailure, WorkbenchError } from '../../shared/errors.ts';
import type { RunOutcome } from '../../shared/session/parts.ts';
import { isRunning, titleFrom } from '../../shared/session/selectors.ts';
import type { DirectCall, SessionState } from '../../shared/session/state.ts';
import { outcomeOfAbort, shutdownReason } from '../agent/abort.ts';
import type { LoopPorts } from '../agent/ports.ts';
import { runLoop } from '../agent/run-loop.ts';
import { endOfRun } from './recover.ts';
import type { Session } from './session.ts';

/** What a run gave, for callers that wait for it. */
export interface RunResult {
  runId: string;
  outcome: RunOutcome;
  /** The last message of the run. */
  text: string;
  error?: Failure;
}

export interface RunnerDeps {
  /** Everything a run needs; fails when the workspace is not there. */
  ports(session: Session): Promise<Result<LoopPorts>>;
  newId(): string;
  /** Nothing runs and nothing is about to. */
  idle(session: Session): void;
  log: { error(message: string, fields?: Record<string, unknown>): void };
}

/** The prompts of a session that wait for their turn. */
export type PromptQueue = Pick<Runner, 'changePrompt' | 'movePrompt' | 'removePrompt' | 'sendNow' | 'startNext'>;

interface RunHandle {
  controller: AbortController;
  done: Promise<void>;
}

/** Runs the prompts of one session, one after the other. Every run of any kind goes through here and can be cancelled here. */
export class Runner {
  readonly session: Session;
  readonly #deps: RunnerDeps;
  #current: RunHandle | undefined;
  #closing = false;
  readonly #waiters = new Map<string, (result: RunResult) => void>();

  constructor(session: Session, deps: RunnerDeps) {
    this.session = session;
    this.#deps = deps;
  }

  get running(): boolean {
    return this.#current !== undefined;
  }

  /** Its session is being closed. */
  get closing(): boolean {
    return this.#closing;
  }

  /** Throws `busy`. */
  refuseIfClosing(): void {
    if (this.#closing) throw new WorkbenchError('busy', 'This session is being closed.');
  }

  /**
   * Queues a prompt and starts it when nothing runs. `steer`: if something runs, the prompt goes into it at its next turn instead.
   * `first`: before what is queued. `call`: instead of asking a model. Throws `busy` while the session closes.
   */
  send(
    text: string,
    by: 'person' | 'parent',
    how: { steer?: boolean; first?: boolean; call?: DirectCall } = {},
  ): { promptId: string; flushed: Promise<void> } {
    this.refuseIfClosing();
    const promptId = this.#deps.newId();
    if (this.session.state.head.config.title === '') {
      this.session.append({ type: 'session.configured', changes: { title: titleFrom(text) } });
    }
    const steer = how.steer && this.running ? { steer: true } : {};
    const call = how.call ? { call: how.call } : {};
    const { flushed } = this.session.append({ type: 'prompt.queued', promptId, text, by, ...steer, ...call });
    if (how.first) this.session.append({ type: 'prompt.moved', promptId, place: 0 });
    this.startNext();
    return { promptId, flushed };
  }

  /** Queues a prompt and resolves with the result of its own run; see `resultOf`. */
  async generate(text: string, by: 'person' | 'parent', signal?: AbortSignal): Promise<RunResult> {
    return this.resultOf(this.send(text, by).promptId, signal);
  }

  /**
   * Resolves with the result of the run that this prompt sets off, or has set off before a restart. Aborting `signal` takes the prompt
   * out of the queue, or ends its run.
   */
  async resultOf(promptId: string, signal?: AbortSignal): Promise<RunResult> {
    const withdraw = () => this.#withdraw(promptId, signal?.reason === shutdownReason ? shutdownReason : undefined);
    const result = new Promise<RunResult>((resolve) => this.#waiters.set(promptId, resolve));
    if (signal?.aborted) withdraw();
    signal?.addEventListener('abort', withdraw, { once: true });
    try {
      return await result;
    } finally {
      signal?.removeEventListener('abort', withdraw);
    }
  }

  /** Takes a prompt out of the queue before its turn. Throws `notFound` when it has begun. */
  removePrompt(promptId: string): void {
    this.#requireQueued(promptId);
    this.session.append({ type: 'prompt.removed', promptId });
    this.#settle(promptId, { runId: '', outcome: 'cancelled', text: '' });
  }

  changePrompt(promptId: string, text: string): void {
    this.#requireQueued(promptId);
    this.session.append({ type: 'prompt.changed', promptId, text });
  }

  /** To a place of the queue, from 0. */
  movePrompt(promptId: string, place: number): void {
    this.#requireQueued(promptId);
    this.session.append({ type: 'prompt.moved', promptId, place });
  }

  /** Does not let a queued prompt wait: it steers the run under way, or runs next. */
  sendNow(promptId: string): void {
    this.#requireQueued(promptId);
    if (this.running) this.session.append({ type: 'prompt.changed', promptId, steer: true });
    else {
      this.session.append({ type: 'prompt.moved', promptId, place: 0 });
      this.startNext();
    }
  }

  #requireQueued(promptId: string): void {
    if (this.session.state.head.queue.some((prompt) => prompt.id === promptId)) return;
    throw new WorkbenchError('notFound', 'That prompt is no longer in the queue; it has begun or was removed.');
  }

  /** Starts the first queued prompt if nothing runs and the session is not paused. Returns whether something runs now. */
  startNext(): boolean {
    const { queue, pausedAt } = this.session.state.head;
    const next = queue[0];
    if (this.#current) return true;
    if (this.#closing || !next || pausedAt !== undefined) return false;
    this.session.append({ type: 'run.started', runId: this.#deps.newId(), promptId: next.id });
    this.#run();
    return true;
  }

  /** Goes on with a run that only waited for approvals when the last process ended. Returns what resolves at its end. */
  resume(): Promise<void> {
    if (isRunning(this.session.state.head) && !this.#current) this.#run();
    return this.#current?.done ?? Promise.resolve();
  }

  /** Ends the run under way and waits for its end. False when nothing ran. */
  async cancel(reason?: typeof shutdownReason): Promise<boolean> {
    const current = this.#current;
    if (!current) return false;
    current.controller.abort(reason);
    await current.done;
    return true;
  }

  /** Takes back what this prompt set off: out of the queue, or its run to its end. Another prompt's run is left alone. */
  #withdraw(promptId: string, reason?: typeof shutdownReason): void {
    const { queue, run } = this.session.state.head;
    if (queue.some((prompt) => prompt.id === promptId)) this.removePrompt(promptId);
    else if (run?.promptId === promptId) void this.cancel(reason);
  }

  /** Refuses new work from now on. Whoever waits for a prompt that has not begun is told that it will not. */
  refuse(): void {
    this.#closing = true;
    for (const { id } of this.session.state.head.queue) {
      this.#settle(id, { runId: '', outcome: 'cancelled', text: '' });
    }
  }

  #run(): void {
    const controller = new AbortController();
    // Every call under way listens, and a reply may ask for many.
    setMaxListeners(0, controller.signal);
    const done = this.#carryOut(controller.signal).finally(() => {
      this.#current = undefined;
      this.#afterRun();
    });
    this.#current = { controller, done };
  }

  async #carryOut(signal: AbortSignal): Promise<void> {
    const ports = await this.#deps
      .ports(this.session)
      .catch((thrown) => ({ ok: false as const, error: toFailure(thrown) }));
    const run = this.session.state.head.run;
    if (!run) return;
    if (ports.ok) await runLoop(ports.value, signal);
    else {
      const outcome = signal.aborted ? outcomeOfAbort(signal) : 'failed';
      for (const event of endOfRun(this.session.state, run.id, outcome, ports.error)) this.session.append(event);
    }
  }

  #afterRun(): void {
    const result = resultOfLastRun(this.session.state);
    if (result) for (const promptId of promptsOf(this.session.state, result.runId)) this.#settle(promptId, result);
    this.session.snapshotIfDue('idle').catch((thrown) => {
      this.#deps.log.error('snapshot failed', { session: this.session.id, ...toFailure(thrown) });
    });
    // After a stop or a failure the person decides what becomes of the queue, unless somebody waits for its next result.
    const next = this.session.state.head.queue[0];
    if (result?.outcome === 'completed' || (next && this.#waiters.has(next.id))) this.startNext();
    if (result?.outcome === 'completed' && !this.#current && !this.#closing) this.#deps.idle(this.session);
  }

  #settle(promptId: string, result: RunResult): void {
    this.#waiters.get(promptId)?.(result);
    this.#waiters.delete(promptId);
  }
}

/** The prompt that set the run off, and those that steered it. */
const promptsOf = (state: SessionState, runId: string): string[] =>
  state.items.filter((item) => item.kind === 'prompt' && item.runId === runId).map((item) => item.id);

/** The last run as a result, once it has ended. */
export function resultOfLastRun(state: SessionState): RunResult | undefined {
  const { run } = state.head;
  if (!run?.outcome) return undefined;
  const message = state.items.findLast((item) => item.kind === 'message' && item.runId === run.id && item.text !== '');
  const text = message?.kind === 'message' ? message.text : '';
  return { runId: run.id, outcome: run.outcome, text, ...(run.error ? { error: run.error } : {}) };
}
