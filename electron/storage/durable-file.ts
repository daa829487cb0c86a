import { constants } from 'node:fs';
import { link, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isAlive } from '../process-identity.ts';
import { codeOf } from './storage-error.ts';

let temporaries = 0;

/** The whole of a regular file. Anything else in its place is refused (`EISDIR`): a pipe would never end, and a device neither. */
export async function readPlain(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await file.stat()).isFile()) throw Object.assign(new Error('it is no file'), { code: 'EISDIR' });
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** A name beside `path` that no other writer uses; it carries the pid, so that leftovers of dead writers can be told. */
export const temporaryBeside = (path: string): string => `${path}.${process.pid}-${++temporaries}.tmp`;

/**
 * Replaces a file so that a power cut leaves the old or the new content, never a mixture: temp, fsync, rename, fsync of the folder.
 * With `previous`, the content replaced is kept under that path. Mode 0600. Throws the file system's own error and then leaves no temp.
 */
export async function writeDurably(path: string, content: string | Uint8Array, previous?: string): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await writeSynced(temporary, content);
    if (previous !== undefined) await keepAs(path, previous);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Creates a new file of mode 0600 and waits until its bytes, but not yet its name, are on disk. Whole, or none is left. */
export async function writeSynced(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

/** Makes renames and new names in a folder survive a power cut. Where folders cannot be synced it does nothing. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP'].includes(codeOf(error) ?? '')) throw error;
  } finally {
    await directory.close();
  }
}

/** Removes temp files of `path`, or in the folder `path`, whose writer is gone. */
export async function removeLeftovers(path: string, isFolder = false): Promise<void> {
  const directory = isFolder ? path : dirname(path);
  const prefix = isFolder ? '' : basename(path);
  for (const name of await readdir(directory)) {
    const pid = /\.(\d+)-\d+\.tmp$/.exec(name)?.[1];
    if (pid !== undefined && name.startsWith(prefix) && !isAlive(Number(pid))) {
      await rm(join(directory, name), { force: true });
    }
  }
}

/** The file stays where it is, so there is no moment without one. */
async function keepAs(path: string, previous: string): Promise<void> {
  const temporary = temporaryBeside(previous);
  try {
    await link(path, temporary);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    // No hard links on this file system: a short moment without the file is then unavoidable.
    await rename(path, previous);
    return;
  }
  try {
    await rename(temporary, previous);
    // POSIX renames between two links of the same file do nothing and leave the temp behind.
    await unlink(temporary).catch(() => undefined);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}
