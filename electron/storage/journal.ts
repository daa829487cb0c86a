import type { Envelope } from '../../shared/session/events.ts';
import type { Log } from '../log.ts';
import { within } from './deadline.ts';
import { encodeLine } from './journal-line.ts';
import { createSegmentWriter, type JournalStart, type Line } from './segment-writer.ts';
import type { LogListener } from './session-store.ts';
import { explain } from './storage-error.ts';

export interface JournalOptions {
  directory: string;
  log: Log;
  start: () => Promise<JournalStart>;
  segmentBytes?: number;
  /** First and longest pause between attempts, in milliseconds. */
  retryMs?: { first: number; longest: number };
  /** How long lines that nobody waits for may gather before they are written, in milliseconds. */
  gatherMs?: number;
}

/** The writing end of a journal: takes lines at once, puts them on disk in groups, and keeps trying when the disk refuses. */
export interface Journal {
  /** Lines that gather until somebody waits for one, and all that arrive while a sync is running, share one write and one sync. Never throws. */
  append(envelope: Envelope): void;
  /** Somebody waits for what was appended: it is written in the next tick. */
  hurry(): void;
  listen(listener: LogListener): void;
  /** Bytes given to `append`, written or not. */
  bytesAppended(): number;
  /** `seq` of the newest line given to `append`, 0 when none. */
  lastAppended(): number;
  /** True once everything appended before the call is on disk; false when the journal was closed without that. */
  flush(): Promise<boolean>;
  /** Waits at most `deadlineMs` for what is unwritten; false when some of it stayed unwritten. */
  close(deadlineMs: number): Promise<boolean>;
  /** After `close`: resolves once no write is under way any more, which a hanging disk can delay past the deadline. */
  settled(): Promise<void>;
}

export function createJournal(options: JournalOptions): Journal {
  const { log, retryMs = { first: 250, longest: 5000 }, gatherMs = 8 } = options;
  const segments = createSegmentWriter({ segmentBytes: 4 * 1024 * 1024, ...options });
  const listeners = new Set<LogListener>();
  const flushes: { seq: number; resolve: (done: boolean) => void }[] = [];
  let waiting: Line[] = [];
  let draining: Promise<void> | undefined;
  let gathering: NodeJS.Timeout | undefined;
  let failing = false;
  let pause = retryMs.first;
  let wake = () => {};
  let closed = false;
  let abandoned = false;
  let bytesAppended = 0;
  let lastAppended = 0;

  /** A listener's fault must not look like the disk's, nor stop the writing. */
  function tell(say: (listener: LogListener) => void): void {
    for (const listener of listeners) {
      try {
        say(listener);
      } catch (error) {
        log.error('A journal listener failed', { reason: explain(error) });
      }
    }
  }

  function succeeded(count: number): void {
    const seq = (waiting[count - 1] as Line).seq;
    waiting = waiting.slice(count);
    failing = false;
    pause = retryMs.first;
    tell((listener) => listener.flushed(seq));
    while (flushes[0] && flushes[0].seq <= seq) flushes.shift()?.resolve(true);
  }

  async function failed(error: unknown): Promise<void> {
    const reason = explain(error);
    if (!failing) {
      failing = true;
      log.error('The journal cannot be written', { directory: options.directory, reason });
      tell((listener) => listener.failed(reason));
    }
    if (abandoned) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    pause = Math.min(pause * 2, retryMs.longest);
  }

  function hurry(): void {
    clearTimeout(gathering);
    gathering = undefined;
    if (waiting.length > 0) draining ??= drain();
  }

  async function drain(): Promise<void> {
    // The rest of this tick may append more.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (waiting.length > 0 && !abandoned) {
      try {
        succeeded(await segments.commit(waiting));
      } catch (error) {
        await failed(error);
      }
    }
    draining = undefined;
  }

  async function settled(): Promise<void> {
    await draining;
    await segments.close();
    for (const flush of flushes.splice(0)) flush.resolve(false);
  }

  return {
    append(envelope) {
      if (closed) {
        log.error('An event came after its journal was closed', { stream: envelope.stream, type: envelope.event.type });
        return;
      }
      const bytes = encodeLine(envelope);
      waiting.push({ seq: envelope.seq, bytes });
      bytesAppended += bytes.length;
      lastAppended = envelope.seq;
      if (!draining) gathering ??= setTimeout(hurry, gatherMs);
    },
    hurry,
    listen: (listener) => void listeners.add(listener),
    bytesAppended: () => bytesAppended,
    lastAppended: () => lastAppended,
    flush() {
      hurry();
      return waiting.length === 0 || abandoned
        ? Promise.resolve(waiting.length === 0)
        : new Promise((resolve) => flushes.push({ seq: lastAppended, resolve }));
    },
    async close(deadlineMs) {
      closed = true;
      pause = retryMs.first;
      wake();
      hurry();
      await within(Promise.resolve(draining), deadlineMs);
      abandoned = true;
      wake();
      const saved = waiting.length === 0;
      await within(settled(), 250);
      return saved;
    },
    settled,
  };
}
