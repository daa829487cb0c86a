import { isDurable } from '../../shared/session/durability.ts';
import type { Envelope, SessionEvent } from '../../shared/session/events.ts';
import { emptySession, reduceSession } from '../../shared/session/reduce.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { LoadedSession, SessionLog } from '../storage/session-store.ts';
import { createStreamed } from './streamed.ts';

/** Gets envelopes in order. Must neither throw nor append: it is told of facts and makes none. */
export interface Subscriber {
  envelope(envelope: Envelope): void;
  /** The disk refuses facts: from here on envelopes may be in memory only. Undefined when all is saved again. */
  unsaved?(reason: string | undefined): void;
}

export interface SessionDeps {
  log: SessionLog;
  now(): number;
  /** Takes our own keys out of whatever is about to become a fact. */
  redact(event: SessionEvent): SessionEvent;
}

/** Journal bytes after which a snapshot is due: sooner when the session is idle, for writing one costs as much as it is large. */
const snapshotAfter = { idle: 256 * 1024, running: 4 * 1024 * 1024, closing: 1 };

/**
 * The one door to a session's state. `append` takes a number, reduces, hands to the log and, once the disk has it, publishes. Nothing
 * else changes the state.
 */
export class Session {
  readonly id: string;
  /** Without what is in `#streamed`. */
  #state: SessionState;
  readonly #streamed = createStreamed();
  #seq: number;
  readonly #deps: SessionDeps;
  readonly #subscribers = new Set<Subscriber>();
  #flushedSeq: number;
  #lastDurableSeq: number;
  #unsaved: string | undefined;
  /** Published only after everything durable before it is on disk. */
  #outbox: Envelope[] = [];
  #publishing = false;
  #waiting: { seq: number; resolve: () => void }[] = [];

  private constructor(state: SessionState, deps: SessionDeps) {
    this.id = state.id;
    this.#state = state;
    this.#seq = state.seq;
    this.#deps = deps;
    this.#flushedSeq = state.seq;
    this.#lastDurableSeq = state.seq;
    deps.log.listen({
      flushed: (seq) => this.#onFlushed(seq),
      failed: (reason) => this.#onFailed(reason),
    });
  }

  /** An empty session; the caller appends `session.created`. */
  static create(id: string, deps: SessionDeps): Session {
    return new Session(emptySession(id), deps);
  }

  /** Rebuilds a session from what its log holds. */
  static restore(id: string, loaded: LoadedSession, deps: SessionDeps): Session {
    return new Session(replay(id, loaded), deps);
  }

  get state(): SessionState {
    this.#state = this.#streamed.into(this.#state);
    return this.#state;
  }

  /** Why facts wait in memory, while they do. */
  get unsaved(): string | undefined {
    return this.#unsaved;
  }

  /**
   * `flushed` resolves when the event and all before it are on disk; it never rejects, but waits as long as the disk refuses. Facts for
   * which nobody asks it share the disk's next write.
   */
  append(raw: SessionEvent): { envelope: Envelope; readonly flushed: Promise<void> } {
    const event = this.#deps.redact(raw);
    this.#seq += 1;
    const envelope: Envelope = { stream: this.id, seq: this.#seq, at: this.#deps.now(), event };
    if (!this.#streamed.add(envelope)) this.#state = reduceSession(this.state, envelope);
    this.#outbox.push(envelope);
    if (isDurable(event.type)) {
      this.#lastDurableSeq = envelope.seq;
      this.#deps.log.append(envelope);
    }
    this.#publish();
    const flushed = () => this.#flushedTo(envelope.seq);
    return {
      envelope,
      get flushed() {
        return flushed();
      },
    };
  }

  /** Resolves when the fact is on disk (true) or as soon as the disk refuses (false): for those who must answer a person now. */
  saved(appended: { flushed: Promise<void> }): Promise<boolean> {
    if (this.#unsaved) return Promise.resolve(false);
    return new Promise((resolve) => {
      const subscriber: Subscriber = {
        envelope: () => {},
        unsaved: (reason) => reason && settle(false),
      };
      const settle = (saved: boolean) => {
        this.#subscribers.delete(subscriber);
        resolve(saved);
      };
      this.#subscribers.add(subscriber);
      void appended.flushed.then(() => settle(true));
    });
  }

  /** Resolves when the disk has all there is (true), or at once when it refuses (false). */
  allSaved(): Promise<boolean> {
    return this.saved({ flushed: this.#flushedTo(this.#state.seq) });
  }

  /** From the next envelope on; what was published before is in the state. */
  subscribe(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  /** Writes a snapshot if the journal has grown enough since the last. */
  async snapshotIfDue(moment: keyof typeof snapshotAfter): Promise<void> {
    if (this.#unsaved || this.#deps.log.bytesSinceSnapshot() < snapshotAfter[moment]) return;
    if (!(await this.allSaved())) return;
    await this.#deps.log.saveSnapshot(this.state);
  }

  #flushedTo(last: number): Promise<void> {
    const seq = Math.min(last, this.#lastDurableSeq);
    if (seq <= this.#flushedSeq) return Promise.resolve();
    this.#deps.log.hurry();
    return new Promise((resolve) => this.#waiting.push({ seq, resolve }));
  }

  #onFlushed(seq: number): void {
    this.#flushedSeq = Math.max(this.#flushedSeq, seq);
    this.#setUnsaved(undefined);
    this.#publish();
    const ready = this.#waiting.filter((waiter) => waiter.seq <= this.#flushedSeq);
    this.#waiting = this.#waiting.filter((waiter) => waiter.seq > this.#flushedSeq);
    for (const waiter of ready) waiter.resolve();
  }

  #onFailed(reason: string): void {
    this.#setUnsaved(reason);
    this.#publish();
  }

  #setUnsaved(reason: string | undefined): void {
    if (this.#unsaved === reason) return;
    this.#unsaved = reason;
    for (const subscriber of [...this.#subscribers]) subscriber.unsaved?.(reason);
  }

  /** One at a time, also when a subscriber's doing leads to another fact: everybody hears all in order. */
  #publish(): void {
    if (this.#publishing) return;
    this.#publishing = true;
    try {
      for (let next = this.#outbox[0]; next && !this.#isHeld(next); next = this.#outbox[0]) {
        this.#outbox.shift();
        for (const subscriber of [...this.#subscribers]) subscriber.envelope(next);
      }
    } finally {
      this.#publishing = false;
    }
  }

  #isHeld({ event, seq }: Envelope): boolean {
    return isDurable(event.type) && seq > this.#flushedSeq && !this.#unsaved;
  }
}

/** Does something that makes facts, tells a subscriber of them, and resolves when it has heard them all. */
export async function heard<T>(session: Session, subscriber: Subscriber, work: () => Promise<T>): Promise<T> {
  const unsubscribe = session.subscribe(subscriber);
  try {
    const result = await work();
    // The last envelopes are published once the disk has them.
    await session.allSaved();
    return result;
  } finally {
    unsubscribe();
  }
}

/** The state that a log's snapshot and journal add up to. */
export function replay(id: string, loaded: Pick<LoadedSession, 'snapshot' | 'envelopes'>): SessionState {
  return loaded.envelopes.reduce(reduceSession, loaded.snapshot ?? emptySession(id));
}
