import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ends, outputLimit } from './truncate.ts';

/** Beyond this an output goes to a temporary file. */
const memoryLimit = 1024 * 1024;
/** Beyond this only the end is remembered: a command that prints for ever must not fill the disk. */
const keepLimit = 64 * 1024 * 1024;

/** Takes an output of any size in bounded memory. */
export interface Spool {
  /** Resolves when the bytes are taken care of; wait for it before reading more. Never rejects. */
  add(bytes: Uint8Array): Promise<void>;
  /** Bytes so far. */
  total(): number;
  ends(): Ends;
  /** All there was, or its first 64 MiB; `undefined` when the temporary file failed. */
  whole(): Promise<{ bytes: Uint8Array; complete: boolean } | undefined>;
  dispose(): Promise<void>;
}

export function createSpool(): Spool {
  let total = 0;
  let kept = 0;
  let chunks: Uint8Array[] | undefined = [];
  let file: FileHandle | undefined;
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let lastKept = Promise.resolve();

  const remember = (bytes: Uint8Array) => {
    total += bytes.length;
    if (head.length < outputLimit) head = Buffer.concat([head, bytes.subarray(0, outputLimit - head.length)]);
    tail = Buffer.from(Buffer.concat([tail, bytes.subarray(-outputLimit)]).subarray(-outputLimit));
  };

  const keep = async (bytes: Uint8Array) => {
    if (chunks) {
      chunks.push(bytes);
      if (kept <= memoryLimit) return;
      const first = Buffer.concat(chunks);
      chunks = undefined;
      file = await openTemp();
      await file.writeFile(first);
    } else {
      await file?.writeFile(bytes);
    }
  };

  const dispose = async () => {
    await file?.close().catch(() => undefined);
    file = undefined;
    chunks = undefined;
  };

  return {
    add: (bytes) => {
      remember(bytes);
      const part = bytes.subarray(0, keepLimit - kept);
      kept += part.length;
      // A full disk costs the middle of the output, not the command.
      if (part.length > 0) lastKept = lastKept.then(() => keep(part)).catch(dispose);
      return lastKept;
    },
    total: () => total,
    ends: () => ({ head, tail, total }),
    whole: async () => {
      const complete = kept === total;
      if (chunks) return { bytes: Buffer.concat(chunks), complete };
      if (!file) return undefined;
      const bytes = Buffer.alloc(kept);
      const { bytesRead } = await file.read(bytes, 0, kept, 0);
      return bytesRead === kept ? { bytes, complete } : undefined;
    },
    dispose,
  };
}

/** Nameless from the start, so that nothing is left behind however we end. */
async function openTemp(): Promise<FileHandle> {
  const path = join(tmpdir(), `switchyard-${randomBytes(8).toString('hex')}.out`);
  const handle = await open(path, 'wx+', 0o600);
  await rm(path, { force: true });
  return handle;
}
