import { unlink } from 'node:fs/promises';
import type { SessionState } from '../../shared/session/state.ts';
import type { Log } from '../log.ts';
import { readBlob, writeBlob } from './blobs.ts';
import { within } from './deadline.ts';
import { removeLeftovers } from './durable-file.ts';
import { createJournal } from './journal.ts';
import { journalBytes, listSegments } from './journal-read.ts';
import { repairJournal } from './journal-repair.ts';
import type { ProcessLock } from './process-lock.ts';
import type { JournalStart } from './segment-writer.ts';
import { readContent, type SessionPaths, snapshotDocument, snapshotOf } from './session-files.ts';
import type { LoadedSession, SessionLog } from './session-store.ts';
import { explain } from './storage-error.ts';

export interface FileSessionLogOptions {
  id: string;
  paths: SessionPaths;
  lock: ProcessLock;
  log: Log;
  /** The folder was just made: there is nothing to read. */
  isNew: boolean;
}

/** The log of one session on disk, for the owner of its lock. */
export function createFileSessionLog({ id, paths, lock, log, isNew }: FileSessionLogOptions): SessionLog {
  const document = snapshotDocument(paths, log);
  let begin: Promise<JournalStart> | undefined = isNew ? Promise.resolve({ lastSegment: 0 }) : undefined;
  let loadedBytes = 0;
  let loadedSeq = 0;
  /** Value of `bytesWritten` when the snapshot was taken. */
  let snapshotAt = 0;
  let saving: Promise<void> = Promise.resolve();
  let closed = false;
  const journal = createJournal({ directory: paths.journal, log, start: () => begin ?? startOf(load()) });
  const bytesWritten = () => loadedBytes + journal.bytesAppended();

  function startOf(loading: Promise<{ start: JournalStart }>): Promise<JournalStart> {
    const starting = loading.then((found) => found.start);
    begin = starting;
    starting.catch(() => {
      begin = undefined;
    });
    return starting;
  }

  async function load(): Promise<LoadedSession & { start: JournalStart }> {
    await Promise.all([paths.folder, paths.blobs].map((path) => removeLeftovers(path, true).catch(() => undefined)));
    const { snapshot, scan, problems } = await readContent(id, paths, document, false);
    const repair = await repairJournal(paths.journal, scan);
    const start = await startAfter(paths.journal, repair.end);
    loadedBytes = await journalBytes(paths.journal);
    loadedSeq = Math.max(scan.lastSeq, snapshot?.seq ?? 0);
    snapshotAt = loadedBytes - scan.envelopeBytes;
    const content = { envelopes: scan.envelopes, problems: [...problems, ...repair.problems], start };
    return snapshot === undefined ? content : { snapshot: snapshot.state, ...content };
  }

  async function save(state: SessionState): Promise<void> {
    // A snapshot must not be ahead of the journal, so it waits for the lines that are in it.
    const seq = journal.lastAppended() || loadedSeq;
    const at = bytesWritten();
    if (!(await journal.flush()) || closed) return;
    await document.save(snapshotOf(seq, state));
    snapshotAt = at;
  }

  return {
    async load() {
      const loading = load();
      await startOf(loading);
      const { start: _, ...content } = await loading;
      return content;
    },
    listen: journal.listen,
    append: journal.append,
    hurry: journal.hurry,
    saveSnapshot(state) {
      const done = save(state).catch((error) => {
        log.warn('A snapshot could not be written', { session: id, reason: explain(error) });
      });
      saving = Promise.all([saving, done]).then(() => undefined);
      return done;
    },
    bytesSinceSnapshot: () => bytesWritten() - snapshotAt,
    journalBytes: bytesWritten,
    writeBlob: (bytes) => writeBlob(paths.blobs, bytes),
    readBlob: (hash) => readBlob(paths.blobs, hash),
    async close(deadlineMs) {
      const saved = await journal.close(deadlineMs);
      closed = true;
      // While a write hangs, another owner could cut what it is writing; the lock then goes with this process.
      const released = Promise.all([journal.settled(), saving]).then(() => lock.release());
      await within(released, 1000);
      return saved;
    },
  };
}

/** An empty last segment is removed, so that the next one is named after its first line. */
async function startAfter(directory: string, end: JournalStart['end']): Promise<JournalStart> {
  if (end?.offset === 0) await unlink(end.path);
  const lastSegment = (await listSegments(directory)).at(-1)?.firstSeq ?? 0;
  return end === undefined || end.offset === 0 ? { lastSegment } : { end, lastSegment };
}
