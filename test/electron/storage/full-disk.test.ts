import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDocument } from '../../../electron/storage/durable-json.ts';
import { createFileStore } from '../../../electron/storage/file-store.ts';
import { createSettings } from '../../../electron/storage/settings.ts';
import { settingsSchema } from '../../../shared/settings.ts';
import { appendAndFlush, note, notes, silentLog, stateAt, temporaryFolder } from './storage-fixture.ts';

const canMount = mountWorks();

/** A file system of its own in memory, of 256 KiB. */
async function smallDisk(): Promise<string> {
  const folder = await temporaryFolder();
  mount(folder);
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

function mount(folder: string, options = 'size=256k'): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder], { stdio: 'pipe' });
}

function mountWorks(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

const filler = (disk: string) => join(disk, 'filler');

/** Fills the disk to the last byte. */
async function fill(disk: string): Promise<void> {
  for (const size of [65_536, 4096, 1]) {
    for (;;) {
      try {
        await writeFile(filler(disk), Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
}

describe.skipIf(!canMount)('on a full disk (needs root and mount on Linux)', () => {
  it('keeps facts in memory in order, says why, and writes them once there is room', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk, log: silentLog });
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 10));
    await fill(disk);
    const failures: string[] = [];
    const failed = new Promise<void>((resolve) => {
      log.listen({
        flushed: () => {},
        failed: (reason) => {
          failures.push(reason);
          resolve();
        },
      });
    });
    const big = notes(11, 20).map(({ seq }) => note(seq, 'b'.repeat(5000)));
    for (const envelope of big) log.append(envelope);
    await failed;
    expect(failures).toEqual(['the disk is full (ENOSPC)']);
    await expect(store.checkHealth()).rejects.toMatchObject({ code: 'storage', hint: expect.stringContaining('Free') });
    await expect(log.writeBlob(Buffer.alloc(9000))).rejects.toMatchObject({ code: 'storage' });
    log.append(note(21));
    const caughtUp = new Promise<void>((resolve) => {
      log.listen({ flushed: (seq) => seq === 21 && resolve(), failed: () => {} });
    });
    await rm(filler(disk));
    await caughtUp;
    expect(failures).toHaveLength(1);
    expect(await log.close(1000)).toBe(true);
    expect(await store.read('s1')).toEqual({ envelopes: [...notes(1, 10), ...big, note(21)], problems: [] });
    await store.checkHealth();
  });

  it('says at close that something stayed unwritten, and leaves a journal that reads back clean', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk, log: silentLog });
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 10));
    await fill(disk);
    log.append(note(11, 'c'.repeat(9000)));
    expect(await log.close(100)).toBe(false);
    await rm(filler(disk));
    const again = await store.open('s1');
    expect((await again.load()).envelopes).toEqual(notes(1, 10));
    await again.close(1000);
  });

  it('does not make half a session', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk, log: silentLog });
    await store.checkHealth();
    await fill(disk);
    await expect(store.create('s1')).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('disk is full'),
    });
    expect(readdirSync(join(disk, 'sessions'))).toEqual([]);
  });

  it('leaves documents as they were and no temp files behind', async () => {
    const disk = await smallDisk();
    const path = join(disk, 'settings.json');
    const settings = createSettings({ path, log: silentLog });
    await settings.change((current) => ({ ...current, theme: 'dark' }));
    const before = await readFile(path);
    await fill(disk);
    await expect(settings.change((current) => ({ ...current, theme: 'light' }))).rejects.toMatchObject({
      code: 'storage',
    });
    expect(settings.current().theme).toBe('dark');
    expect(await readFile(path)).toEqual(before);
    expect(readdirSync(disk).sort()).toEqual(['filler', 'settings.json']);
    await rm(filler(disk));
    expect((await settings.change((current) => ({ ...current, theme: 'light' }))).theme).toBe('light');
  });

  it('gives up a snapshot quietly, for it is only a cache', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk, log: silentLog });
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 3));
    await fill(disk);
    await log.saveSnapshot(stateAt(3));
    expect(log.bytesSinceSnapshot()).toBe(log.journalBytes());
    expect(await log.close(1000)).toBe(true);
    expect((await store.read('s1')).envelopes).toEqual(notes(1, 3));
  });

  it('reads and explains on a file system that became read-only', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk, log: silentLog });
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 3));
    await log.close(1000);
    const path = join(disk, 'x.json');
    await writeFile(path, '{');
    mount(disk, 'remount,ro');
    await expect(store.open('s1')).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('EROFS'),
    });
    await expect(store.checkHealth()).rejects.toMatchObject({ message: expect.stringContaining('read-only') });
    expect((await store.read('s1')).envelopes).toEqual(notes(1, 3));
    const document = createDocument({
      path,
      schema: settingsSchema,
      defaults: () => settingsSchema.parse({}),
      log: silentLog,
    });
    expect(await document.load()).toMatchObject({
      data: { theme: 'system' },
      problem: expect.stringContaining('damaged'),
    });
    expect(statSync(path).size).toBe(1);
  });
});
