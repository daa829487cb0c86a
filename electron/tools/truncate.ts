/** Most bytes that a model is told of one call. */
export const outputLimit = 102_400;
/** Most bytes of one line that are shown. */
export const lineLimit = 2_000;

/** Room for the note between head and tail. */
const noteRoom = 300;

/** Both ends of something longer, and how long the whole is, in bytes. */
export interface Ends {
  head: Uint8Array;
  tail: Uint8Array;
  total: number;
}

/**
 * Head and tail of an output that is too long, cut at line ends where they are near and never within a character, with a note
 * between them that says how much is missing. At most `limit` bytes, the note included. `kept`: a sentence on where the rest is.
 */
export function joinEnds({ head, tail, total }: Ends, kept = '', limit = outputLimit): string {
  const room = Math.floor((limit - noteRoom) / 2);
  // Decoding first: a byte that is no UTF-8 becomes three.
  const first = cutEnd(Buffer.from(decodeOutput(head)), room);
  const last = cutStart(Buffer.from(decodeOutput(tail)), room);
  const missing = Math.max(0, total - first.length - last.length);
  const where = kept && ` ${kept}`;
  const note = `[… ${count(missing)} of ${count(total)} bytes left out here.${where} Narrow the output, for example with grep, head or tail, to see more.]`;
  return `${endLine(decodeOutput(first))}${note}\n${decodeOutput(last)}`;
}

/** `text` itself when it fits, else as `joinEnds`. `blob`: hash under which the whole is kept. */
export function truncateOutput(text: string, blob?: string, limit = outputLimit): string {
  if (text.length * 3 <= limit) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  return joinEnds({ head: bytes, tail: bytes, total: bytes.length }, blob && wholeKept(blob), limit);
}

export const wholeKept = (blob: string) => `The whole output is kept with this session (${blob.slice(0, 12)}).`;

/** As many bytes from the start as make whole characters within `limit`. */
export function cutAtCharacter(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes.length <= limit) return bytes;
  let end = limit;
  while (end > limit - 4 && isContinuation(bytes[end])) end -= 1;
  return bytes.subarray(0, end);
}

/** Bytes of a program as text; without NUL, which not every model server takes in a string. */
export const decodeOutput = (bytes: Uint8Array): string => decoder.decode(bytes).replaceAll('\0', '\uFFFD');

// Descriptions of tools need it at the start, when loading the number formats of all languages would cost 20 ms.
export const count = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const endLine = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

function cutEnd(bytes: Buffer, room: number): Uint8Array {
  if (bytes.length <= room) return bytes;
  const lineEnd = bytes.lastIndexOf(10, room - 1) + 1;
  return lineEnd > room / 2 ? bytes.subarray(0, lineEnd) : cutAtCharacter(bytes, room);
}

function cutStart(bytes: Buffer, room: number): Uint8Array {
  if (bytes.length <= room) return bytes;
  let start = bytes.length - room;
  const lineStart = bytes.indexOf(10, start) + 1;
  if (lineStart > 0 && lineStart < start + room / 2) return bytes.subarray(lineStart);
  while (isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start);
}

/** Below what a search found, when it is not all. */
export const leftOutNote = '[What may not be read is left out.]';
