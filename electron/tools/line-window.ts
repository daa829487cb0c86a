import type { OpenedFile } from './safe-file.ts';
import { count, cutAtCharacter, lineLimit } from './truncate.ts';

/** Beyond the shown lines only so much more is read to count the rest. */
const maxCounted = 256 * 1024 * 1024;

export interface LineWindow {
  lines: string[];
  /** Lines of the file; at least that many when `countedAll` is false. */
  total: number;
  countedAll: boolean;
  /** The room was used up before `limit` lines were shown. */
  full: boolean;
  crlf: number;
  lf: number;
  byteOrderMark: boolean;
  endsWithNewline: boolean;
  /** Some shown bytes are no UTF-8. */
  damaged: boolean;
}

/** The bytes at the start of a file, from which `readLines` goes on. */
export const readStart = (file: OpenedFile): Promise<Buffer> => readChunk(file, 0);

/**
 * Shows `limit` lines from line `offset` (from 0) on, at most `room` bytes of them, in bounded memory whatever the file's size, which
 * is the one it was opened with. `start` is what `readStart` gave.
 */
export async function readLines(
  file: OpenedFile,
  start: Buffer,
  { offset, limit, room }: { offset: number; limit: number; room: number },
  signal: AbortSignal,
): Promise<LineWindow> {
  const shown: LineWindow = {
    lines: [],
    total: 0,
    countedAll: true,
    full: false,
    crlf: 0,
    lf: 0,
    byteOrderMark: false,
    endsWithNewline: true,
    damaged: false,
  };
  const line = createLine();
  let left = room;
  let beyond = 0;

  const finish = (newline: boolean) => {
    const { text, length, returns, damaged } = line.take(newline);
    const index = shown.total;
    shown.total += 1;
    shown.endsWithNewline = newline;
    if (newline) shown[returns ? 'crlf' : 'lf'] += 1;
    if (index < offset || index >= offset + limit || shown.full) return;
    const whole = length > lineLimit ? `${text}… [line cut, ${count(length)} bytes in all]` : text;
    left -= Buffer.byteLength(whole) + lineOverhead;
    if (left < 0 && shown.lines.length > 0) {
      shown.full = true;
      return;
    }
    shown.damaged ||= damaged;
    shown.lines.push(whole);
  };

  for await (const bytes of chunksOf(file, start, signal)) {
    const first = shown.total === 0 && line.length() === 0;
    shown.byteOrderMark ||= first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    for (let at = first && shown.byteOrderMark ? 3 : 0; at < bytes.length; ) {
      const newline = bytes.indexOf(10, at);
      const end = newline === -1 ? bytes.length : newline;
      line.add(bytes.subarray(at, end));
      if (newline !== -1) finish(true);
      at = end + 1;
    }
    if (shown.full || shown.total >= offset + limit) beyond += bytes.length;
    if (beyond > maxCounted) return { ...shown, countedAll: false };
  }
  if (line.length() > 0) finish(false);
  return shown;
}

/** Number, tab and newline of a shown line. */
const lineOverhead = 10;
const chunkBytes = 256 * 1024;

async function* chunksOf(file: OpenedFile, start: Buffer, signal: AbortSignal): AsyncGenerator<Buffer> {
  let chunk = start;
  for (let position = 0; chunk.length > 0 && !signal.aborted; chunk = await readChunk(file, position)) {
    position += chunk.length;
    yield chunk;
    if (position === file.size) return;
  }
}

async function readChunk({ handle, size }: OpenedFile, position: number): Promise<Buffer> {
  const bytes = Math.min(chunkBytes, size > position ? size - position : chunkBytes);
  const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(bytes), 0, bytes, position);
  return buffer.subarray(0, bytesRead);
}

/** The line being read: its first bytes, its length and its last byte, however long it is. */
function createLine() {
  let parts: Uint8Array[] = [];
  let held = 0;
  let length = 0;
  let last = 0;
  return {
    length: () => length,
    add(bytes: Uint8Array) {
      if (bytes.length === 0) return;
      if (held < lineLimit) {
        parts.push(bytes.subarray(0, lineLimit + 4 - held));
        held += Math.min(bytes.length, lineLimit + 4 - held);
      }
      length += bytes.length;
      last = bytes[bytes.length - 1] ?? 0;
    },
    take(newline: boolean) {
      const returns = newline && last === 13;
      const textLength = returns ? length - 1 : length;
      const all = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
      const bytes = cutAtCharacter(all.subarray(0, Math.min(all.length, textLength)), lineLimit);
      const taken = { ...decode(bytes), length: textLength, returns };
      parts = [];
      held = 0;
      length = 0;
      last = 0;
      return taken;
    },
  };
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): { text: string; damaged: boolean } {
  try {
    return { text: strict.decode(bytes), damaged: false };
  } catch {
    return { text: Buffer.from(bytes).toString('utf8'), damaged: true };
  }
}
