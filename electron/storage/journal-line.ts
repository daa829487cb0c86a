import crc32 from 'crc-32';
import { type Envelope, envelopeSchema, sessionEventSchema } from '../../shared/session/events.ts';

const space = 0x20;
const crcLength = 8;

/** One line of a journal: `<crc32 of the JSON's bytes, 8 hex digits> <json>\n`. */
export function encodeLine(envelope: Envelope): Buffer {
  const line = Buffer.from(`${' '.repeat(crcLength + 1)}${JSON.stringify(envelope)}\n`, 'utf8');
  line.write(checksum(line.subarray(crcLength + 1, -1)), 'latin1');
  return line;
}

export type DecodedLine =
  | { kind: 'envelope'; envelope: Envelope }
  /** Intact, but of an event type that this version does not know. */
  | { kind: 'unknown'; seq: number; type: string }
  /** `intact`: the checksum is right, so this was written on purpose and is not what a crash leaves behind. */
  | { kind: 'bad'; reason: string; intact: boolean };

const knownTypes = new Set<string>(sessionEventSchema.options.map((option) => option.shape.type.value));

/** Decodes a line without its newline. */
export function decodeLine(line: Buffer, sessionId: string): DecodedLine {
  const json = line.subarray(crcLength + 1);
  if (line.length <= crcLength || line[crcLength] !== space) return bad('is not a journal line');
  if (line.toString('latin1', 0, crcLength) !== checksum(json)) return bad('has a wrong checksum');
  let value: unknown;
  try {
    value = JSON.parse(json.toString('utf8'));
  } catch {
    return bad('is not JSON', true);
  }
  const parsed = envelopeSchema.safeParse(value);
  if (!parsed.success) return unknownEvent(value) ?? bad('does not describe an event', true);
  if (parsed.data.stream !== sessionId) return bad('belongs to another session', true);
  return { kind: 'envelope', envelope: parsed.data };
}

const bad = (reason: string, intact = false): DecodedLine => ({ kind: 'bad', reason, intact });

function checksum(json: Buffer): string {
  return (crc32.buf(json) >>> 0).toString(16).padStart(crcLength, '0');
}

function unknownEvent(value: unknown): DecodedLine | undefined {
  const { seq, event } = (value ?? {}) as { seq?: unknown; event?: { type?: unknown } };
  const type = event?.type;
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || typeof type !== 'string' || knownTypes.has(type)) {
    return undefined;
  }
  return { kind: 'unknown', seq, type };
}
