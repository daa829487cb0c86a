import type { CompactionPreview, ContextPreview, PreviewMessage } from '../../shared/app/context-preview.ts';
import { orThrow, type Result, toFailure, WorkbenchError } from '../../shared/errors.ts';
import { compactAt, compactionInForce, isCurable, planOf } from '../../shared/session/context-plan.ts';
import { activeItems } from '../../shared/session/line.ts';
import { isRunning } from '../../shared/session/selectors.ts';
import type { Item } from '../../shared/session/state.ts';
import { type Compacted, type CompactionPorts, type CompactionWish, compactContext } from '../agent/context/compact.ts';
import { estimateContext, estimateRequest } from '../agent/context/estimate.ts';
import { previewCompaction, previewContext, previewMessage } from '../agent/context/preview.ts';
import { measureEstimated, windowOf } from '../agent/context-usage.ts';
import type { LoopPorts } from '../agent/ports.ts';
import type { Log } from '../log.ts';
import { definitionOf } from '../tools/registry.ts';
import type { Session } from './session.ts';

/** What of a session's ports looking after its context takes. */
export type ContextPorts = Omit<LoopPorts, 'makeRoom'>;

export interface ContextKeeperDeps {
  /** The live session; throws what opening it throws. */
  session(id: string): Promise<Session>;
  ports(session: Session): Promise<Result<ContextPorts>>;
  hooks?: Pick<CompactionPorts, 'beforeCompaction' | 'afterCompaction'>;
  log: Log;
}

/**
 * Looks after what the models of sessions are shown: compacts, takes back, pins, drops, previews. One compaction a session at a time;
 * whoever wants another meanwhile waits for that one. The session goes on while its model writes the summary.
 */
export class ContextKeeper {
  readonly #deps: ContextKeeperDeps;
  /** The end of the last compaction of a session that was asked for, and what aborts those under way. */
  readonly #ends = new Map<string, Promise<void>>();
  readonly #controllers = new Map<string, Set<AbortController>>();

  constructor(deps: ContextKeeperDeps) {
    this.#deps = deps;
  }

  /** Compacts now. Throws `invalid` when there is nothing to gain, `stale` when the context changed meanwhile. */
  async compact(id: string, instructions?: string): Promise<Compacted> {
    const session = await this.#deps.session(id);
    const ports = orThrow(await this.#deps.ports(session));
    const wish = { trigger: 'asked' as const, ...(instructions ? { instructions } : {}) };
    const fact = orThrow(await this.#alone(id, (signal) => this.#carryOut(ports, wish, signal)));
    await session.allSaved();
    return fact;
  }

  /** Compacts if the context is nearly full and may be compacted by itself. Tells whether it is smaller now. */
  async maybeAutoCompact(id: string): Promise<boolean> {
    const session = await this.#deps.session(id);
    const ports = await this.#deps.ports(session);
    return ports.ok && this.makeRoom(session, ports.value, 'threshold');
  }

  /** What a run of this session needs, with room made here. */
  async loopPorts(session: Session): Promise<Result<LoopPorts>> {
    const ports = await this.#deps.ports(session);
    if (!ports.ok) return ports;
    const makeRoom: LoopPorts['makeRoom'] = (...wish) => this.makeRoom(session, ports.value, ...wish);
    return { ok: true, value: { ...ports.value, makeRoom } };
  }

  /** What the loop's `makeRoom` does, over the run's own ports. Never throws. */
  async makeRoom(
    session: Session,
    ports: ContextPorts,
    trigger: 'threshold' | 'overflow',
    signal?: AbortSignal,
  ): Promise<boolean> {
    const isIdle = !this.#ends.has(session.id);
    if (isIdle && trigger === 'threshold' && !(await this.#isFull(session, ports))) return false;
    const room = this.#alone(
      session.id,
      async (own) => {
        if (own.aborted || (trigger === 'threshold' && !(await this.#isFull(session, ports)))) return false;
        return (await this.#carryOut(ports, { trigger }, own)).ok;
      },
      signal,
    );
    return untilAborted(room, signal);
  }

  async #isFull(session: Session, ports: ContextPorts): Promise<boolean> {
    const share = compactAt(session.state.head);
    if (share === undefined) return false;
    const model = await ports.model();
    if (!model.ok) return false;
    const { window } = windowOf(session.state.head.config, model.value);
    if (window === undefined) return false;
    const used = estimateContext(session.state, fixedOf(ports));
    return used >= Math.max(share * window, planOf(session.state.head).resumeAt ?? 0);
  }

  #carryOut(ports: ContextPorts, wish: CompactionWish, signal: AbortSignal): Promise<Result<Compacted>> {
    const all = { ...ports, ...this.#deps.hooks, fixed: () => fixedOf(ports) };
    return compactContext(all, wish, signal).catch((thrown): Result<Compacted> => {
      const error = toFailure(thrown);
      this.#deps.log.error('compaction failed', { ...error });
      const auto = wish.trigger !== 'asked';
      ports.append({ type: 'context.compactionFailed', auto, reason: error.message, modelCalls: 0 });
      return { ok: false, error };
    });
  }

  /** One after the other in each session; `stop` and `signal` abort. */
  #alone<T>(id: string, work: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const controller = new AbortController();
    const abort = () => controller.abort();
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    const controllers = this.#controllers.get(id) ?? new Set();
    this.#controllers.set(id, controllers.add(controller));
    const before = this.#ends.get(id) ?? Promise.resolve();
    const done = before.then(() => work(controller.signal));
    const end = done.then(
      () => {},
      () => {},
    );
    this.#ends.set(id, end);
    void end.then(() => {
      signal?.removeEventListener('abort', abort);
      controllers.delete(controller);
      if (this.#ends.get(id) !== end) return;
      this.#ends.delete(id);
      this.#controllers.delete(id);
    });
    return done;
  }

  /** Ends the compactions under way, if any, and waits for their end. */
  async stop(id: string): Promise<void> {
    for (const controller of this.#controllers.get(id) ?? []) controller.abort();
    await this.#ends.get(id);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#ends.keys()].map((id) => this.stop(id)));
  }

  /** Takes a compaction back, and those after it: the model is shown what it was shown before. */
  async restore(id: string, compactionId: string): Promise<void> {
    const session = await this.#deps.session(id);
    const plan = planOf(session.state.head);
    const place = plan.compactions.findIndex((compaction) => compaction.id === compactionId);
    if (place < 0) throw new WorkbenchError('notFound', 'That compaction was taken back already.');
    const contextPlan = { ...plan, compactions: plan.compactions.slice(0, place) };
    const ahead = { ...session.state, head: { ...session.state.head, contextPlan } };
    const { window, used } = session.state.head.context ?? {};
    const ports = await this.#deps.ports(session);
    const tokensAfter = ports.ok ? estimateContext(ahead, fixedOf(ports.value)) : (used ?? 0);
    const event = { type: 'context.restored' as const, compactionId, tokensAfter };
    await session.saved(session.append(window === undefined ? event : { ...event, window }));
  }

  /** The person's words in the place of the summary that counts. */
  async editSummary(id: string, compactionId: string, text: string): Promise<void> {
    const session = await this.#deps.session(id);
    if (compactionInForce(session.state.head)?.summaryId !== compactionId) {
      throw new WorkbenchError('stale', 'Another summary has taken its place, so a change would have no effect.');
    }
    session.append({ type: 'summary.changed', compactionId, text });
    await this.#measure(session);
  }

  async pin(id: string, itemId: string, pinned: boolean): Promise<void> {
    const session = await this.#deps.session(id);
    requireItem(session, itemId);
    session.append({ type: 'item.pinned', itemId, pinned });
    await this.#measure(session);
  }

  /** Takes an item out of the context, or back into it. The first prompt and those of a run under way stay. */
  async drop(id: string, itemId: string, dropped: boolean): Promise<void> {
    const session = await this.#deps.session(id);
    const item = requireItem(session, itemId);
    if (dropped && item.kind === 'prompt') requireDroppable(session, item.id, item.runId);
    session.append({ type: 'item.dropped', itemId, dropped });
    await this.#measure(session);
  }

  /** Exactly what the next request would send. */
  async preview(id: string): Promise<ContextPreview> {
    const session = await this.#deps.session(id);
    const ports = orThrow(await this.#deps.ports(session));
    const model = await ports.model();
    const window = model.ok ? windowOf(session.state.head.config, model.value) : {};
    return previewContext(session.state, fixedOf(ports), window, ports.readBlob, ports.recalled());
  }

  /** A message of the next request, whole. Throws `notFound`. */
  async previewMessage(id: string, place: number): Promise<PreviewMessage> {
    const session = await this.#deps.session(id);
    const ports = orThrow(await this.#deps.ports(session));
    const message = await previewMessage(session.state, fixedOf(ports), ports.readBlob, place);
    if (!message) throw new WorkbenchError('notFound', 'The next request no longer holds this message.');
    return message;
  }

  /** What a compaction would take out now, without doing it. */
  async previewCompaction(id: string): Promise<CompactionPreview> {
    const session = await this.#deps.session(id);
    const ports = orThrow(await this.#deps.ports(session));
    const model = await ports.model();
    const window = model.ok ? windowOf(session.state.head.config, model.value).window : undefined;
    const writes = model.ok && !model.value.demo;
    return { ...previewCompaction(session.state, fixedOf(ports), window), byModel: writes };
  }

  /** The gauge follows at once when the window of a session that has been measured becomes another. */
  async measureAgain(session: Session): Promise<void> {
    if (session.state.head.context) await this.#measure(session);
  }

  /** After a conversation was left for another nobody has counted this one yet: the gauge shows our estimate until the next turn. */
  async estimateIfUnknown(session: Session): Promise<void> {
    const isUnknown = () => session.state.head.context === undefined && !session.state.head.destroyed;
    if (isUnknown()) await this.#measure(session, isUnknown);
  }

  /** The gauge follows at once, if that is still wanted once the model is known. */
  async #measure(session: Session, wanted = () => true): Promise<void> {
    const ports = await this.#deps.ports(session);
    const model = ports.ok ? await ports.value.model() : undefined;
    if (!ports.ok || !model?.ok) {
      await session.allSaved();
      return;
    }
    if (!wanted()) return;
    const estimated = estimateRequest(session.state, fixedOf(ports.value));
    const measured = measureEstimated(session.state.head, estimated, model.value);
    await session.saved(session.append({ type: 'context.measured', ...measured }));
  }
}

/** The promise, or false as soon as the signal aborts. */
function untilAborted(promise: Promise<boolean>, signal: AbortSignal | undefined): Promise<boolean> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => resolve(false);
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

const fixedOf = (ports: ContextPorts) => ({
  systemPrompt: ports.systemPrompt(),
  tools: ports.offered().map(definitionOf),
  parts: ports.promptParts(),
});

function requireItem(session: Session, itemId: string): Item {
  const item = session.state.items.find((entry) => entry.id === itemId);
  if (!item || !isCurable(item)) throw new WorkbenchError('notFound', 'There is no such item in the context.');
  return item;
}

function requireDroppable({ state }: Session, itemId: string, runId: string): void {
  const isFirst = activeItems(state).find((item) => item.kind === 'prompt')?.id === itemId;
  const isOpen = isRunning(state.head) && state.head.run?.id === runId;
  if (isFirst || isOpen) {
    throw new WorkbenchError('invalid', 'The first prompt and the one being worked on stay in the context.');
  }
}
