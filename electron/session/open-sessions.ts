import { WorkbenchError } from '../../shared/errors.ts';
import type { SessionConfig } from '../../shared/session/config.ts';
import type { EventOf, SessionEvent } from '../../shared/session/events.ts';
import { isRunning, openCalls } from '../../shared/session/selectors.ts';
import { shutdownReason } from '../agent/abort.ts';
import type { Broker } from '../approvals/broker.ts';
import type { Log } from '../log.ts';
import type { SessionLog } from '../storage/session-store.ts';
import { storageError } from '../storage/storage-error.ts';
import type { Stores } from '../storage/stores.ts';
import { endGroupIfSame } from '../tools/process-group.ts';
import { type Countdown, countdown, type UnsavedSession } from './closing.ts';
import { copies, copyBlobs, type Fork } from './fork.ts';
import type { Listing } from './listing.ts';
import { recover } from './recover.ts';
import { rowFollower } from './row-follower.ts';
import { Runner, type RunnerDeps } from './runner.ts';
import { Session, type Subscriber } from './session.ts';
import { queuedApprovals, summarize } from './summary.ts';

/** A session in memory, with the lock on its files. */
export interface Live {
  runner: Runner;
  session: Session;
  log: SessionLog;
  unsubscribe(): void;
}

/** What sessions are made of and written with, whoever opens them. */
export interface SessionSurroundings {
  store: Stores;
  /** A session's facts wait in memory, or no longer do. */
  onUnsaved?(store: string, sessionId: string, reason: string | undefined): void;
  broker: Broker;
  redact(event: SessionEvent): SessionEvent;
  /** False on the command line: then no run is left waiting for a person. */
  someoneAnswers: boolean;
  now(): number;
  newId(): string;
  log: Log;
}

export interface OpenSessionsDeps extends SessionSurroundings {
  listing: Listing;
  loopPorts: RunnerDeps['ports'];
  /** Nothing runs in this session any more. */
  whenIdle(session: Session): Promise<void>;
  /** Ends what works on contexts beside the runs. */
  stopContexts(): Promise<unknown>;
}

/**
 * The sessions that this process holds: opened from disk on first use, each at most once, with the run that was under way taken up or
 * closed. The registry is synchronous; nothing is awaited while it is being changed.
 */
export class OpenSessions {
  readonly #deps: OpenSessionsDeps;
  readonly #live = new Map<string, Live>();
  readonly #opening = new Map<string, Promise<Live>>();
  readonly #creating = new Set<Promise<string>>();
  readonly #leaving = new Set<string>();
  /** With the ends of their subscriptions, by session. */
  readonly #subscribers = new Map<Subscriber, Map<string, () => void>>();
  #ending: Promise<UnsavedSession[]> | undefined;

  constructor(deps: OpenSessionsDeps) {
    this.#deps = deps;
  }

  /** The session if it is open, without opening it. */
  get(id: string): Live | undefined {
    return this.#live.get(id);
  }

  /** Open, about to be, or on its way out. */
  holds(id: string): boolean {
    return this.#live.has(id) || this.#opening.has(id) || this.#leaving.has(id);
  }

  /** Lets go of a session for good: while `remove` closes and deletes it nobody opens it again. */
  async leave(id: string, remove: () => Promise<void>): Promise<void> {
    this.#live.delete(id);
    this.#leaving.add(id);
    // What listens to all sessions would keep all that this one held in memory.
    for (const ends of this.#subscribers.values()) ends.delete(id);
    await remove().finally(() => this.#leaving.delete(id));
  }

  /** Makes a session; returns its id once the disk has it, or refuses it. `copied` is the conversation a fork begins with. */
  async create(
    config: SessionConfig,
    place: Pick<EventOf<'session.created'>, 'depth' | 'parent' | 'forkedFrom'>,
    origin: { store?: string; copied?: { fork: Fork; from: SessionLog } },
  ): Promise<string> {
    if (this.#ending) throw shuttingDown();
    const creating = this.#make(config, place, origin);
    this.#creating.add(creating);
    return creating.finally(() => this.#creating.delete(creating));
  }

  async #make(
    config: SessionConfig,
    place: Pick<EventOf<'session.created'>, 'depth' | 'parent' | 'forkedFrom'>,
    { store, copied }: { store?: string; copied?: { fork: Fork; from: SessionLog } },
  ): Promise<string> {
    const id = this.#deps.newId();
    const log = await this.#deps.store.create(id, store);
    if (copied) await this.#orUndo(id, log, copyBlobs(copied.fork, copied.from, log));
    const session = Session.create(id, { log, now: this.#deps.now, redact: this.#deps.redact });
    let appended = session.append({ type: 'session.created', config, ...place });
    for (const event of copied ? copies(copied.fork) : []) appended = session.append(event);
    this.#register(session, log);
    await session.saved(appended);
    return id;
  }

  /** What a session that cannot be made has left behind goes with it, so that it neither shows up later nor holds its lock. */
  async #orUndo(id: string, log: SessionLog, making: Promise<void>): Promise<void> {
    try {
      await making;
    } catch (thrown) {
      await log.close(0).catch(() => false);
      await this.#deps.store.remove(id).catch(() => undefined);
      throw storageError(`copy what the conversation shows`, thrown);
    }
  }

  /**
   * With its ancestors, for a child is judged with them. One that is gone leaves an orphan, which is judged alone; one that another
   * process runs keeps its children there.
   */
  async activate(id: string): Promise<Live> {
    const live = await this.open(id);
    for (let parent = live.session.state.head.parent; parent; ) {
      const above = await this.open(parent.sessionId).catch((thrown) => {
        if (thrown instanceof WorkbenchError && thrown.code === 'elsewhere') throw thrown;
        return undefined;
      });
      parent = above?.session.state.head.parent;
    }
    return live;
  }

  /** This session alone, whoever is above it. Throws `notFound`, `elsewhere`, `storage` or, from a shutdown on, `busy`. */
  open(id: string): Promise<Live> {
    return this.#ending ? Promise.reject(shuttingDown()) : this.#open(id);
  }

  #open(id: string): Promise<Live> {
    const live = this.#live.get(id);
    if (live) return Promise.resolve(live);
    const opening = this.#opening.get(id);
    if (opening) return opening;
    if (this.#leaving.has(id)) return Promise.reject(new WorkbenchError('notFound', 'This session is being deleted.'));
    const opened = this.#openFromDisk(id).finally(() => this.#opening.delete(id));
    this.#opening.set(id, opened);
    return opened;
  }

  async #openFromDisk(id: string): Promise<Live> {
    const log = await this.#deps.store.open(id);
    const loaded = await log.load();
    const session = Session.restore(id, loaded, { log, now: this.#deps.now, redact: this.#deps.redact });
    for (const text of loaded.problems) {
      session.append({ type: 'notice.posted', noticeId: this.#deps.newId(), level: 'warning', text });
    }
    const live = this.#register(session, log);
    await this.#recover(live);
    return live;
  }

  #register(session: Session, log: SessionLog): Live {
    const runner = new Runner(session, {
      ports: this.#deps.loopPorts,
      idle: (of) => void this.#whenIdle(of),
      newId: this.#deps.newId,
      log: this.#deps.log,
    });
    const row = rowFollower(
      () => {
        if (this.#live.get(session.id)?.session === session) this.list(session);
      },
      (reason) => this.#deps.onUnsaved?.(this.#deps.store.storeOf(session.id), session.id, reason),
    );
    const unfollow = session.subscribe(row.subscriber);
    const unsubscribe = () => {
      unfollow();
      row.end();
    };
    const live: Live = { runner, session, log, unsubscribe };
    this.#live.set(session.id, live);
    for (const [subscriber, ends] of this.#subscribers) ends.set(session.id, session.subscribe(subscriber));
    this.list(session);
    return live;
  }

  /** Writes the index row of an open session anew. */
  list(session: Session): void {
    const summary = { ...summarize(session.state, session.unsaved), ...this.#deps.store.keptIn(session.id) };
    const path = [
      ...(summary.parentId ? this.#deps.listing.path(summary.parentId) : []),
      { id: session.id, title: summary.title },
    ];
    const journalBytes = this.#live.get(session.id)?.log.journalBytes() ?? 0;
    const { ledger = [] } = session.state.head;
    this.#deps.listing.put({ summary, approvals: queuedApprovals(session.state, path), ledger, journalBytes });
  }

  /** A child is judged with all of these as they are now, not as they were when it was made. */
  ancestorsOf(session: Session): Session[] {
    const ancestors: Session[] = [];
    for (let id = session.state.head.parent?.sessionId; id; ) {
      const parent = this.#live.get(id)?.session;
      if (!parent) break;
      ancestors.push(parent);
      id = parent.state.head.parent?.sessionId;
    }
    return ancestors;
  }

  async #recover({ session, runner }: Live): Promise<void> {
    const children = openCalls(session.state).flatMap((call) => call.childId ?? []);
    const waiting = new Set<string>();
    for (const childId of children) {
      const child = await this.#open(childId).catch(() => undefined);
      if (child?.runner.running) waiting.add(childId);
    }
    const processes = openCalls(session.state).flatMap((call) => call.process ?? []);
    const recovery = recover(session.state, (childId) => waiting.has(childId), this.#deps.someoneAnswers);
    if (recovery.kind === 'wait') {
      const waiting = session.state.head.approvals.map((approval) => approval.id);
      this.#deps.broker.expect(waiting, runner.resume());
    }
    if (recovery.kind !== 'interrupted') return;
    for (const event of recovery.events) session.append(event);
    // The index follows what is published, and must not show the run as running when the window opens.
    await session.allSaved();
    for (const childId of waiting) await this.#live.get(childId)?.runner.cancel(shutdownReason);
    await Promise.all(processes.map(({ pid, startTime }) => this.#endLeftOver(session, pid, startTime)));
  }

  async #endLeftOver(session: Session, pid: number, startTime: string): Promise<void> {
    const end = await endGroupIfSame(pid, startTime);
    if (end === 'gone') return;
    const text =
      end === 'ended'
        ? `A command of the interrupted run was still running (process ${pid}) and was ended.`
        : `Process ${pid} of the interrupted run could not be ended for certain.`;
    session.append({ type: 'notice.posted', noticeId: this.#deps.newId(), level: 'warning', text });
  }

  /** Every envelope of every session that is opened or made from now on, each from its first. */
  subscribeAll(subscriber: Subscriber): () => void {
    const ends = new Map<string, () => void>();
    this.#subscribers.set(subscriber, ends);
    return () => {
      this.#subscribers.delete(subscriber);
      for (const end of ends.values()) end();
    };
  }

  /** Resolves when the disk has all there is of every open session (true), or as soon as it refuses some of it (false). */
  async allSaved(): Promise<boolean> {
    const saved = await Promise.all([...this.#live.values()].map(({ session }) => session.allSaved()));
    return saved.every(Boolean);
  }

  /**
   * Refuses what is new and ends every run as interrupted, except those that only wait for a person: they go on waiting after the next
   * start. Then closes every session. Resolves by the deadline, whatever hangs, with those whose facts the disk does not have. Asked
   * again, it is the same shutdown.
   */
  shutdown(deadlineMs: number): Promise<UnsavedSession[]> {
    this.#ending ??= this.#shutdown(countdown(deadlineMs), Math.min(1000, deadlineMs / 3));
    return this.#ending;
  }

  /** `reserve` is the time that closing is given in any case, so that one run that does not end cannot take it from all others. */
  async #shutdown(time: Countdown, reserve: number): Promise<UnsavedSession[]> {
    const ending = this.#endRuns();
    // What is being opened or made would keep its lock if it came after the rest was closed.
    await time.wait(Promise.allSettled([...this.#opening.values(), ...this.#creating]), reserve);
    await time.wait(Promise.all([...ending, ...this.#endRuns(), this.#deps.stopContexts()]), reserve);
    const closed = await Promise.all([...this.#live.values()].map((live) => this.#close(live, time)));
    this.#live.clear();
    return closed.filter((unsaved) => unsaved !== undefined);
  }

  #endRuns(): Promise<unknown>[] {
    const all = [...this.#live.values()];
    for (const { runner } of all) runner.refuse();
    return all.filter((live) => !this.#waitsOnly(live)).map(({ runner }) => runner.cancel(shutdownReason));
  }

  async #close({ session, log, unsubscribe }: Live, time: Countdown): Promise<UnsavedSession | undefined> {
    await time.wait(session.snapshotIfDue('closing'));
    this.list(session);
    unsubscribe();
    let saved = false;
    await time.wait(
      log.close(time.left()).then((done) => {
        saved = done;
      }),
    );
    if (saved) return undefined;
    const reason = session.unsaved ?? 'the disk did not answer in time';
    return { id: session.id, title: this.#deps.listing.get(session.id)?.title ?? '', reason };
  }

  #waitsOnly({ session }: Live): boolean {
    const childWaits = (id: string): boolean => {
      const child = this.#live.get(id);
      return child !== undefined && isRunning(child.session.state.head) && this.#waitsOnly(child);
    };
    return recover(session.state, childWaits, true).kind === 'wait';
  }

  async #whenIdle(session: Session): Promise<void> {
    if (!this.#ending && this.#live.has(session.id)) await this.#deps.whenIdle(session);
  }
}

const shuttingDown = (): WorkbenchError =>
  new WorkbenchError('busy', 'Switchyard is shutting down.', 'Start it again to go on.');
