import { readdirSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createDocument } from '../../../electron/storage/durable-json.ts';
import { createFileStore } from '../../../electron/storage/file-store.ts';
import { createSettings } from '../../../electron/storage/settings.ts';
import { settingsSchema } from '../../../shared/settings.ts';
import { mountSmallDisk, mountWorks } from '../../flow/mounted-disk.ts';
import { appendAndFlush, note, notes, silentLog, stateAt, temporaryFolder } from './storage-fixture.ts';

/** A file system of its own in memory, of 256 KiB. */
async function smallDisk() {
  const disk = mountSmallDisk(await temporaryFolder(), '256k');
  onTestFinished(disk.unmount);
  return disk;
}

describe.skipIf(!mountWorks())('on a full disk (needs root and mount on Linux)', () => {
  it('keeps facts in memory in order, says why, and writes them once there is room', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk.folder, log: silentLog });
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 10));
    await disk.fill();
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
    await disk.makeRoom();
    await caughtUp;
    expect(failures).toHaveLength(1);
    expect(await log.close(1000)).toBe(true);
    expect(await store.read('s1')).toEqual({ envelopes: [...notes(1, 10), ...big, note(21)], problems: [] });
    await store.checkHealth();
  });

  it('says at close that something stayed unwritten, and leaves a journal that reads back clean', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk.folder, log: silentLog });
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 10));
    await disk.fill();
    log.append(note(11, 'c'.repeat(9000)));
    expect(await log.close(100)).toBe(false);
    await disk.makeRoom();
    const again = await store.open('s1');
    expect((await again.load()).envelopes).toEqual(notes(1, 10));
    await again.close(1000);
  });

  it('does not make half a session', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk.folder, log: silentLog });
    await store.checkHealth();
    await disk.fill();
    await expect(store.create('s1')).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('disk is full'),
    });
    expect(readdirSync(join(disk.folder, 'sessions'))).toEqual([]);
  });

  it('leaves documents as they were and no temp files behind', async () => {
    const disk = await smallDisk();
    const path = join(disk.folder, 'settings.json');
    const settings = createSettings({ path, log: silentLog });
    await settings.change((current) => ({ ...current, theme: 'dark' }));
    const before = await readFile(path);
    await disk.fill();
    await expect(settings.change((current) => ({ ...current, theme: 'light' }))).rejects.toMatchObject({
      code: 'storage',
    });
    expect(settings.current().theme).toBe('dark');
    expect(await readFile(path)).toEqual(before);
    expect(readdirSync(disk.folder).sort()).toEqual(['filler', 'settings.json']);
    await disk.makeRoom();
    expect((await settings.change((current) => ({ ...current, theme: 'light' }))).theme).toBe('light');
  });

  it('gives up a snapshot quietly, for it is only a cache', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk.folder, log: silentLog });
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 3));
    await disk.fill();
    await log.saveSnapshot(stateAt(3));
    expect(log.bytesSinceSnapshot()).toBe(log.journalBytes());
    expect(await log.close(1000)).toBe(true);
    expect((await store.read('s1')).envelopes).toEqual(notes(1, 3));
  });

  it('reads and explains on a file system that became read-only', async () => {
    const disk = await smallDisk();
    const store = createFileStore({ root: disk.folder, log: silentLog });
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 3));
    await log.close(1000);
    const path = join(disk.folder, 'x.json');
    await writeFile(path, '{');
    disk.setReadOnly(true);
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
