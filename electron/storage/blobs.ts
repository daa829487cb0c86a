import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WorkbenchError } from '../../shared/errors.ts';
import { readPlain, syncDirectory, writeDurably } from './durable-file.ts';
import { codeOf, storageError } from './storage-error.ts';

/** Name of a blob: the SHA-256 of its bytes in lower-case hex. */
export const blobHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Throws `invalid` for anything but a hash, so that no other path can be named. */
export function checkBlobHash(hash: string): void {
  if (!/^[0-9a-f]{64}$/.test(hash)) throw new WorkbenchError('invalid', 'That is not the hash of a stored output.');
}

/** Stores bytes under their hash and returns it. One that is there already and whole is left alone. Throws `storage`. */
export async function writeBlob(directory: string, bytes: Uint8Array): Promise<string> {
  const hash = blobHash(bytes);
  const path = join(directory, hash);
  try {
    const present = await readPlain(path).catch(() => undefined);
    if (present && blobHash(present) === hash) return hash;
    // Not recursive: a session folder that has vanished is not to come back with nothing but blobs in it.
    await mkdir(directory, { mode: 0o700 }).then(
      () => syncDirectory(dirname(directory)),
      (error) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      },
    );
    await writeDurably(path, bytes);
    return hash;
  } catch (error) {
    throw storageError('save a long output', error);
  }
}

/** The bytes with this hash. Throws `invalid`, `notFound`, or `storage` when they are damaged or cannot be read. */
export async function readBlob(directory: string, hash: string): Promise<Uint8Array> {
  checkBlobHash(hash);
  const path = join(directory, hash);
  const bytes = await readPlain(path).catch((error) => {
    if (codeOf(error) === 'ENOENT') throw new WorkbenchError('notFound', 'That output is no longer stored.');
    throw storageError(`read ${path}`, error);
  });
  if (blobHash(bytes) === hash) return bytes;
  throw new WorkbenchError('storage', `The stored output ${path} is damaged.`, 'The session itself is not affected.');
}
