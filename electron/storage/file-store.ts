import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WorkbenchError } from '../../shared/errors.ts';
import { isId } from '../../shared/ids.ts';
import type { Log } from '../log.ts';
import { readBlob } from './blobs.ts';
import { syncDirectory, temporaryBeside, writeSynced } from './durable-file.ts';
import { createFileSessionLog } from './file-session-log.ts';
import { describeDamage, describeTorn } from './journal-repair.ts';
import { describeOwner, isOwn, lockOwner, type ProcessLock, tryLock } from './process-lock.ts';
import { readContent, type SessionPaths, sessionPaths, snapshotDocument } from './session-files.ts';
import { describeSessions } from './session-folders.ts';
import type { SessionStore } from './session-store.ts';
import { codeOf, storageError } from './storage-error.ts';

const tombstone = '.removed-';

/** Sessions as folders under `<root>/sessions`, each held by one process at a time. */
export function createFileStore({ root, log }: { root: string; log: Log }): SessionStore {
  const sessions = join(root, 'sessions');
  let prepared: Promise<void> | undefined;

  /** Before the first write: makes the folder and finishes removals that were interrupted. */
  function prepare(): Promise<void> {
    prepared ??= (async () => {
      await mkdir(sessions, { recursive: true, mode: 0o700 });
      await syncDirectory(root);
      const interrupted = (await readdir(sessions)).filter((name) => name.startsWith(tombstone));
      for (const name of interrupted) await deleteTombstone(join(sessions, name), log);
    })().catch((error) => {
      prepared = undefined;
      throw storageError(`use ${sessions}`, error);
    });
    return prepared;
  }

  return {
    name: 'file',

    async list(wanted, known = {}) {
      const names = await readdir(sessions).catch((error) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw storageError(`read ${sessions}`, error);
      });
      const ids = names.filter((name) => isId(name) && (wanted?.includes(name) ?? true));
      return describeSessions(sessions, ids, known);
    },

    async open(id) {
      const paths = sessionPaths(sessions, id);
      if (!(await exists(paths.folder))) throw unknownSession();
      await prepare();
      const lock = await takeLock(paths);
      return createFileSessionLog({ id, paths, lock, log, isNew: false });
    },

    async create(id) {
      const paths = sessionPaths(sessions, id);
      await prepare();
      const lock = await makeFolder(paths);
      return createFileSessionLog({ id, paths, lock, log, isNew: true });
    },

    async read(id, { fromStart = false } = {}) {
      const paths = sessionPaths(sessions, id);
      if (!(await exists(paths.folder))) throw unknownSession();
      const mayBeWriting = (await lockOwner(paths.lock)) !== undefined;
      try {
        const { snapshot, scan, problems } = await readContent(
          id,
          paths,
          fromStart ? undefined : snapshotDocument(paths, log),
          true,
        );
        const torn = mayBeWriting ? {} : describeTorn(scan);
        const content = { envelopes: scan.envelopes, problems: [...problems, ...describeDamage(scan)], ...torn };
        return snapshot === undefined ? content : { snapshot: snapshot.state, ...content };
      } catch (error) {
        throw storageError(`read session ${id}`, error);
      }
    },

    async readBlob(id, hash) {
      return readBlob(sessionPaths(sessions, id).blobs, hash);
    },

    async isElsewhere(id) {
      const owner = await lockOwner(sessionPaths(sessions, id).lock);
      return owner !== undefined && !isOwn(owner);
    },

    async remove(id) {
      const paths = sessionPaths(sessions, id);
      if (!(await exists(paths.folder))) return;
      // With the lock nobody else can be writing; it goes away with the folder.
      const lock = await takeLock(paths);
      const removed = join(sessions, `${tombstone}${id}`);
      try {
        await rm(removed, { recursive: true, force: true });
        await rename(paths.folder, removed);
        await syncDirectory(sessions);
      } catch (error) {
        await lock.release();
        throw storageError(`delete session ${id}`, error);
      }
      await deleteTombstone(removed, log);
    },

    async checkHealth() {
      await prepare();
      const probe = temporaryBeside(join(sessions, '.health'));
      try {
        await writeSynced(probe, 'ok');
      } catch (error) {
        throw storageError(`write to ${sessions}`, error);
      } finally {
        await rm(probe, { force: true }).catch(() => undefined);
      }
    },
  };
}

async function takeLock(paths: SessionPaths): Promise<ProcessLock> {
  const attempt = await tryLock(paths.lock).catch((error) => {
    throw storageError(`lock ${paths.folder}`, error);
  });
  if (attempt.taken) return attempt.lock;
  if (isOwn(attempt.owner)) throw new WorkbenchError('busy', 'This session is open here already.');
  const hint = 'Close it there first.';
  throw new WorkbenchError('elsewhere', `This session is run by ${describeOwner(attempt.owner)}.`, hint);
}

/** Makes an empty session with its lock taken; durable by name, so that its first line cannot end up in a folder that is lost. */
async function makeFolder(paths: SessionPaths): Promise<ProcessLock> {
  let made = false;
  try {
    await mkdir(paths.folder, { mode: 0o700 });
    made = true;
    await mkdir(paths.journal, { mode: 0o700 });
    const lock = await takeLock(paths);
    await Promise.all([syncDirectory(paths.folder), syncDirectory(dirname(paths.folder))]);
    return lock;
  } catch (error) {
    if (made) await rm(paths.folder, { recursive: true, force: true }).catch(() => undefined);
    if (codeOf(error) === 'EEXIST') throw new WorkbenchError('storage', `${paths.folder} exists already.`);
    throw storageError(`create ${paths.folder}`, error);
  }
}

/** The session is gone with its name; what cannot be deleted now is tried again at the next start. */
async function deleteTombstone(path: string, log: Log): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error) => {
    log.warn('A removed session could not be deleted yet', { path, reason: String(error) });
  });
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const unknownSession = (): WorkbenchError => new WorkbenchError('notFound', 'There is no such session on disk.');
