import { mkdir } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { QueuedApproval, SessionSummary, StoreHealth } from '../../shared/app/state.ts';
import { type Result, WorkbenchError } from '../../shared/errors.ts';
import type { Answer } from '../../shared/ipc/contract.ts';
import type { ConfirmationPolicy } from '../../shared/permissions/confirmation.ts';
import type { Envelope, Mode, SessionConfig } from '../../shared/session/events.ts';
import type { LedgerRow } from '../../shared/session/ledger.ts';
import { activeItems } from '../../shared/session/line.ts';
import { openCalls, type SessionStatus } from '../../shared/session/selectors.ts';
import type { ContextMeasure, Item, SessionState } from '../../shared/session/state.ts';
import { shutdownReason } from '../agent/abort.ts';
import type { LoopPorts } from '../agent/ports.ts';
import type { MemoryDesk } from '../memory/memory-desk.ts';
import type { MemoryStore } from '../memory/memory-store.ts';
import type { ResolvedModel } from '../model/model-client.ts';
import type { SkillDesk } from '../skills/skill-desk.ts';
import type { SkillRegistry } from '../skills/skill-registry.ts';
import type { DeletedCosts } from '../storage/deleted-costs.ts';
import { createFileStore } from '../storage/file-store.ts';
import { createMemoryStore } from '../storage/memory-store.ts';
import type { SessionStore } from '../storage/session-store.ts';
import { createStores } from '../storage/stores.ts';
import type { ChildrenPort } from '../tools/task.ts';
import type { Tool } from '../tools/tool.ts';
import type { Used } from './budget-gate.ts';
import { createChildPlaces } from './child-places.ts';
import type { UnsavedSession } from './closing.ts';
import { configureSession, type Unset } from './configure.ts';
import { checkedConfirmation, confirmationOf, withRemaining } from './confirmation.ts';
import { ContextKeeper, type ContextPorts } from './context-keeper.ts';
import { toMarkdown } from './export-markdown.ts';
import { forkOf } from './fork.ts';
import { Listing, type ListingCache, type ListingEntry } from './listing.ts';
import { childConfigOf, configOf, type NewSession } from './new-session.ts';
import { OpenSessions, type SessionSurroundings } from './open-sessions.ts';
import { refuseIfPaused, setPaused } from './pause.ts';
import { closed } from './recover.ts';
import { moveUp, takePlaceOf } from './reparent.ts';
import { clearConversation, resendPrompt, restoreBranch } from './rewind.ts';
import { type Runner, type RunResult, resultOfLastRun } from './runner.ts';
import { replay, type Session, type Subscriber } from './session.ts';
import { readEntries, readEntry } from './stored-sessions.ts';
import { createToolExecutor, type ToolExecutor } from './tool-executor.ts';
import { exportSession, importSession, parseExport } from './transfer.ts';
import { canonicalWorkspace } from './workspace.ts';

/** Each may wait up to 2 s for what a crash has left running. */
const takenUpAtOnce = 16;

/** A run is under way, or was when its process ended. */
const unfinishedStatus = new Set<SessionStatus>(['working', 'needsInput', 'setAside', 'paused']);

const isDeleted = ({ summary }: ListingEntry): boolean => summary.destroyed === true && summary.elsewhere !== true;

export interface ManagerDeps extends SessionSurroundings {
  tools(): Tool[];
  ports(session: Session, ancestors: () => Session[]): Promise<Result<ContextPorts>>;
  models: {
    resolve(profileId?: string): Promise<Result<ResolvedModel>>;
    /** For people; without an id that of the default model. */
    name(profileId?: string): string;
    setDefault(profileId?: string): Promise<void>;
  };
  skills: SkillDesk;
  memory: MemoryDesk;
  /** After a run, while nobody waits, a context that is nearly full is compacted. */
  compactsWhenIdle: boolean;
  /** A place for sessions was added. */
  onStoreAdded?(): void;
  emit: ConstructorParameters<typeof Listing>[0];
  cache?: ListingCache;
  /** Where costs stay when their session goes. */
  deletedCosts?: Pick<DeletedCosts, 'record'>;
  defaultMode(): Mode;
  /** Of new sessions that are nobody's children; absent: a person answers everything. */
  defaultConfirmation(): ConfirmationPolicy | undefined;
}

/** All sessions of a data folder: makes them, finds them, runs them, ends them. */
export class SessionManager {
  readonly #deps: ManagerDeps;
  readonly #sessions: OpenSessions;
  readonly listing: Listing;
  /** Sessions whose run could not be closed, for their store takes nothing. */
  readonly #refused = new Set<string>();
  readonly #destroying = new Map<string, Promise<void>>();
  /** What the models of sessions are shown. */
  readonly context: ContextKeeper;
  readonly #places = createChildPlaces((id) => this.listing.children(id).length);

  constructor(deps: ManagerDeps) {
    this.#deps = deps;
    this.listing = new Listing(deps.emit, deps.cache);
    this.context = new ContextKeeper({
      session: (id) => this.getSession(id),
      ports: (session) => deps.ports(session, () => this.#sessions.ancestorsOf(session)),
      log: deps.log,
    });
    this.#sessions = new OpenSessions({
      ...deps,
      listing: this.listing,
      loopPorts: (session) => this.#loopPorts(session),
      whenIdle: (session) => this.#whenIdle(session),
      stopContexts: () => this.context.stopAll(),
    });
  }

  /** Sessions live as long as the process. */
  static inMemory(deps: Omit<ManagerDeps, 'store'>): SessionManager {
    return SessionManager.withStore(deps, createMemoryStore());
  }

  /** Sessions live in a folder, which is made where it is not there; those that it holds are listed already. Throws `storage`. */
  static async withPersistence(deps: Omit<ManagerDeps, 'store'>, folder: string): Promise<SessionManager> {
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((thrown: Error) => {
      throw new WorkbenchError('storage', `The folder ${folder} cannot be made: ${thrown.message}`);
    });
    const manager = SessionManager.withStore(deps, createFileStore({ root: folder, log: deps.log }));
    await manager.loadAllSessions();
    return manager;
  }

  /** Sessions live in the given store; others can be registered beside it. */
  static withStore(deps: Omit<ManagerDeps, 'store'>, store: SessionStore): SessionManager {
    return new SessionManager({ ...deps, store: createStores(store) });
  }

  /** Makes a session and returns its generated id once the disk has it, or refuses it: then it is marked unsaved. */
  async createSession(config: NewSession): Promise<string> {
    const workspace = await canonicalWorkspace(config.workspace);
    const confirmation = config.confirmation ?? this.#deps.defaultConfirmation();
    const whole = configOf({ ...config, workspace, confirmation }, this.#deps.defaultMode());
    return this.#sessions.create(whole, { depth: 0 }, { store: config.store });
  }

  /** A child works in its parent's workspace, with its parent's model unless told otherwise, and never with looser permissions. */
  async createChildSession(parentId: string, config: Partial<NewSession>, callId?: string): Promise<string> {
    const { session, runner } = await this.#sessions.activate(parentId);
    const { head } = session.state;
    const { workspace } = head.config;
    if (config.workspace && (await canonicalWorkspace(config.workspace)) !== workspace) {
      throw new WorkbenchError('invalid', 'A child works in the workspace of its parent.');
    }
    const parent = callId ? { sessionId: parentId, callId } : { sessionId: parentId };
    const childId = await this.#places.fill({ id: parentId, depth: head.depth }, () => {
      runner.refuseIfClosing();
      return this.#sessions.create(
        childConfigOf(head.config, { ...config, workspace }),
        { depth: head.depth + 1, parent },
        { store: this.#deps.store.storeOf(parentId) },
      );
    });
    if (runner.closing) await this.destroySession(childId);
    runner.refuseIfClosing();
    const title = config.title ?? '';
    session.append({ type: 'child.spawned', childId, ...(callId ? { callId } : {}), title });
    return childId;
  }

  /**
   * A new session that begins with the conversation before a prompt, or with all of it. It is a root of its own, and goes on from there
   * without touching the first. Returns its id once the disk has it. Throws `notFound`.
   */
  async forkSession(id: string, promptId?: string): Promise<string> {
    const { session, log } = await this.#sessions.activate(id);
    const fork = forkOf(session.state, promptId);
    return this.#sessions.create(
      fork.config,
      { depth: 0, forkedFrom: fork.forkedFrom },
      { store: this.#deps.store.storeOf(id), copied: { fork, from: log } },
    );
  }

  /** Sends a prompt of the conversation again, changed or not, from where it stood; what came after stays as a branch. */
  async resendPrompt(id: string, promptId: string, text?: string): Promise<{ promptId: string; saved: boolean }> {
    const { session, runner } = await this.#sessions.activate(id);
    const sent = resendPrompt(runner, this.#deps.newId, promptId, text);
    return { promptId: sent.promptId, saved: await session.saved(sent) };
  }

  /** Begins the conversation anew. What it was stays as a branch; configuration, limits and sums stay. Throws `busy` in a run. */
  async clear(id: string): Promise<void> {
    const { session, runner } = await this.#sessions.activate(id);
    const cleared = clearConversation(runner, this.#deps.newId);
    if (!cleared) return;
    await session.saved(cleared);
    void this.context.estimateIfUnknown(session).catch(() => undefined);
  }

  /** Goes on from the end of a branch; the conversation of now becomes one. Throws `busy` in a run. */
  async restoreBranch(id: string, branchId: string): Promise<void> {
    const { session, runner } = await this.#sessions.activate(id);
    await session.saved(restoreBranch(runner, this.#deps.newId, branchId));
    void this.context.estimateIfUnknown(session).catch(() => undefined);
  }

  /** The live session. Reads it from disk on first use, and takes up or closes the run that was under way. */
  async getSession(id: string): Promise<Session> {
    return (await this.#sessions.activate(id)).session;
  }

  async #loopPorts(session: Session): Promise<Result<LoopPorts>> {
    const ports = await this.#deps.ports(session, () => this.#sessions.ancestorsOf(session));
    if (!ports.ok) return ports;
    const { value } = ports;
    const makeRoom: LoopPorts['makeRoom'] = (...wish) => this.context.makeRoom(session, value, ...wish);
    return { ok: true, value: { ...value, makeRoom } };
  }

  async #whenIdle(session: Session): Promise<void> {
    if (this.#deps.compactsWhenIdle) await this.context.maybeAutoCompact(session.id).catch(() => false);
  }

  /** Every envelope of every session that is opened or made from now on, each from its first. */
  subscribeAll(subscriber: Subscriber): () => void {
    return this.#sessions.subscribeAll(subscriber);
  }

  /** Envelopes of one session from now on; what was before is in its state. */
  async subscribe(id: string, subscriber: Subscriber): Promise<() => void> {
    return (await this.getSession(id)).subscribe(subscriber);
  }

  /** Queues a prompt. `saved` is false when the disk refuses it for now: it is then kept in memory and tried again. */
  async send(id: string, text: string): Promise<{ promptId: string; saved: boolean }> {
    const { session, runner } = await this.#sessions.activate(id);
    const { promptId, flushed } = runner.send(text, 'person');
    return { promptId, saved: await session.saved({ flushed }) };
  }

  /**
   * Runs a prompt and resolves with its own run's result, queued behind what runs already. Throws `paused` when it would wait for
   * somebody to resume the session.
   */
  async generate(id: string, prompt: string, signal?: AbortSignal): Promise<RunResult> {
    const { session, runner } = await this.#sessions.activate(id);
    refuseIfPaused(session);
    return this.#runPrompt(runner, prompt, 'person', signal);
  }

  /** As `generate`, and every envelope on the way. One pipeline: this only listens as well. */
  async generateStreaming(
    id: string,
    prompt: string,
    subscriber: Subscriber,
    signal?: AbortSignal,
  ): Promise<RunResult> {
    const { session, runner } = await this.#sessions.activate(id);
    refuseIfPaused(session);
    const unsubscribe = session.subscribe(subscriber);
    try {
      const result = await this.#runPrompt(runner, prompt, 'person', signal);
      // The run's last envelopes are published once the disk has them.
      await session.allSaved();
      return result;
    } finally {
      unsubscribe();
    }
  }

  async #runPrompt(runner: Runner, text: string, by: 'person' | 'parent', signal?: AbortSignal): Promise<RunResult> {
    const { promptId } = runner.send(text, by);
    return this.#resultOf(runner, promptId, signal);
  }

  async #resultOf(runner: Runner, promptId: string, signal?: AbortSignal): Promise<RunResult> {
    const cancel = () => runner.withdraw(promptId, signal?.reason === shutdownReason ? shutdownReason : undefined);
    const result = runner.resultOf(promptId);
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await result;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** What the `task` tool does: a child of the calling session, or the one that this call already has. */
  readonly children: ChildrenPort = {
    run: async ({ sessionId, callId }, { title, prompt }, signal) => {
      const parent = await this.#sessions.activate(sessionId);
      const call = openCalls(parent.session.state).find((open) => open.id === callId);
      const childId = call?.childId ?? (await this.createChildSession(sessionId, { title }, callId));
      const { runner } = await this.#sessions.open(childId);
      const result = call?.childId
        ? await this.#resultOfChild(runner, signal)
        : await this.#runPrompt(runner, prompt, 'parent', signal);
      return { outcome: result.outcome, text: result.text, ...(result.error ? { error: result.error.message } : {}) };
    },
  };

  /** The result of a child from before a restart, which is never asked again. */
  async #resultOfChild(runner: Runner, signal: AbortSignal): Promise<RunResult> {
    const { state } = runner.session;
    const promptId = state.head.run?.promptId;
    if (runner.running && promptId) return this.#resultOf(runner, promptId, signal);
    return resultOfLastRun(state) ?? { runId: '', outcome: 'interrupted', text: '' };
  }

  async changePrompt(id: string, promptId: string, text: string): Promise<void> {
    (await this.#sessions.activate(id)).runner.changePrompt(promptId, text);
  }

  async movePrompt(id: string, promptId: string, place: number): Promise<void> {
    (await this.#sessions.activate(id)).runner.movePrompt(promptId, place);
  }

  /** Takes a prompt out of its wait: into the run under way at its next turn, or as the next run. */
  async sendNow(id: string, promptId: string): Promise<void> {
    (await this.#sessions.activate(id)).runner.sendNow(promptId);
  }

  /** As `send`, but a run under way hears of it at its next turn. */
  async steer(id: string, text: string): Promise<{ promptId: string; saved: boolean }> {
    const { session, runner } = await this.#sessions.activate(id);
    const { promptId, flushed } = runner.send(text, 'person', { steer: true });
    return { promptId, saved: await session.saved({ flushed }) };
  }

  /**
   * From here on no turn begins in this session or below it; a turn under way ends first, and what waits for a person goes on waiting.
   * Prompts queue. It outlives a restart. False when it was paused already.
   */
  async pauseSession(id: string): Promise<boolean> {
    const { session } = await this.#sessions.activate(id);
    const paused = setPaused(session, true);
    if (paused) await session.saved(paused);
    return paused !== undefined;
  }

  /** The held run goes on, or else the queue. False when it was not paused. */
  async resumeSession(id: string): Promise<boolean> {
    const { session, runner } = await this.#sessions.activate(id);
    const resumed = setPaused(session, false);
    if (!resumed) return false;
    runner.startNext();
    await session.saved(resumed);
    return true;
  }

  async removePrompt(id: string, promptId: string): Promise<void> {
    (await this.#sessions.activate(id)).runner.removePrompt(promptId);
  }

  /** Goes on with the queue after a stop or a failure held it. */
  async startNext(id: string): Promise<boolean> {
    return (await this.#sessions.activate(id)).runner.startNext();
  }

  /** Ends the run of this session and of all below it, and waits until they have ended. False when nothing ran. */
  async cancelOperation(id: string): Promise<boolean> {
    this.#require(id);
    const below = this.#tree(id).flatMap((member) => this.#sessions.get(member)?.runner ?? []);
    const ended = await Promise.all(below.map((runner) => runner.cancel()));
    return ended.some(Boolean);
  }

  /**
   * Changes parts of a session's configuration, and takes back what `unset` names. Model and thinking hold from the next run on; the
   * transcript says so. Rules and mode hold at once.
   */
  async configure(id: string, changes: Partial<SessionConfig>, unset: Unset = []): Promise<void> {
    const { session } = await this.#sessions.activate(id);
    const { models, newId } = this.#deps;
    await session.saved(configureSession(session, changes, unset, { modelName: models.name, newId }));
    const otherWindow = changes.maxContext !== undefined || changes.profileId !== undefined;
    if (otherWindow) void this.context.measureAgain(session).catch(() => undefined);
  }

  /** The model of runs to come in sessions that name none; undefined leaves the choice to what is there. Runs under way keep theirs. */
  async setDefaultLlm(profileId: string | undefined): Promise<void> {
    await this.#deps.models.setDefault(profileId);
  }

  /** The model that the next run of this session would use, or what it lacks. Never another one than the session names. */
  async getLlmForSession(id: string): Promise<Result<ResolvedModel>> {
    return this.#deps.models.resolve((await this.getSession(id)).state.head.config.profileId);
  }

  /** Keeps a session out of the lists, or brings it back. Throws `busy` while it or one below it works. */
  async archiveSession(id: string, archived: boolean): Promise<void> {
    if (archived && this.#tree(id).some((member) => this.#sessions.get(member)?.runner.running)) {
      throw new WorkbenchError('busy', 'This session is at work.', 'Stop it first, then archive it.');
    }
    const { session } = await this.#sessions.activate(id);
    if ((session.state.head.archivedAt !== undefined) === archived) return;
    await session.saved(session.append({ type: archived ? 'session.archived' : 'session.unarchived' }));
  }

  /**
   * Refuse, cancel, await, close, delete; children first. Asked again meanwhile, it is the same deletion. Throws when the disk would not
   * let go of it, and `busy` from a shutdown on.
   */
  destroySession(id: string, children: 'destroy' | 'keep' = 'destroy'): Promise<void> {
    const destroying = this.#destroying.get(id) ?? this.#destroy(id, children);
    this.#destroying.set(id, destroying);
    return destroying.finally(() => this.#destroying.delete(id));
  }

  async #destroy(id: string, children: 'destroy' | 'keep'): Promise<void> {
    this.#require(id);
    if (children === 'keep') await this.#releaseChildren(id);
    const live = await this.#sessions.open(id).catch((thrown) => {
      if (thrown instanceof WorkbenchError && ['elsewhere', 'busy'].includes(thrown.code)) throw thrown;
      return undefined;
    });
    live?.runner.refuse();
    // Before its children go: its run would make others in their place.
    await live?.runner.cancel();
    for (const childId of this.listing.children(id)) await this.destroySession(childId);
    await this.context.stop(id);
    if (live) await live.session.saved(live.session.append({ type: 'session.destroyed' }));
    await this.#sessions.leave(id, async () => {
      live?.unsubscribe();
      await live?.log.close(2000);
      if (live) this.#deps.onUnsaved?.(this.#deps.store.storeOf(id), id, undefined);
      await this.#remove(id, live?.session.state.head.ledger ?? this.listing.ledger(id));
    });
    this.listing.remove(id);
  }

  /** Those below a session move up a place, no freer than before. What they did for its run ends with that run. */
  async #releaseChildren(id: string): Promise<void> {
    const { session, runner } = await this.#sessions.activate(id);
    const children = new Set(this.listing.children(id));
    const below = await Promise.all(
      this.#tree(id)
        .slice(1)
        .map((member) => this.#sessions.open(member)),
    );
    runner.refuse();
    await runner.cancel();
    const moved = below.map((live) => {
      const appended = children.has(live.session.id) ? takePlaceOf(live.session, session) : moveUp(live.session);
      this.#sessions.list(live.session);
      return live.session.saved(appended);
    });
    await Promise.all(moved);
  }

  /** First answer wins; resolves when the disk has it, or refuses it for now: then the session is marked unsaved. */
  async answerApproval(answer: Answer): Promise<Result<void>> {
    const answered = await this.#deps.broker.answer(answer);
    if (!answered.ok) return answered;
    const { sessionId, flushed } = answered.value;
    await this.#sessions.get(sessionId)?.session.saved({ flushed });
    return { ok: true, value: undefined };
  }

  /**
   * Who answers what rules and mode leave open, from now on and for what waits already, which is judged again before this resolves.
   * `undefined` takes it back. Returns what is in force: a child lets nothing run that a session above it would not. Throws `invalid`.
   */
  async setConfirmationPolicy(id: string, policy: ConfirmationPolicy | undefined): Promise<ConfirmationPolicy> {
    if (policy) await this.configure(id, { confirmation: checkedConfirmation(policy) });
    else await this.configure(id, {}, ['confirmation']);
    await this.#deps.broker.judged();
    return this.getConfirmationPolicy(id);
  }

  /** What is in force now. */
  async getConfirmationPolicy(id: string): Promise<ConfirmationPolicy> {
    const session = await this.getSession(id);
    return confirmationOf(session, this.#sessions.ancestorsOf(session));
  }

  /** The reference's name for an answer by call. False when nothing waits there. */
  async confirmTool(id: string, callId: string, approved: boolean, reason?: string): Promise<boolean> {
    const approval = this.listPendingApprovals().find((one) => one.sessionId === id && one.callId === callId);
    if (!approval) return false;
    const decision = approved ? 'allow' : 'deny';
    return (await this.answerApproval({ id: approval.id, shownHash: approval.hash, decision, comment: reason })).ok;
  }

  /** Takes back the questions of a session, or of this one of its calls: they are not run, its run goes on. Tells how many. */
  cancelConfirmations(id: string, callId?: string): number {
    const asked = this.listPendingApprovals(id).filter((one) => callId === undefined || one.callId === callId);
    return asked.filter((approval) => this.#deps.broker.cancel(approval.id).ok).length;
  }

  /** What waits for a person, in one session or in all; with what is left of its time where it has an end. */
  listPendingApprovals(id?: string): (QueuedApproval & { remainingMs?: number })[] {
    return this.listing
      .approvals()
      .filter(({ sessionId }) => id === undefined || sessionId === id)
      .map((approval) => withRemaining(approval, this.#deps.now()));
  }

  /** Newest first. */
  getAllSessions(): SessionSummary[] {
    return this.listing.all().sort((a, b) => b.updatedAt - a.updatedAt);
  }

  sessionCount(): number {
    return this.listing.count();
  }

  getChildSessions(id: string): string[] {
    return this.listing.children(id);
  }

  isChildSession(id: string): boolean {
    return this.#require(id).parentId !== undefined;
  }

  /** The conversation as it stands; what was left of it is in the branches of the state. */
  async history(id: string): Promise<readonly Item[]> {
    return activeItems((await this.getSession(id)).state);
  }

  async contextUsage(id: string): Promise<ContextMeasure | undefined> {
    return (await this.getSession(id)).state.head.context;
  }

  /** Compacts the context now; see `ContextKeeper`. */
  async compact(id: string, instructions?: string): Promise<void> {
    await this.context.compact(id, instructions);
  }

  maybeAutoCompact(id: string): Promise<boolean> {
    return this.context.maybeAutoCompact(id);
  }

  /**
   * Where skills come from, for runs to come in every session; undefined takes it away. With a folder, agents are given a tool that
   * proposes skills for it; a person is asked about each.
   */
  setSkillRegistry(registry: SkillRegistry | undefined, folder?: string): void {
    this.#deps.skills.set(registry, folder);
  }

  skillRegistry(): SkillRegistry | undefined {
    return this.#deps.skills.registry();
  }

  /** Where items of memory are kept, for runs to come in every session; undefined takes memory away. */
  setMemoryStore(store: MemoryStore | undefined): void {
    this.#deps.memory.set(store);
  }

  memoryStore(): MemoryStore | undefined {
    return this.#deps.memory.store();
  }

  /** Runs single calls through the one pipeline of a session, never around its permissions. */
  toolExecutor(): ToolExecutor {
    return createToolExecutor({
      tools: this.#deps.tools,
      runner: async (id) => (await this.#sessions.activate(id)).runner,
      resultOf: (...wait) => this.#resultOf(...wait),
    });
  }

  listTools(): Tool[] {
    return this.#deps.tools();
  }

  /** Adds a place where sessions can be kept, and lists what it holds. Throws `invalid` when its name is taken. */
  async registerStore(name: string, store: SessionStore): Promise<void> {
    this.#deps.store.register(name, store);
    this.#deps.onStoreAdded?.();
    await this.lookAtStores();
  }

  /** What a store that was added, or that works again, makes possible: its sessions are listed, and runs are closed that could not be. */
  async lookAtStores(): Promise<void> {
    const refused = [...this.#refused];
    this.#refused.clear();
    await Promise.all(refused.map((id) => this.#takeUp(id)));
    await this.#load({}, (id) => this.listing.get(id) !== undefined);
  }

  storeHealth(): Promise<StoreHealth[]> {
    return this.#deps.store.health();
  }

  blobs(id: string): { write(bytes: Uint8Array): Promise<string>; read(hash: string): Promise<Uint8Array> } {
    const log = this.#sessions.get(id)?.log;
    if (!log) throw new WorkbenchError('notFound', 'This session is not open.');
    return { write: (bytes) => log.writeBlob(bytes), read: (hash) => log.readBlob(hash) };
  }

  /** A stored output, also of a session that another process runs. */
  readBlob(id: string, hash: string): Promise<Uint8Array> {
    return this.#sessions.get(id)?.log.readBlob(hash) ?? this.#deps.store.readBlob(id, hash);
  }

  /** A session's state for looking at: the live one, else what is on disk. */
  async look(id: string): Promise<SessionState> {
    return this.#sessions.get(id)?.session.state ?? this.readOnly(id);
  }

  /** States of the live sessions above one, nearest first. */
  ancestors(id: string): SessionState[] {
    const session = this.#sessions.get(id)?.session;
    return session ? this.#sessions.ancestorsOf(session).map(({ state }) => state) : [];
  }

  /** The state as it stands on disk, without taking the session: for one that runs elsewhere. */
  async readOnly(id: string): Promise<SessionState> {
    return replay(id, await this.#deps.store.read(id));
  }

  /** As `readOnly`, where this process would own the session if it could write: a run that was under way is shown as it will be closed. */
  async readClosed(id: string): Promise<SessionState> {
    const state = await this.readOnly(id);
    return { ...closed(state), seq: state.seq };
  }

  /** Everything of a session as a text: JSON that can be imported again, or Markdown to read. */
  async exportSession(id: string, format: 'json' | 'markdown'): Promise<string> {
    this.#require(id);
    await this.#sessions.get(id)?.session.allSaved();
    if (format === 'markdown') return toMarkdown(await this.peek(id));
    return `${JSON.stringify(await exportSession(this.#deps.store, id))}\n`;
  }

  /** Makes a session from what `exportSession` gave and returns its id. Throws `invalid` when it is something else. */
  async importSession(text: string): Promise<string> {
    const id = await importSession(this.#deps, parseExport(text));
    await this.lookAtOutside(id);
    return id;
  }

  /** As it stands now, from memory where it is open. */
  readonly peek = async (id: string): Promise<SessionState> =>
    this.#sessions.get(id)?.session.state ?? (await this.readOnly(id));

  /** Every listed session with the length of its journal, which grows with each fact. */
  readonly versions = (): { id: string; title: string; version: number; store?: string }[] =>
    this.listing.all().map(({ id, title, store }) => ({
      id,
      title,
      version: this.listing.journalBytes(id) ?? 0,
      ...(store ? { store } : {}),
    }));

  /**
   * Fills the index: rows of the cache where the journal has its known length, the others read without lock. Then takes up every
   * session whose run was under way. Live sessions stay as they are. Tells how many it found that can be read.
   */
  async loadAllSessions(cached: Record<string, ListingEntry> = {}): Promise<number> {
    return this.#load(cached, (id) => this.#sessions.get(id) !== undefined);
  }

  async #load(cached: Record<string, ListingEntry>, skip: (id: string) => boolean): Promise<number> {
    const found = await readEntries(this.#deps.store, cached, skip);
    const entries = found.filter((entry) => !isDeleted(entry));
    for (const { summary, ledger } of found.filter(isDeleted)) void this.#finishDeletion(summary.id, ledger);
    this.listing.fill(entries.filter(({ summary }) => this.#sessions.get(summary.id) === undefined));
    const unfinished = entries.filter(({ summary }) => !summary.elsewhere && unfinishedStatus.has(summary.status));
    const limited = pLimit(takenUpAtOnce);
    await Promise.all(unfinished.map(({ summary }) => limited(() => this.#takeUp(summary.id))));
    return entries.filter(({ summary }) => summary.damaged === undefined).length;
  }

  /** That it is deleted is a fact already, so it is not listed, whether the disk lets go of it now or at a later start. */
  async #finishDeletion(id: string, ledger: LedgerRow[]): Promise<void> {
    this.listing.remove(id);
    await this.#remove(id, ledger).catch((thrown: unknown) => {
      this.#deps.log.warn('A deleted session could not be removed yet', { session: id, reason: String(thrown) });
    });
  }

  /** Its costs are noted before it goes; what lives in memory alone is to leave nothing on disk. */
  async #remove(id: string, ledger: LedgerRow[]): Promise<void> {
    if (this.#deps.store.storeOf(id) !== 'memory') await this.#deps.deletedCosts?.record(id, ledger);
    await this.#deps.store.remove(id);
  }

  /** Makes a stored session live; nothing when it is. Throws `notFound`, `elsewhere`, or `storage` with what is damaged. */
  async restoreSessionById(id: string): Promise<void> {
    await this.#sessions.activate(id);
  }

  /** Goes on with a run that was under way in a process that is gone, or closes it. */
  async #takeUp(id: string): Promise<void> {
    await this.#sessions.activate(id).catch((thrown) => {
      const code = thrown instanceof WorkbenchError ? thrown.code : undefined;
      if (code === 'elsewhere') this.listing.mark(id, { elsewhere: true });
      else if (code === 'storage') this.#refuse(id, thrown.message);
      else this.listing.mark(id, { damaged: String(thrown) });
    });
  }

  /** Its files can be read and not written: what was under way is over all the same, and is written down once the store takes it. */
  #refuse(id: string, reason: string): void {
    this.#refused.add(id);
    const status = this.listing.get(id)?.status === 'working' ? { status: 'interrupted' as const } : {};
    this.listing.mark(id, { unsaved: reason, ...status });
  }

  /**
   * Looks again at a session that another process runs or has just made. Returns its newest envelope when there is something new, so
   * that whoever shows it can follow.
   */
  async lookAtOutside(id: string): Promise<Envelope | undefined> {
    if (this.#sessions.holds(id)) return undefined;
    const elsewhere = await this.#deps.store.isElsewhere(id);
    const stored = (await this.#deps.store.list([id]))[0];
    // It may have been made or taken up here meanwhile.
    if (this.#sessions.holds(id)) return undefined;
    if (!stored) return this.listing.remove(id) as undefined;
    const isNew = stored.journalBytes !== this.listing.journalBytes(id);
    const known = this.listing.get(id);
    if (!isNew && (known?.elsewhere ?? false) === elsewhere) return undefined;
    const loaded = await this.#deps.store.read(id);
    const entry = await readEntry(this.#deps.store, id, stored.journalBytes);
    if (this.#sessions.holds(id) || (known && !this.listing.get(id))) return undefined;
    this.listing.put({ ...entry, summary: { ...entry.summary, ...(elsewhere ? { elsewhere } : {}) } });
    if (!elsewhere && unfinishedStatus.has(entry.summary.status)) await this.#takeUp(id);
    return loaded.envelopes.at(-1);
  }

  /** Resolves when the disk has all there is of every open session (true), or as soon as it refuses some of it (false). */
  allSaved(): Promise<boolean> {
    return this.#sessions.allSaved();
  }

  /** See `OpenSessions.shutdown`: ordered, by the deadline; resolves with the sessions that the disk does not have whole. */
  shutdown(deadlineMs: number): Promise<UnsavedSession[]> {
    return this.#sessions.shutdown(deadlineMs);
  }

  /** What this session and each below it have used: live ones as they are now, the others as listed. */
  readonly usedInTree = (id: string): Used[] =>
    this.#tree(id).flatMap(
      (member) => this.#sessions.get(member)?.session.state.head ?? this.listing.get(member) ?? [],
    );

  /** The session and everything below it. */
  #tree(id: string): string[] {
    return [id, ...this.listing.children(id).flatMap((child) => this.#tree(child))];
  }

  #require(id: string): SessionSummary {
    const summary = this.listing.get(id);
    if (!summary) throw new WorkbenchError('notFound', `There is no session ${id}.`);
    return summary;
  }
}
