import { mkdir } from 'node:fs/promises';
import type { QueuedApproval, SessionSummary, StoreHealth } from '../../shared/app/state.ts';
import { orThrow, type Result, WorkbenchError } from '../../shared/errors.ts';
import type { Answer } from '../../shared/ipc/contract.ts';
import type { ConfirmationPolicy } from '../../shared/permissions/confirmation.ts';
import type { SessionConfig } from '../../shared/session/config.ts';
import { activeItems } from '../../shared/session/line.ts';
import type { ContextMeasure, Item } from '../../shared/session/state.ts';
import type { MemoryStore } from '../memory/memory-store.ts';
import type { ResolvedModel } from '../model/model-client.ts';
import type { SkillRegistry } from '../skills/skill-registry.ts';
import { within } from '../storage/deadline.ts';
import { createFileStore } from '../storage/file-store.ts';
import type { IndexEntry } from '../storage/index-entry.ts';
import { createMemoryStore } from '../storage/memory-store.ts';
import type { SessionStore } from '../storage/session-store.ts';
import { createStores } from '../storage/stores.ts';
import type { Tool } from '../tools/tool.ts';
import { Children } from './children.ts';
import type { UnsavedSession } from './closing.ts';
import { configureSession, type Unset } from './configure.ts';
import { checkedConfirmation, confirmationOf, withRemaining } from './confirmation.ts';
import { ContextKeeper } from './context-keeper.ts';
import { Deletion } from './deletion.ts';
import { toMarkdown } from './export-markdown.ts';
import { forkOf } from './fork.ts';
import { Listing } from './listing.ts';
import type { ManagerDeps } from './manager-deps.ts';
import { configOf, type NewSession } from './new-session.ts';
import { OpenSessions } from './open-sessions.ts';
import { pause, refuseIfPaused, resume } from './pause.ts';
import { clearConversation, resendPrompt, restoreBranch } from './rewind.ts';
import type { PromptQueue, Runner, RunResult } from './runner.ts';
import { heard, type Session, type Subscriber } from './session.ts';
import { SessionFinder } from './session-finder.ts';
import { SessionReader } from './session-reader.ts';
import { createToolExecutor, type ToolExecutor } from './tool-executor.ts';
import { exportJson, importSession, parseExport } from './transfer.ts';
import { canonicalWorkspace } from './workspace.ts';

/** So long a stop waits for the disk to have it. */
const savedWithinMs = 1000;

/** `saved` is false when the disk refuses the prompt for now: it is then kept in memory and tried again. */
interface SentPrompt {
  promptId: string;
  saved: boolean;
}

/** All sessions of a data folder: makes them, finds them, runs them, ends them. */
export class SessionManager {
  readonly #deps: ManagerDeps;
  readonly #sessions: OpenSessions;
  readonly #deletion: Deletion;
  readonly listing: Listing;
  /** What the models of sessions are shown. */
  readonly context: ContextKeeper;
  readonly reader: SessionReader;
  readonly finder: SessionFinder;
  readonly children: Children;

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
      loopPorts: (session) => this.context.loopPorts(session),
      whenIdle: async ({ id }) => {
        if (deps.compactsWhenIdle) await this.context.maybeAutoCompact(id).catch(() => false);
      },
      stopContexts: () => this.context.stopAll(),
    });
    const { store, log, onUnsaved, deletedCosts } = deps;
    const open = { sessions: this.#sessions, listing: this.listing, store };
    this.#deletion = new Deletion({ ...open, context: this.context, onUnsaved, deletedCosts, log });
    this.reader = new SessionReader(open);
    this.finder = new SessionFinder({ ...open, deletion: this.#deletion });
    this.children = new Children({ ...open, deletion: this.#deletion });
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
  createChildSession(parentId: string, config: Partial<NewSession>, callId?: string): Promise<string> {
    return this.children.create(parentId, config, callId);
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

  /** Lists what the stores hold, from the cache where it is up to date; see `SessionFinder.load`. */
  loadAllSessions(cached: Record<string, IndexEntry> = {}): Promise<number> {
    return this.finder.load(cached);
  }

  /** Makes a stored session live; nothing when it is. Throws `notFound`, `elsewhere`, or `storage` with what is damaged. */
  async restoreSessionById(id: string): Promise<void> {
    await this.#sessions.activate(id);
  }

  /** Makes a session from what `exportSession` gave and returns its id. Throws `invalid` when it is something else. */
  async importSession(text: string): Promise<string> {
    const id = await importSession(this.#deps, parseExport(text));
    await this.finder.lookAtOutside(id);
    return id;
  }

  /** Everything of a session as a text: JSON that can be imported again, or Markdown to read. */
  async exportSession(id: string, format: 'json' | 'markdown'): Promise<string> {
    this.listing.require(id);
    await this.#sessions.get(id)?.session.allSaved();
    return format === 'markdown' ? toMarkdown(await this.reader.state(id)) : exportJson(this.#deps.store, id);
  }

  /** Keeps a session out of the lists, or brings it back. Throws `busy` while it or one below it works. */
  async archiveSession(id: string, archived: boolean): Promise<void> {
    if (archived && this.#runnersFrom(id).some(({ running }) => running)) {
      throw new WorkbenchError('busy', 'This session is at work.', 'Stop it first, then archive it.');
    }
    const { session } = await this.#sessions.activate(id);
    if ((session.state.head.archivedAt !== undefined) === archived) return;
    await session.saved(session.append({ type: archived ? 'session.archived' : 'session.unarchived' }));
  }

  /** Refuse, cancel, await, close, delete; children first. Throws when the disk would not let go of it, and `busy` from a shutdown on. */
  destroySession(id: string, children: 'destroy' | 'keep' = 'destroy'): Promise<void> {
    return this.#deletion.destroy(id, children);
  }

  /** The live session. Reads it from disk on first use, and takes up or closes the run that was under way. */
  async getSession(id: string): Promise<Session> {
    return (await this.#sessions.activate(id)).session;
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
    return this.listing.require(id).parentId !== undefined;
  }

  /** Envelopes of one session from now on; what was before is in its state. */
  async subscribe(id: string, subscriber: Subscriber): Promise<() => void> {
    return (await this.getSession(id)).subscribe(subscriber);
  }

  /** Every envelope of every session that is opened or made from now on, each from its first. */
  subscribeAll(subscriber: Subscriber): () => void {
    return this.#sessions.subscribeAll(subscriber);
  }

  /**
   * Runs a prompt and resolves with its own run's result, queued behind what runs already. Throws `paused` when it would wait for
   * somebody to resume the session.
   */
  generate(id: string, prompt: string, signal?: AbortSignal): Promise<RunResult> {
    return this.generateStreaming(id, prompt, { envelope: () => {} }, signal);
  }

  /** As `generate`, and every envelope on the way. Both resolve once the disk has the run, or refuses it for now. */
  async generateStreaming(
    id: string,
    prompt: string,
    subscriber: Subscriber,
    signal?: AbortSignal,
  ): Promise<RunResult> {
    const runner = await this.#unpaused(id);
    return heard(runner.session, subscriber, () => runner.generate(prompt, 'person', signal));
  }

  /** Queues a prompt. */
  send(id: string, text: string): Promise<SentPrompt> {
    return this.#send(id, (runner) => runner.send(text, 'person'));
  }

  /** As `send`, but a run under way hears of it at its next turn. */
  steer(id: string, text: string): Promise<SentPrompt> {
    return this.#send(id, (runner) => runner.send(text, 'person', { steer: true }));
  }

  /**
   * Changes, moves, sends now or takes out the prompts of a session that wait for their turn. Resolves when the disk has it, or refuses
   * it for now: then the session is marked unsaved.
   */
  async changeQueue<T>(id: string, change: (queue: PromptQueue) => T): Promise<T> {
    const { session, runner } = await this.#sessions.activate(id);
    const changed = change(runner);
    await session.allSaved();
    return changed;
  }

  /** Sends a prompt of the conversation again, changed or not, from where it stood; what came after stays as a branch. */
  resendPrompt(id: string, promptId: string, text?: string): Promise<SentPrompt> {
    return this.#send(id, (runner) => resendPrompt(runner, this.#deps.newId, promptId, text));
  }

  /** Ends the run of this session and of all below it, and waits until they have ended. False when nothing ran. */
  async cancelOperation(id: string): Promise<boolean> {
    this.listing.require(id);
    const ended = await Promise.all(
      this.#runnersFrom(id).map(async (runner) => {
        const ran = await runner.cancel();
        // A disk that hangs must not make a stop look as if it had not worked.
        if (ran) await within(runner.session.allSaved(), savedWithinMs);
        return ran;
      }),
    );
    return ended.some(Boolean);
  }

  /**
   * From here on no turn begins in this session or below it; a turn under way ends first, and what waits for a person goes on waiting.
   * Prompts queue. It outlives a restart. False when it was paused already.
   */
  async pauseSession(id: string): Promise<boolean> {
    return pause((await this.#sessions.activate(id)).session);
  }

  /** The held run goes on, or else the queue. False when it was not paused. */
  async resumeSession(id: string): Promise<boolean> {
    return resume((await this.#sessions.activate(id)).runner);
  }

  /** The conversation as it stands; what was left of it is in the branches of the state. */
  async history(id: string): Promise<readonly Item[]> {
    return activeItems((await this.getSession(id)).state);
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

  /** What waits for a person, in one session or in all; with what is left of its time where it has an end. */
  listPendingApprovals(id?: string): (QueuedApproval & { remainingMs?: number })[] {
    return this.listing
      .approvals()
      .filter(({ sessionId }) => id === undefined || sessionId === id)
      .map((approval) => withRemaining(approval, this.#deps.now()));
  }

  /** First answer wins; resolves when the disk has it, or refuses it for now: then the session is marked unsaved. */
  async answerApproval(answer: Answer): Promise<Result<void>> {
    const answered = await this.#deps.broker.answer(answer);
    if (!answered.ok) return answered;
    await this.#answered(answered.value);
    return { ok: true, value: undefined };
  }

  /** Sets a question aside, or takes it back from there; it goes on blocking its call. */
  async deferApproval(id: string, deferred: boolean): Promise<void> {
    await this.#answered(orThrow(this.#deps.broker.defer(id, deferred)));
  }

  async #answered({ sessionId, flushed }: { sessionId: string; flushed: Promise<void> }): Promise<void> {
    await this.#sessions.get(sessionId)?.session.saved({ flushed });
  }

  /** The reference's name for an answer by call. False when nothing waits there. */
  async confirmTool(id: string, callId: string, approved: boolean, reason?: string): Promise<boolean> {
    const approval = this.listPendingApprovals(id).find((one) => one.callId === callId);
    if (!approval) return false;
    const decision = approved ? 'allow' : 'deny';
    return (await this.answerApproval({ id: approval.id, shownHash: approval.hash, decision, comment: reason })).ok;
  }

  /** Takes back the questions of a session, or of this one of its calls: they are not run, its run goes on. Tells how many. */
  async cancelConfirmations(id: string, callId?: string): Promise<number> {
    const asked = this.listPendingApprovals(id).filter((one) => callId === undefined || one.callId === callId);
    const cancelled = asked.map((approval) => this.#deps.broker.cancel(approval.id)).filter(({ ok }) => ok);
    await Promise.all(cancelled.map((one) => this.#answered(orThrow(one))));
    return cancelled.length;
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

  listTools(): Tool[] {
    return this.#deps.tools();
  }

  /** Runs single calls through the one pipeline of a session, never around its permissions. */
  toolExecutor(): ToolExecutor {
    return createToolExecutor({
      tools: this.#deps.tools,
      runner: async (id) => (await this.#sessions.activate(id)).runner,
    });
  }

  /** Adds a place where sessions can be kept, and lists what it holds. Throws `invalid` when its name is taken. */
  async registerStore(name: string, store: SessionStore): Promise<void> {
    this.#deps.store.register(name, store);
    this.#deps.onStoreAdded?.();
    await this.finder.lookAtStores();
  }

  storeHealth(): Promise<StoreHealth[]> {
    return this.#deps.store.health();
  }

  blobs(id: string): { write(bytes: Uint8Array): Promise<string>; read(hash: string): Promise<Uint8Array> } {
    const log = this.#sessions.get(id)?.log;
    if (!log) throw new WorkbenchError('notFound', 'This session is not open.');
    return { write: (bytes) => log.writeBlob(bytes), read: (hash) => log.readBlob(hash) };
  }

  /** Resolves when the disk has all there is of every open session (true), or as soon as it refuses some of it (false). */
  allSaved(): Promise<boolean> {
    return this.#sessions.allSaved();
  }

  /** See `OpenSessions.shutdown`: ordered, by the deadline; resolves with the sessions that the disk does not have whole. */
  shutdown(deadlineMs: number): Promise<UnsavedSession[]> {
    return this.#sessions.shutdown(deadlineMs);
  }

  async #send(id: string, send: (runner: Runner) => ReturnType<Runner['send']>): Promise<SentPrompt> {
    const { session, runner } = await this.#sessions.activate(id);
    const { promptId, flushed } = send(runner);
    return { promptId, saved: await session.saved({ flushed }) };
  }

  async #unpaused(id: string): Promise<Runner> {
    const { session, runner } = await this.#sessions.activate(id);
    refuseIfPaused(session);
    return runner;
  }

  /** Of this session and of all below it, where they are open. */
  #runnersFrom(id: string): Runner[] {
    return this.listing.tree(id).flatMap((member) => this.#sessions.get(member)?.runner ?? []);
  }
}
