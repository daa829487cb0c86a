import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createJournal, type Journal } from '../../../electron/storage/journal.ts';
import { decodeLine, encodeLine } from '../../../electron/storage/journal-line.ts';
import { listSegments, scanJournal } from '../../../electron/storage/journal-read.ts';
import { repairJournal } from '../../../electron/storage/journal-repair.ts';
import type { Envelope } from '../../../shared/session/events.ts';
import { fc } from '../../properties.ts';
import { appendAndFlush, note, notes, silentLog, temporaryFolder } from './storage-fixture.ts';

interface Options {
  retryMs?: { first: number; longest: number };
  segmentBytes?: number;
  lastSegment?: number;
  end?: { path: string; offset: number };
}

function journalIn(directory: string, { lastSegment = 0, end, ...options }: Options = {}): Journal {
  const start = async () => ({ lastSegment, ...(end ? { end } : {}) });
  return createJournal({ directory, log: silentLog, start, retryMs: { first: 5, longest: 20 }, ...options });
}

const bytesOf = (envelopes: readonly Envelope[]) => Buffer.concat(envelopes.map(encodeLine));
const only = (files: string[], prefix: string) => files.filter((file) => file.startsWith(prefix));

/** Resolves with the reason of the next failure. */
const nextFailure = (journal: Journal) =>
  new Promise<string>((resolve) => journal.listen({ flushed: () => {}, failed: resolve }));

describe('journal line', () => {
  it('is a checksum, a blank, the JSON and a newline', () => {
    expect(encodeLine(note(7, 'ä\n')).toString()).toMatch(/^[0-9a-f]{8} \{"stream":"s1","seq":7,[^\n]*\}\n$/);
  });

  it('gives back any envelope', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.nat(), (text, args, seq) => {
        const call: Envelope = {
          stream: 's1',
          seq: seq + 1,
          at: 0.5,
          event: {
            type: 'call.requested',
            callId: 'c1',
            runId: 'r1',
            turn: 1,
            index: 0,
            providerCallId: text,
            tool: 'read',
            args,
            title: text,
            kind: 'read',
            detail: { type: 'json' },
          },
        };
        const line = encodeLine(call);
        expect(line.indexOf(0x0a)).toBe(line.length - 1);
        expect(decodeLine(line.subarray(0, -1), 's1')).toEqual({
          kind: 'envelope',
          envelope: JSON.parse(JSON.stringify(call)),
        });
      }),
    );
  });

  it('notices any flipped bit', () => {
    const line = encodeLine(note(1)).subarray(0, -1);
    for (let bit = 0; bit < line.length * 8; bit++) {
      const flipped = Buffer.from(line);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      // A letter of the checksum that only changes its case still names the same number, but not the same text.
      expect(decodeLine(flipped, 's1').kind).toBe('bad');
    }
  });
});

describe('journal writing', () => {
  it('puts all lines of a tick on disk with one sync, and those of the meantime with the next', async () => {
    const directory = await temporaryFolder();
    const journal = journalIn(directory);
    const flushed: number[] = [];
    journal.listen({ flushed: (seq) => flushed.push(seq), failed: expect.unreachable });
    for (const envelope of notes(1, 500)) journal.append(envelope);
    await Promise.resolve();
    journal.append(note(501));
    expect(await journal.flush()).toBe(true);
    expect(flushed).toEqual([501]);
    expect(await readFile(join(directory, '1.log'))).toEqual(bytesOf(notes(1, 501)));
    expect(journal.bytesAppended()).toBe((await stat(join(directory, '1.log'))).size);
    expect((await stat(join(directory, '1.log'))).mode & 0o777).toBe(0o600);
    await journal.close(1000);
  });

  it('begins a new segment rather than grow past the limit, and reads back over all of them', async () => {
    const directory = await temporaryFolder();
    const journal = journalIn(directory, { segmentBytes: 2000 });
    await appendAndFlush(journal, notes(1, 40));
    await appendAndFlush(journal, [note(50, 'y'.repeat(5000)), note(60)]);
    await journal.close(1000);
    const segments = await listSegments(directory);
    expect(segments.length).toBeGreaterThan(4);
    for (const { path, firstSeq } of segments) {
      const bytes = await readFile(path);
      if (firstSeq !== 50) expect(bytes.length).toBeLessThanOrEqual(2000);
      expect(decodeLine(bytes.subarray(0, bytes.indexOf(0x0a)), 's1')).toMatchObject({ envelope: { seq: firstSeq } });
    }
    const { envelopes, lastSeq } = await scanJournal(directory, 's1', 0);
    expect(envelopes).toEqual([...notes(1, 40), note(50, 'y'.repeat(5000)), note(60)]);
    expect(lastSeq).toBe(60);
  });

  it('never loses or reorders lines whatever their sizes and pauses [S-W40]', async () => {
    const sizes = fc.array(fc.tuple(fc.nat(3000), fc.boolean()), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 300, max: 8000 }), async (lines, segmentBytes) => {
        const directory = await temporaryFolder();
        const journal = journalIn(directory, { segmentBytes });
        const all = lines.map(([size], index) => note(3 * index + 1, 'z'.repeat(size)));
        for (const [index, [, pause]] of lines.entries()) {
          journal.append(all[index] as Envelope);
          if (pause) await journal.flush();
        }
        expect(await journal.close(5000)).toBe(true);
        expect((await scanJournal(directory, 's1', 0)).envelopes).toEqual(all);
        const half = all[Math.floor(all.length / 2)] as Envelope;
        expect((await scanJournal(directory, 's1', half.seq)).envelopes).toEqual(
          all.filter(({ seq }) => seq > half.seq),
        );
      }),
      { numRuns: 25 },
    );
  });

  it('keeps every line while the folder is away, says so once, and goes on when it is back [S-W41] [S-W42]', async () => {
    const root = await temporaryFolder();
    const directory = join(root, 'journal');
    await mkdir(directory);
    const journal = journalIn(directory, { segmentBytes: 500 });
    await appendAndFlush(journal, notes(1, 3));
    await rename(directory, `${directory}-away`);
    const failed = vi.fn();
    const flushed: number[] = [];
    journal.listen({ failed, flushed: (seq) => flushed.push(seq) });
    const failure = nextFailure(journal);
    // More than fits in the segment that is still open, so that a new one must be made.
    for (const envelope of notes(4, 20)) journal.append(envelope);
    expect(await failure).toContain('has vanished');
    for (const envelope of notes(21, 25)) journal.append(envelope);
    await rename(`${directory}-away`, directory);
    expect(await journal.flush()).toBe(true);
    expect(failed).toHaveBeenCalledTimes(1);
    expect(flushed.at(-1)).toBe(25);
    await journal.close(1000);
    expect((await scanJournal(directory, 's1', 0)).envelopes).toEqual(notes(1, 25));
  });

  it('notices that its open file was deleted and does not start a journal without its beginning', async () => {
    const directory = await temporaryFolder();
    const journal = journalIn(directory);
    await appendAndFlush(journal, notes(1, 3));
    await rm(join(directory, '1.log'));
    const failure = nextFailure(journal);
    journal.append(note(4));
    expect(await failure).toContain('has vanished');
    expect(await journal.close(30)).toBe(false);
    expect(await readdir(directory)).toEqual([]);
  });

  it('goes on in a segment that was put back', async () => {
    const path = join(await temporaryFolder(), '1.log');
    const journal = journalIn(dirname(path));
    await appendAndFlush(journal, notes(1, 3));
    await rm(path);
    const failure = nextFailure(journal);
    journal.append(note(4));
    await failure;
    await writeFile(path, bytesOf(notes(1, 3)));
    expect(await journal.close(5000)).toBe(true);
    expect(await readFile(path)).toEqual(bytesOf(notes(1, 4)));
  });

  it('does not write behind the end of a segment that was cut from outside', async () => {
    const directory = await temporaryFolder();
    const end = { path: join(directory, '1.log'), offset: 100 };
    await writeFile(end.path, 'short');
    const journal = journalIn(directory, { lastSegment: 1, end });
    const failure = nextFailure(journal);
    journal.append(note(1));
    expect(await failure).toContain('end of the session file has vanished');
    expect(await journal.close(20)).toBe(false);
    expect(await readFile(end.path, 'utf8')).toBe('short');
  });

  it('cuts what a failed write left before it writes again', async () => {
    const directory = await temporaryFolder();
    const before = bytesOf(notes(1, 2));
    const end = { path: join(directory, '1.log'), offset: before.length };
    await writeFile(end.path, Buffer.concat([before, bytesOf([note(3, 'never confirmed '.repeat(99))])]));
    const journal = journalIn(directory, { lastSegment: 1, end });
    await appendAndFlush(journal, [note(3)]);
    await journal.close(1000);
    expect(await readFile(end.path)).toEqual(bytesOf(notes(1, 3)));
  });

  it('survives a listener that throws, and refuses lines after close', async () => {
    const directory = await temporaryFolder();
    const journal = journalIn(directory);
    journal.listen({
      failed: expect.unreachable,
      flushed: () => {
        throw new Error('a fault in the listener');
      },
    });
    await appendAndFlush(journal, [note(1)]);
    await appendAndFlush(journal, [note(2)]);
    expect(await journal.close(1000)).toBe(true);
    journal.append(note(3));
    expect(await journal.flush()).toBe(true);
    expect((await scanJournal(directory, 's1', 0)).envelopes).toEqual(notes(1, 2));
  });

  it('takes the same time for a line however long the journal is', async () => {
    const directory = await temporaryFolder();
    const end = { path: join(directory, '1.log'), offset: 0 };
    const small = journalIn(directory, { lastSegment: 1, end });
    await appendAndFlush(small, notes(1, 1));
    const { size } = await stat(end.path);
    await small.close(1000);
    const big = await open(end.path, 'r+');
    await big.truncate(3_000_000);
    await big.close();
    const journal = journalIn(directory, { lastSegment: 1, end: { path: end.path, offset: 3_000_000 } });
    await appendAndFlush(journal, notes(2, 2));
    await journal.close(1000);
    // Only the new line was written: the length grew by it, and the hole before it was not filled.
    const after = await stat(end.path);
    expect(after.size).toBe(3_000_000 + size);
    expect(after.blocks * 512).toBeLessThan(100_000);
  });
});

/** The prototype of Node's file handles: watched, or made to fail, while the real disk is used. */
async function fileHandles(): Promise<FileHandle> {
  const file = await open(import.meta.filename, 'r');
  await file.close();
  return Object.getPrototypeOf(file);
}

describe('journal syncing', () => {
  it('syncs once for lines of one tick, and tells nothing before the sync is done', async () => {
    const directory = await temporaryFolder();
    const order: string[] = [];
    const handles = await fileHandles();
    const datasync = handles.datasync;
    vi.spyOn(handles, 'datasync').mockImplementation(async function (this: FileHandle) {
      await datasync.call(this);
      order.push('synced');
    });
    const folderSync = vi.spyOn(handles, 'sync');
    const journal = journalIn(directory);
    journal.listen({ flushed: (seq) => order.push(`flushed ${seq}`), failed: expect.unreachable });
    for (const envelope of notes(1, 100)) journal.append(envelope);
    await journal.flush();
    for (const envelope of notes(101, 200)) journal.append(envelope);
    await journal.flush();
    expect(order).toEqual(['synced', 'flushed 100', 'synced', 'flushed 200']);
    // The name of the first segment, which no data sync makes durable.
    expect(folderSync).toHaveBeenCalledTimes(1);
    await journal.close(1000);
  });

  it('does not take a line for saved that came while others were being saved', async () => {
    const directory = await temporaryFolder();
    const handles = await fileHandles();
    const datasync = handles.datasync;
    const journal = journalIn(directory);
    vi.spyOn(handles, 'datasync').mockImplementationOnce(async function (this: FileHandle) {
      journal.append(note(2));
      await datasync.call(this);
    });
    journal.append(note(1));
    expect(await journal.flush()).toBe(true);
    expect(await journal.close(1000)).toBe(true);
    expect(await readFile(join(directory, '1.log'))).toEqual(bytesOf(notes(1, 2)));
  });

  it('writes lines anew after a failed sync, for the disk may have dropped them', async () => {
    const directory = await temporaryFolder();
    const handles = await fileHandles();
    const write = vi.spyOn(handles, 'write');
    const failures: string[] = [];
    const journal = journalIn(directory);
    journal.listen({ flushed: () => {}, failed: (reason) => failures.push(reason) });
    await appendAndFlush(journal, notes(1, 2));
    write.mockClear();
    vi.spyOn(handles, 'datasync').mockRejectedValueOnce(Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }));
    journal.append(note(3));
    expect(await journal.flush()).toBe(true);
    expect(failures).toEqual(['the disk reports an error (EIO)']);
    expect(write).toHaveBeenCalledTimes(2);
    expect(await readFile(join(directory, '1.log'))).toEqual(bytesOf(notes(1, 3)));
    await journal.close(1000);
  });

  it('tries again after longer and longer pauses up to a bound, and begins anew with short ones after a success [S-W42]', async () => {
    const handles = await fileHandles();
    const directory = await temporaryFolder();
    const journal = journalIn(directory, { retryMs: { first: 10, longest: 40 } });
    const pauses = vi.spyOn(globalThis, 'setTimeout');
    const asked = () => pauses.mock.calls.map(([, ms]) => ms).filter((ms) => ms === 10 || ms === 20 || ms === 40);
    const sync = vi.spyOn(handles, 'datasync');
    for (let time = 1; time <= 5; time++) sync.mockRejectedValueOnce(new Error('no'));
    journal.append(note(1));
    expect(await journal.flush()).toBe(true);
    expect(asked()).toEqual([10, 20, 40, 40, 40]);
    pauses.mockClear();
    sync.mockRejectedValueOnce(new Error('no'));
    journal.append(note(2));
    expect(await journal.flush()).toBe(true);
    expect(asked()).toEqual([10]);
    await journal.close(1000);
    expect((await scanJournal(directory, 's1', 0)).envelopes).toEqual(notes(1, 2));
  });

  it('tells a second failure after it had recovered', async () => {
    const handles = await fileHandles();
    const journal = journalIn(await temporaryFolder());
    const failures: string[] = [];
    journal.listen({ flushed: () => {}, failed: (reason) => failures.push(reason) });
    for (let time = 1; time <= 2; time++) {
      vi.spyOn(handles, 'datasync')
        .mockRejectedValueOnce(new Error(`fault ${time}`))
        .mockRejectedValueOnce(new Error('again'));
      journal.append(note(time));
      await journal.flush();
    }
    expect(failures).toEqual(['fault 1', 'fault 2']);
    await journal.close(1000);
  });
});

describe('journal reading', () => {
  it('loses only what was not whole, wherever the file ends', async () => {
    const directory = await temporaryFolder();
    const path = join(directory, '1.log');
    const all = notes(1, 4);
    const whole = bytesOf(all);
    const ends = all.map((_, index) => bytesOf(all.slice(0, index + 1)).length);
    for (let length = bytesOf(all.slice(0, 2)).length; length <= whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      const scan = await scanJournal(directory, 's1', 0);
      const expected = ends.filter((end) => end <= length).length;
      expect(scan.envelopes).toEqual(all.slice(0, expected));
      expect(scan.damaged).toEqual([]);
      expect(scan.end?.torn?.length ?? 0).toBe(length - (ends[expected - 1] as number));
    }
  });

  it('sets a torn end aside, cuts it, and goes on from there', async () => {
    const directory = await temporaryFolder();
    const path = join(directory, '1.log');
    const torn = bytesOf([note(3)]).subarray(0, 30);
    await writeFile(path, Buffer.concat([bytesOf(notes(1, 2)), torn]));
    const repair = await repairJournal(directory, await scanJournal(directory, 's1', 0));
    expect(repair.end).toEqual({ path, offset: bytesOf(notes(1, 2)).length });
    const [kept = ''] = only(await readdir(directory), 'torn-');
    expect(await readFile(join(directory, kept))).toEqual(torn);
    expect(repair.problems).toEqual([expect.stringContaining(kept)]);
    expect(await readFile(path)).toEqual(bytesOf(notes(1, 2)));
    const again = await repairJournal(directory, await scanJournal(directory, 's1', 0));
    expect(again.problems).toEqual([]);
  });

  it('keeps a line of zeros at the end apart, as some file systems leave it', async () => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, '1.log'), Buffer.concat([bytesOf(notes(1, 2)), Buffer.alloc(700)]));
    const scan = await scanJournal(directory, 's1', 0);
    expect(scan.envelopes).toEqual(notes(1, 2));
    expect(scan.end?.torn).toEqual(Buffer.alloc(700));
  });

  it('quarantines a bad line in the middle once, and tells of it each time [S-W24]', async () => {
    const directory = await temporaryFolder();
    const bytes = bytesOf(notes(1, 3));
    const bad = encodeLine(note(1)).length + 20;
    bytes[bad] = (bytes[bad] as number) ^ 1;
    await writeFile(join(directory, '1.log'), bytes);
    for (let time = 0; time < 2; time++) {
      const scan = await scanJournal(directory, 's1', 0);
      expect(scan.envelopes).toEqual([note(1), note(3)]);
      const repair = await repairJournal(directory, scan);
      const kept = only(await readdir(directory), 'damaged-');
      expect(kept).toHaveLength(1);
      expect(await readFile(join(directory, kept[0] as string))).toEqual(scan.damaged[0]?.bytes);
      expect(repair.problems).toEqual([expect.stringMatching(/1\.log has a wrong checksum/)]);
      expect(repair.problems[0]).toContain(kept[0]);
    }
    expect(await readFile(join(directory, '1.log'))).toEqual(bytes);
  });

  const strange: [string, Buffer][] = [
    ['has a seq that does not rise', encodeLine(note(1))],
    ['is of another session', encodeLine(note(2, 'x', 'other'))],
    ['is no event', encodeLine({ stream: 's1', seq: 2, at: 1, event: { type: 'notice.posted' } } as never)],
    ['is JSON but nothing else', encodeLine([] as never)],
    ['is text', Buffer.from('hello\n')],
    ['is empty', Buffer.from('\n')],
  ];
  it.each(strange)('skips a line that %s', async (_, line) => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, '1.log'), Buffer.concat([encodeLine(note(1)), line, encodeLine(note(5))]));
    const scan = await scanJournal(directory, 's1', 0);
    expect(scan.envelopes).toEqual([note(1), note(5)]);
    expect(scan.damaged.map(({ bytes }) => bytes)).toEqual([line]);
  });

  it.each([note(2), note(5, 'x', 'other')])(
    'does not cut an intact line at the end, even a strange one',
    async (last) => {
      const directory = await temporaryFolder();
      const bytes = Buffer.concat([encodeLine(note(4)), encodeLine(last)]);
      await writeFile(join(directory, '1.log'), bytes);
      const repair = await repairJournal(directory, await scanJournal(directory, 's1', 0));
      expect(repair.end?.offset).toBe(bytes.length);
      expect(await readFile(join(directory, '1.log'))).toEqual(bytes);
    },
  );

  it('leaves events of a newer version on disk and counts them', async () => {
    const directory = await temporaryFolder();
    const future = (seq: number) => encodeLine({ stream: 's1', seq, at: 1, event: { type: 'mind.read' } } as never);
    const bytes = Buffer.concat([encodeLine(note(1)), future(2), future(3), encodeLine(note(4))]);
    await writeFile(join(directory, '1.log'), bytes);
    const scan = await scanJournal(directory, 's1', 0);
    expect(scan.envelopes).toEqual([note(1), note(4)]);
    const repair = await repairJournal(directory, scan);
    expect(repair.problems).toEqual([expect.stringContaining('2 of kind "mind.read"')]);
    expect(await readFile(join(directory, '1.log'))).toEqual(bytes);
  });

  it('reads the other segments when one cannot be read', async () => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, '1.log'), bytesOf(notes(1, 2)));
    await mkdir(join(directory, '3.log'));
    await writeFile(join(directory, '5.log'), bytesOf(notes(5, 6)));
    await writeFile(join(directory, 'notes.txt'), 'a stranger');
    const scan = await scanJournal(directory, 's1', 0);
    expect(scan.envelopes).toEqual([...notes(1, 2), ...notes(5, 6)]);
    expect(scan.unreadable).toHaveLength(1);
    expect((await repairJournal(directory, scan)).problems).toEqual([expect.stringContaining('3.log cannot be read')]);
  });

  it('treats a cut at the end of an earlier segment as damage, not as torn', async () => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, '1.log'), bytesOf(notes(1, 3)));
    await truncate(join(directory, '1.log'), bytesOf(notes(1, 3)).length - 5);
    await writeFile(join(directory, '4.log'), bytesOf(notes(4, 4)));
    const scan = await scanJournal(directory, 's1', 0);
    expect(scan.envelopes).toEqual([...notes(1, 2), note(4)]);
    expect(scan.damaged).toHaveLength(1);
    expect(scan.end?.torn).toBeUndefined();
  });

  it('reads ten megabytes quickly', async () => {
    const directory = await temporaryFolder();
    const journal = journalIn(directory, { segmentBytes: 4 * 1024 * 1024 });
    const text = 'lorem ipsum '.repeat(30);
    for (let seq = 1; seq <= 21_000; seq++) journal.append(note(seq, text));
    await journal.close(10_000);
    expect(journal.bytesAppended()).toBeGreaterThan(9_500_000);
    const times: number[] = [];
    for (let time = 0; time < 3; time++) {
      const start = performance.now();
      expect((await scanJournal(directory, 's1', 0)).envelopes).toHaveLength(21_000);
      times.push(performance.now() - start);
    }
    // 300 ms alone on the machine; the rest is room for what runs beside the tests.
    expect(Math.min(...times)).toBeLessThan(1500);
    const start = performance.now();
    expect((await scanJournal(directory, 's1', 20_990)).envelopes).toHaveLength(10);
    expect(performance.now() - start).toBeLessThan(Math.max(...times));
  });
});
