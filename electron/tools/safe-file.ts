import { randomBytes } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { access, type FileHandle, lstat, mkdir, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { failureText, WorkbenchError } from '../../shared/errors.ts';

/**
 * Between the check of a path and its use somebody may put a link in its place. So everything here opens first, without following a
 * last link, and then asks what was opened: on Linux the kernel tells by the handle, which leaves no race; elsewhere path and
 * identity are compared, which leaves a very small one.
 */
async function assertOpened(handle: FileHandle, canonical: string): Promise<void> {
  const opened = await readlink(`/proc/self/fd/${handle.fd}`).catch(() => undefined);
  const same = opened === undefined ? await isStillAt(handle, canonical) : opened === canonical;
  if (!same) throw new WorkbenchError('stale', `${canonical} changed while it was being opened.`, 'Try again.');
}

async function isStillAt(handle: FileHandle, canonical: string): Promise<boolean> {
  const [real, there, held] = await Promise.all([
    realpath(canonical),
    stat(canonical, { bigint: true }),
    handle.stat({ bigint: true }),
  ]);
  return real === canonical && there.dev === held.dev && there.ino === held.ino;
}

/** Absent on Windows, where links need a privilege and the comparison above still holds. */
const noFollow = constants.O_NOFOLLOW ?? 0;
/** A named pipe must not hold the call until somebody writes to it. */
const noBlock = constants.O_NONBLOCK ?? 0;

export interface OpenedFile {
  handle: FileHandle;
  /** In bytes, when it was opened; 0 too for what the system makes up as it is read. */
  size: number;
}

/** Opens a regular file for reading. `canonical` comes from `locate`. Throws `invalid` for anything but a file, `stale`, or Node's errors. */
export async function openFile(canonical: string): Promise<OpenedFile> {
  const handle = await open(canonical, constants.O_RDONLY | noFollow | noBlock);
  try {
    const [found] = await Promise.all([handle.stat(), assertOpened(handle, canonical)]);
    if (found.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
    if (!found.isFile()) throw new WorkbenchError('invalid', `${canonical} is not a regular file.`);
    return { handle, size: found.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * Holds a folder open while `use` works in it and hands over a path that leads there whatever happens to its name; on Linux that
 * path goes through the handle. Also good as working folder of a child process.
 */
export async function withFolder<T>(canonical: string, use: (path: string) => Promise<T>): Promise<T> {
  if (process.platform === 'win32') {
    if ((await realpath(canonical)) !== canonical) throw new WorkbenchError('stale', `${canonical} has moved.`);
    return use(canonical);
  }
  const handle = await open(canonical, constants.O_RDONLY | constants.O_DIRECTORY | noFollow);
  try {
    await assertOpened(handle, canonical);
    return await use(process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : canonical);
  } finally {
    await handle.close();
  }
}

/** Says which content was read: it differs when the file was changed or replaced since. */
export function stampOf(found: BigIntStats): string {
  return [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(':');
}

/** The whole of a file no larger than `limit` bytes, with its stamp. Throws `limit`, and as `openFile`. */
export async function readWhole(canonical: string, limit: number): Promise<{ bytes: Buffer; stamp: string }> {
  const { handle } = await openFile(canonical);
  try {
    const found = await handle.stat({ bigint: true });
    if (found.size > BigInt(limit)) {
      throw new WorkbenchError('limit', `The file is larger than ${Math.round(limit / 1024 / 1024)} MiB.`);
    }
    return { bytes: await handle.readFile(), stamp: stampOf(found) };
  } finally {
    await handle.close();
  }
}

/**
 * Puts `bytes` in place of the file whole: a reader sees the old or the new content, never a part. Missing folders are made; mode and,
 * where permitted, owner are kept; other hard links keep the old content. With `stamp` it refuses (`stale`) when the file is no longer
 * the one that was read. Throws `invalid` for anything but a regular file, else Node's errors.
 */
export async function replaceFile(canonical: string, bytes: Uint8Array, stamp?: string): Promise<void> {
  await ensureFolder(dirname(canonical));
  await withFolder(dirname(canonical), async (folder) => {
    const target = join(folder, basename(canonical));
    const existing = await lstat(target, { bigint: true }).catch(unlessMissing);
    if (existing) await assertReplaceable(target, existing);
    if (stamp !== undefined && (!existing || stampOf(existing) !== stamp)) {
      throw new WorkbenchError('stale', 'The file changed meanwhile; nothing was written.', 'Read it again.');
    }
    const temp = join(folder, `.${randomBytes(6).toString('hex')}.tmp`);
    try {
      await writeTemp(temp, bytes, existing);
      await renameOver(temp, target);
    } catch (error) {
      await rm(temp, { force: true });
      throw error;
    }
  });
}

async function assertReplaceable(target: string, existing: BigIntStats): Promise<void> {
  if (existing.isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
  if (existing.isSymbolicLink()) throw new WorkbenchError('stale', 'A link took the place of the file.', 'Try again.');
  if (!existing.isFile()) throw new WorkbenchError('invalid', 'It is not a regular file.');
  await access(target, constants.W_OK);
}

async function writeTemp(temp: string, bytes: Uint8Array, existing: BigIntStats | undefined): Promise<void> {
  const handle = await open(temp, 'wx', existing ? 0o600 : 0o666);
  try {
    await handle.writeFile(bytes);
    if (existing) {
      // Only root may give a file away; for everybody else it already has the right owner or cannot get it.
      await handle.chown(Number(existing.uid), Number(existing.gid)).catch(() => undefined);
      await handle.chmod(Number(existing.mode) & 0o7777);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Windows refuses to rename over a file that a scanner or an editor holds for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (process.platform !== 'win32' || attempt === 6 || (code !== 'EPERM' && code !== 'EACCES')) throw error;
      await pause(20 * attempt);
    }
  }
}

async function ensureFolder(folder: string): Promise<void> {
  const found = await lstat(folder).catch(unlessMissing);
  if (found) return;
  await ensureFolder(dirname(folder));
  await withFolder(dirname(folder), (parent) =>
    mkdir(join(parent, basename(folder))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    }),
  );
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

const reasons: Record<string, string> = {
  ENOENT: 'does not exist. Look for it with ls or glob.',
  EISDIR: 'is a folder. Use ls to see what is in it.',
  ENOTDIR: 'is not a folder, or a part of the path is a file.',
  EACCES: 'cannot be used: permission denied.',
  EPERM: 'cannot be used: operation not permitted.',
  EROFS: 'cannot be changed: the file system is read-only.',
  ENOSPC: 'cannot be written: the disk is full. Nothing was changed.',
  EDQUOT: 'cannot be written: the disk quota is used up. Nothing was changed.',
  ENAMETOOLONG: 'has a name that is too long.',
  ELOOP: 'changed into a link meanwhile. Try again.',
  ENXIO: 'is not a regular file.',
};

/** What went wrong with a file, in a sentence for the model. Defects are thrown on. */
export function explainFileError(shown: string, error: unknown): string {
  if (error instanceof WorkbenchError) return `${shown}: ${failureText(error)}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return `${shown} ${reasons[code] ?? `cannot be used: ${message}`}`;
}
