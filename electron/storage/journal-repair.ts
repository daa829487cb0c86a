import { randomBytes } from 'node:crypto';
import { open, readdir, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { syncDirectory, writeSynced } from './durable-file.ts';
import type { DamagedLine, JournalEnd, JournalScan } from './journal-read.ts';
import { explain } from './storage-error.ts';

/** Says what a scan found, without touching anything. */
export function describeDamage(scan: JournalScan): string[] {
  const problems = scan.damaged.map((line) => `${place(line)} ${line.reason} and is skipped.`);
  return [...problems, ...describeUnread(scan)];
}

/** A line that was being written when its process ended. It was never confirmed, so nothing is lost with it. */
export const describeTorn = ({ end }: JournalScan): { torn?: string } =>
  end?.torn ? { torn: `The last line of ${name(end)} was cut short. It was never confirmed.` } : {};

export interface Repair {
  problems: string[];
  /** Where appending may go on; absent when a new segment must be begun. */
  end?: { path: string; offset: number };
}

/**
 * Keeps a copy of damaged lines and cuts a torn end after keeping it too. Only for the lock's owner. Damage in the middle stays in
 * the segment as well, so it is reported at each load but copied once. Never throws: what cannot be kept is not cut.
 */
export async function repairJournal(directory: string, scan: JournalScan): Promise<Repair> {
  const problems: string[] = [];
  for (const line of scan.damaged) problems.push(await quarantine(directory, line));
  problems.push(...describeUnread(scan));
  if (scan.end === undefined) return { problems };
  const { segment, offset, torn } = scan.end;
  const end = { path: segment.path, offset };
  if (torn === undefined) return { problems, end };
  try {
    const kept = `torn-${stamp()}.txt`;
    await keep(directory, kept, torn);
    await cut(segment.path, offset);
    problems.push(
      `The last line of ${name(scan.end)} was cut short by a crash. It was never confirmed; it is kept in ${kept}.`,
    );
    return { problems, end };
  } catch (error) {
    problems.push(`The last line of ${name(scan.end)} was cut short and could not be set aside: ${explain(error)}.`);
    return { problems };
  }
}

async function quarantine(directory: string, line: DamagedLine): Promise<string> {
  const ending = `-${line.segment.firstSeq}-${line.offset}.txt`;
  try {
    const earlier = (await readdir(directory)).find((file) => file.startsWith('damaged-') && file.endsWith(ending));
    const kept = earlier ?? `damaged-${stamp()}${ending}`;
    if (earlier === undefined) await keep(directory, kept, line.bytes);
    return `${place(line)} ${line.reason} and is skipped; it is kept in ${kept}.`;
  } catch (error) {
    return `${place(line)} ${line.reason} and is skipped; no copy could be kept: ${explain(error)}.`;
  }
}

async function keep(directory: string, file: string, bytes: Uint8Array): Promise<void> {
  await writeSynced(join(directory, file), bytes);
  await syncDirectory(directory);
}

async function cut(path: string, length: number): Promise<void> {
  await truncate(path, length);
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function describeUnread(scan: JournalScan): string[] {
  const unread = scan.unreadable.map(({ segment, reason }) => `${basename(segment.path)} cannot be read: ${reason}.`);
  const unknown = [...scan.unknown].map(
    ([type, count]) => `${count} of kind "${type}" come from a newer version and are not shown; they stay on disk.`,
  );
  return [...unread, ...unknown];
}

const name = (end: JournalEnd): string => basename(end.segment.path);
const place = (line: DamagedLine): string => `Byte ${line.offset} of ${basename(line.segment.path)}`;

/** A date that may stand in a file name, unique within a millisecond too. */
const stamp = (): string => `${new Date().toISOString().replaceAll(':', '-')}-${randomBytes(2).toString('hex')}`;
