import { createHash, randomBytes } from 'node:crypto';
import { constants, copyFile, link, rename, rm, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { WorkbenchError } from '../../shared/errors.ts';
import { isSameProcess, ownStartTime } from '../process-identity.ts';
import { readPlain, temporaryBeside, writeSynced } from './durable-file.ts';
import { codeOf, storageError } from './storage-error.ts';

/** Who holds a lock. `nonce` makes each taking unique. */
const ownerSchema = z.object({ host: z.string(), pid: z.number().int(), startTime: z.string(), nonce: z.string() });
export type LockOwner = z.infer<typeof ownerSchema>;

export interface ProcessLock {
  /** Removes the lock file if it is still ours. Never throws: a file left behind goes stale with this process. */
  release(): Promise<void>;
}

export type LockAttempt = { taken: true; lock: ProcessLock } | { taken: false; owner: LockOwner };

/**
 * Tries once to take the lock file at `path` for this process. A lock whose process is gone is taken over at once, whatever its age,
 * and by one taker only; one of another host counts as held. Throws the file system's error when no lock file can be made.
 */
export async function tryLock(path: string): Promise<LockAttempt> {
  for (;;) {
    const found = await readLock(path);
    if (found === undefined) {
      const lock = await create(path);
      if (lock) return { taken: true, lock };
    } else if (await isHeld(found.owner)) {
      return { taken: false, owner: found.owner as LockOwner };
    } else {
      const attempt = await takeOver(path, found.text);
      if (attempt) return attempt;
    }
  }
}

/** Takes the lock, waiting for its owner to release it. Throws `storage` after `timeoutMs` or when no lock file can be made. */
export async function waitForLock(path: string, timeoutMs: number): Promise<ProcessLock> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const attempt = await tryLock(path).catch((error) => {
      throw storageError(`lock ${path}`, error);
    });
    if (attempt.taken) return attempt.lock;
    if (Date.now() >= deadline) {
      const hint = `If no such process exists, delete ${path}.`;
      throw new WorkbenchError('storage', `${path} is held by ${describeOwner(attempt.owner)}.`, hint);
    }
    // Uneven pauses keep two waiters from meeting again and again.
    await delay(2 + Math.random() * 15);
  }
}

/** The living owner of a lock file, this process included; `undefined` when it is free. Writes nothing. */
export async function lockOwner(path: string): Promise<LockOwner | undefined> {
  const found = await readLock(path);
  return found && (await isHeld(found.owner)) ? found.owner : undefined;
}

/** True when the owner is this very process. */
export const isOwn = (owner: LockOwner): boolean => owner.pid === process.pid && owner.host === hostname();

/** For a person: "process 4711 on host atlas". */
export const describeOwner = (owner: LockOwner): string => `process ${owner.pid} on host ${owner.host}`;

interface FoundLock {
  text: string;
  /** Absent when the text is not a lock's, which only a power cut leaves behind. */
  owner?: LockOwner;
}

async function readLock(path: string): Promise<FoundLock | undefined> {
  for (let attempt = 0; ; attempt++) {
    const bytes = await readPlain(path).catch((error) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (bytes === undefined) return undefined;
    const text = bytes.toString('utf8');
    const owner = parseOwner(text);
    // Where the file system has no hard links the file is written in place, and may be seen half-written for a moment.
    if (owner !== undefined || attempt === 10) return owner === undefined ? { text } : { text, owner };
    await delay(20);
  }
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function isHeld(owner: LockOwner | undefined): Promise<boolean> {
  if (owner === undefined) return false;
  return owner.host !== hostname() || (await isSameProcess(owner.pid, owner.startTime));
}

/** Makes the lock file whole or not at all; `undefined` when another was faster. */
async function create(path: string): Promise<ProcessLock | undefined> {
  const { text, temporary } = await writeOwner(path);
  try {
    await linkExclusively(temporary, path);
    return lockOf(path, text);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw error;
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/**
 * Replaces the stale lock with text `stale`. Whoever would do so must hold a second lock named after exactly that text, so one taker
 * alone replaces it; and as every taking has its own text, a late taker finds another text and starts again. A taker that dies half
 * way leaves that second lock stale, which the next one takes over in the same way. `undefined` when the stale lock is no longer there.
 */
async function takeOver(path: string, stale: string): Promise<LockAttempt | undefined> {
  const claim = `${path}.${createHash('sha256').update(stale).digest('hex').slice(0, 12)}`;
  const attempt = await tryLock(claim);
  if (!attempt.taken) return attempt;
  try {
    const found = await readLock(path);
    if (found?.text !== stale) return undefined;
    const { text, temporary } = await writeOwner(path);
    try {
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return { taken: true, lock: lockOf(path, text) };
  } finally {
    await attempt.lock.release();
  }
}

async function writeOwner(path: string): Promise<{ text: string; temporary: string }> {
  const owner: LockOwner = {
    host: hostname(),
    pid: process.pid,
    startTime: await ownStartTime(),
    nonce: randomBytes(8).toString('hex'),
  };
  const text = `${JSON.stringify(owner)}\n`;
  const temporary = temporaryBeside(path);
  await writeSynced(temporary, text);
  return { text, temporary };
}

async function linkExclusively(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EPERM', 'ENOSYS', 'ENOTSUP', 'EMLINK'].includes(codeOf(error) ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

function lockOf(path: string, text: string): ProcessLock {
  return {
    async release() {
      try {
        if ((await readPlain(path)).toString('utf8') === text) await unlink(path);
      } catch {
        // Gone already, or not removable: a dead process holds nothing.
      }
    },
  };
}
