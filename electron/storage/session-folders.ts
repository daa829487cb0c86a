import { type Stats, statSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { journalBytes } from './journal-read.ts';
import { sessionPaths } from './session-files.ts';
import type { KnownSessions, StoredSession } from './session-store.ts';
import { codeOf } from './storage-error.ts';

/** Of a younger folder a second change could bear the time of the first: file systems tell times apart by up to two seconds. */
const settledMs = 3000;
/** After so long others get their turn. */
const sliceMs = 5;

/** The sessions among the folders `ids`. One system call for each that `known` has and nobody has opened since. */
export async function describeSessions(
  sessions: string,
  ids: readonly string[],
  known: KnownSessions,
): Promise<StoredSession[]> {
  const found: (StoredSession | Promise<StoredSession | undefined>)[] = [];
  let since = performance.now();
  for (const id of ids) {
    found.push(ifUnchanged(sessions, id, known[id]) ?? describeFolder(sessions, id));
    if (performance.now() - since < sliceMs) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
  return (await Promise.all(found)).filter((session) => session !== undefined);
}

/** Asked for in the same thread: a thousand questions to others take twice as long. */
function ifUnchanged(sessions: string, id: string, known?: KnownSessions[string]): StoredSession | undefined {
  if (known?.stamp === undefined) return undefined;
  try {
    const stamp = stampOf(statSync(join(sessions, id)));
    return stamp === known.stamp ? { id, journalBytes: known.journalBytes, stamp } : undefined;
  } catch {
    return undefined;
  }
}

/** Taking a lock adds a name to the folder and so changes its times. */
const stampOf = ({ mtimeMs, ctimeMs }: Stats): string => `${mtimeMs} ${ctimeMs}`;

/** What is no session, or one whose making was cut short before its first fact, is left out. */
async function describeFolder(sessions: string, id: string): Promise<StoredSession | undefined> {
  try {
    const paths = sessionPaths(sessions, id);
    // Before the rest, so that a change meanwhile makes it an old one.
    const stats = await stat(paths.folder);
    const [names, bytes] = await Promise.all([readdir(paths.folder), journalBytes(paths.journal)]);
    if (bytes === 0 && !names.includes(basename(paths.snapshot))) return undefined;
    if (names.includes(basename(paths.lock))) return { id, journalBytes: bytes, locked: true };
    const isSettled = Date.now() - stats.mtimeMs > settledMs;
    return { id, journalBytes: bytes, ...(isSettled ? { stamp: stampOf(stats) } : {}) };
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || (code === 'ENOTDIR' && !(await isFolder(join(sessions, id))))) return undefined;
    // Unreadable is not absent: it is listed, and opening it says what is wrong.
    return { id, journalBytes: 0 };
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
