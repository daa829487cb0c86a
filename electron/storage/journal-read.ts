import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Envelope } from '../../shared/session/events.ts';
import { readPlain } from './durable-file.ts';
import { decodeLine } from './journal-line.ts';
import { codeOf, explain } from './storage-error.ts';

const newline = 0x0a;

/** A file of the journal, named after a `seq` that no earlier file reaches. */
export interface Segment {
  path: string;
  firstSeq: number;
}

/** Bytes in the middle of the journal that are not a line of it. */
export interface DamagedLine {
  segment: Segment;
  offset: number;
  bytes: Buffer;
  reason: string;
}

/** The end of the last segment. `torn` is what follows its last whole line: bytes that were never acknowledged. */
export interface JournalEnd {
  segment: Segment;
  offset: number;
  torn?: Buffer;
}

export interface JournalScan {
  /** Those after the asked `seq`, rising. */
  envelopes: Envelope[];
  /** Bytes of the lines that `envelopes` came from. */
  envelopeBytes: number;
  /** The greatest `seq` met, 0 when none. */
  lastSeq: number;
  damaged: DamagedLine[];
  unreadable: { segment: Segment; reason: string }[];
  /** How many intact lines of each event type this version does not know. */
  unknown: Map<string, number>;
  /** Absent when there is no segment, or the last one cannot be read. */
  end?: JournalEnd;
}

/** The segments of a journal in order; other files are ignored. No folder means no segments. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const names = await readdir(directory).catch((error) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => /^\d{1,15}\.log$/.test(name))
    .map((name) => ({ path: join(directory, name), firstSeq: Number.parseInt(name, 10) }))
    .sort((a, b) => a.firstSeq - b.firstSeq);
}

/** Bytes of all segments, by size alone. */
export async function journalBytes(directory: string): Promise<number> {
  const segments = await listSegments(directory);
  const sizes = await Promise.all(segments.map(({ path }) => stat(path).then((stats) => stats.size)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Reads the lines after `afterSeq`, one segment at a time, skipping segments that end before it. Damage hides nothing but itself and
 * is only reported. Writes nothing.
 */
export async function scanJournal(directory: string, sessionId: string, afterSeq: number): Promise<JournalScan> {
  const segments = await listSegments(directory);
  // The segment that holds `afterSeq` itself is read too, so that `lastSeq` tells whether the journal reaches it.
  const earlier = segments.filter((segment) => segment.firstSeq <= afterSeq).length;
  const scan: JournalScan = {
    envelopes: [],
    envelopeBytes: 0,
    lastSeq: 0,
    damaged: [],
    unreadable: [],
    unknown: new Map(),
  };
  for (const segment of segments.slice(Math.max(0, earlier - 1))) {
    const isLast = segment === segments[segments.length - 1];
    try {
      scanSegment(scan, segment, await readPlain(segment.path), { sessionId, afterSeq, isLast });
    } catch (error) {
      scan.unreadable.push({ segment, reason: explain(error) });
    }
  }
  return scan;
}

interface ScanOptions {
  sessionId: string;
  afterSeq: number;
  isLast: boolean;
}

function scanSegment(scan: JournalScan, segment: Segment, bytes: Buffer, options: ScanOptions): void {
  let suspects: DamagedLine[] = [];
  let wholeUntil = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const newlineAt = bytes.indexOf(newline, offset);
    const next = newlineAt === -1 ? bytes.length : newlineAt + 1;
    const fault = newlineAt === -1 ? cutShort : takeLine(scan, bytes.subarray(offset, newlineAt), options);
    if (fault) suspects.push({ segment, offset, bytes: bytes.subarray(offset, next), reason: fault.reason });
    // What stands before an intact line is damage; only what follows the last one can be torn.
    if (!fault?.torn) {
      scan.damaged.push(...suspects);
      suspects = [];
      wholeUntil = next;
    }
    offset = next;
  }
  if (!options.isLast) scan.damaged.push(...suspects);
  else if (suspects.length === 0) scan.end = { segment, offset: wholeUntil };
  else scan.end = { segment, offset: wholeUntil, torn: bytes.subarray(wholeUntil) };
}

interface Fault {
  reason: string;
  /** An interrupted write may have left it. */
  torn: boolean;
}

const cutShort: Fault = { reason: 'is cut short', torn: true };

function takeLine(scan: JournalScan, line: Buffer, { sessionId, afterSeq }: ScanOptions): Fault | undefined {
  const decoded = decodeLine(line, sessionId);
  if (decoded.kind === 'bad') return { reason: decoded.reason, torn: !decoded.intact };
  const seq = decoded.kind === 'envelope' ? decoded.envelope.seq : decoded.seq;
  if (seq <= scan.lastSeq) return { reason: 'is out of order', torn: false };
  scan.lastSeq = seq;
  if (seq <= afterSeq) return undefined;
  if (decoded.kind === 'unknown') scan.unknown.set(decoded.type, (scan.unknown.get(decoded.type) ?? 0) + 1);
  else scan.envelopes.push(decoded.envelope);
  scan.envelopeBytes += line.length + 1;
  return undefined;
}
