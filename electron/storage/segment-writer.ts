import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from './durable-file.ts';

/** The end of the last whole line of a segment. */
interface End {
  path: string;
  offset: number;
}

/** Where appending begins; without `end` in a new segment. */
export interface JournalStart {
  end?: End;
  /** Greatest number that names a segment, 0 when there is none. */
  lastSegment: number;
}

/** An encoded envelope. */
export interface Line {
  seq: number;
  bytes: Buffer;
}

export interface SegmentWriterOptions {
  directory: string;
  /** Size at which a segment is closed and another begun. */
  segmentBytes: number;
  /** Asked before the first write, until it succeeds once. */
  start: () => Promise<JournalStart>;
}

export interface SegmentWriter {
  /**
   * Writes lines from the first on with one sync and returns how many are now on disk: at least one. After an error none of them
   * counts; the next commit, which begins with the same lines, writes over what the failed one may have left.
   */
  commit(lines: readonly Line[]): Promise<number>;
  close(): Promise<void>;
}

const batchBytes = 1024 * 1024;

export function createSegmentWriter({ directory, segmentBytes, start }: SegmentWriterOptions): SegmentWriter {
  let end: End | undefined;
  let lastSegment: number | undefined;
  let file: FileHandle | undefined;

  async function closeFile(): Promise<void> {
    const closing = file;
    file = undefined;
    await closing?.close().catch(() => undefined);
  }

  /** The segment that takes the next line, and how many bytes fit in it. */
  async function place(first: Line): Promise<{ end: End; room: number }> {
    if (lastSegment === undefined) {
      const position = await start();
      end = position.end;
      lastSegment = position.lastSegment;
    }
    if (end === undefined || (end.offset > 0 && end.offset + first.bytes.length > segmentBytes)) {
      await closeFile();
      lastSegment = Math.max(first.seq, lastSegment + 1);
      end = { path: join(directory, `${lastSegment}.log`), offset: 0 };
    }
    return { end, room: Math.min(batchBytes, segmentBytes - end.offset) };
  }

  return {
    async commit(lines) {
      const target = await place(lines[0] as Line);
      const batch = fitting(lines, target.room);
      const bytes = Buffer.concat(batch.map((line) => line.bytes));
      try {
        file ??= await openAt(target.end, bytes, directory);
        await writeAll(file, bytes, target.end.offset);
        // A deleted file takes writes and syncs without complaint; only its link count tells.
        const [stats] = await Promise.all([file.stat(), file.datasync()]);
        if (stats.nlink === 0) throw vanished();
      } catch (error) {
        await closeFile();
        throw error;
      }
      target.end.offset += bytes.length;
      return batch.length;
    },
    close: closeFile,
  };
}

/**
 * Opens a segment and cuts what stands behind its end, unless that is how `bytes` begin: whoever reads may have seen it, and what was
 * seen on disk is not to vanish again. At 0 the segment is created if missing, and its name is made durable.
 */
async function openAt({ path, offset }: End, bytes: Buffer, directory: string): Promise<FileHandle> {
  const file = await open(path, offset === 0 ? constants.O_RDWR | constants.O_CREAT : constants.O_RDWR, 0o600);
  try {
    const { size } = await file.stat();
    if (size < offset) throw new Error('the end of the session file has vanished');
    if (size > offset && !(await beginsWith(file, bytes, offset, size))) await file.truncate(offset);
    if (offset === 0) await syncDirectory(directory);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function beginsWith(file: FileHandle, bytes: Buffer, offset: number, size: number): Promise<boolean> {
  if (size - offset > bytes.length) return false;
  const left = Buffer.alloc(size - offset);
  const { bytesRead } = await file.read(left, 0, left.length, offset);
  return bytesRead === left.length && left.equals(bytes.subarray(0, left.length));
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** As many lines from the first on as fit, but at least one. */
function fitting(lines: readonly Line[], room: number): readonly Line[] {
  let size = 0;
  const cut = lines.findIndex((line, index) => {
    size += line.bytes.length;
    return index > 0 && size > room;
  });
  // A copy, for the caller's list grows while this batch is being written.
  return lines.slice(0, cut === -1 ? lines.length : cut);
}

const vanished = (): Error => Object.assign(new Error('the session file has vanished'), { code: 'ENOENT' });
