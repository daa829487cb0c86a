import type { Envelope } from '../../shared/session/events.ts';
import type { SessionState } from '../../shared/session/state.ts';

/** What a store's index knows of a session without reading its body. */
export interface StoredSession {
  id: string;
  /** Bytes of its journal: differs from the index's when something was written behind its back. */
  journalBytes: number;
  /** There is a lock: only then can another process hold it. */
  locked?: boolean;
  /** Another one once somebody has taken its lock, without which nobody writes. Absent where that cannot be told. */
  stamp?: string;
}

/** What an earlier `list` said of sessions, by id: the length of one whose stamp is still the same need not be looked up again. */
export type KnownSessions = Readonly<Record<string, Pick<StoredSession, 'journalBytes' | 'stamp'>>>;

/** What is on disk of a session. `envelopes` are those after the snapshot, in order. */
export interface LoadedSession {
  snapshot?: SessionState;
  envelopes: Envelope[];
  /** Damage that was found: each names the file, what was set aside and where it is kept. Empty when all is well. */
  problems: string[];
  /** The journal ends in a line that was cut short before it was confirmed: no damage, since nobody was told that it is there. */
  torn?: string;
}

/** Told in order of `seq`. Between `failed` and the next `flushed` nothing new is durable; the log keeps everything and retries. */
export interface LogListener {
  /** Every line with this `seq` or a smaller one is on disk. */
  flushed(seq: number): void;
  failed(reason: string): void;
}

/** The append-only log of one session, held under that session's lock until `close`. */
export interface SessionLog {
  load(): Promise<LoadedSession>;
  listen(listener: LogListener): void;
  /** Takes a durable envelope; never throws, never blocks. It is on disk some milliseconds later, with others that came meanwhile. */
  append(envelope: Envelope): void;
  /** Somebody waits for what was appended: the log need not gather any longer. */
  hurry(): void;
  /** A cache that speeds loading; losing it costs a replay, never a fact. Never rejects. `state` must hold all that was appended. */
  saveSnapshot(state: SessionState): Promise<void>;
  /** Bytes appended since the last snapshot. */
  bytesSinceSnapshot(): number;
  /** Bytes of the journal, as `list` tells them once everything is flushed. */
  journalBytes(): number;
  writeBlob(bytes: Uint8Array): Promise<string>;
  readBlob(hash: string): Promise<Uint8Array>;
  /** Waits at most `deadlineMs` for what is unwritten, then releases the lock. Returns false if something could not be written. */
  close(deadlineMs: number): Promise<boolean>;
}

/** Where sessions live. */
export interface SessionStore {
  readonly name: string;
  /** All, or those of `ids` that exist. */
  list(ids?: string[], known?: KnownSessions): Promise<StoredSession[]>;
  /** Takes the session's lock. Throws `notFound`, `elsewhere` (another living process holds it), `busy` (this one does) or `storage`. */
  open(id: string): Promise<SessionLog>;
  /** Makes the session's folder and takes its lock. Throws `storage`. */
  create(id: string): Promise<SessionLog>;
  /**
   * Reads without lock and writes nothing, so damage is only reported. `fromStart` leaves the snapshot out and gives every envelope.
   * Throws `notFound`.
   */
  read(id: string, options?: { fromStart?: boolean }): Promise<LoadedSession>;
  /** Reads a blob without lock. Throws `invalid`, `notFound`, or `storage` when its content is not what its hash says. */
  readBlob(id: string, hash: string): Promise<Uint8Array>;
  /** True while another living process holds its lock. */
  isElsewhere(id: string): Promise<boolean>;
  /** Deletes for good; the caller has closed the log. */
  remove(id: string): Promise<void>;
  /** Resolves when the store can be written; rejects with the reason. */
  checkHealth(): Promise<void>;
}
