import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../../electron/storage/file-store.ts';
import { createMemoryStore } from '../../../electron/storage/memory-store.ts';
import type { SessionStore } from '../../../electron/storage/session-store.ts';
import { createStores } from '../../../electron/storage/stores.ts';
import { appendAndFlush, notes, silentLog, stateAt, temporaryFolder } from './storage-fixture.ts';

const stores: [string, () => Promise<SessionStore>][] = [
  ['file', async () => createFileStore({ root: await temporaryFolder(), log: silentLog })],
  ['memory', async () => createMemoryStore()],
];

describe.each(stores)('session store: %s', (_, createStore) => {
  it('gives back in order what was appended, over several openings', async () => {
    const store = await createStore();
    const first = await store.create('s1');
    await appendAndFlush(first, notes(1, 3));
    expect(await first.close(1000)).toBe(true);

    const second = await store.open('s1');
    expect(await second.load()).toEqual({ envelopes: notes(1, 3), problems: [] });
    await appendAndFlush(second, notes(4, 5));
    expect(second.journalBytes()).toBe((await store.list())[0]?.journalBytes);
    expect(await second.close(1000)).toBe(true);

    expect(await store.read('s1')).toEqual({ envelopes: notes(1, 5), problems: [] });
    expect(await store.list()).toEqual([{ id: 's1', journalBytes: second.journalBytes() }]);
  });

  it('loads the snapshot and only what came after it', async () => {
    const store = await createStore();
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 3));
    expect(log.bytesSinceSnapshot()).toBe(log.journalBytes());
    await log.saveSnapshot(stateAt(3));
    expect(log.bytesSinceSnapshot()).toBe(0);
    await appendAndFlush(log, notes(4, 5));
    await log.close(1000);

    const again = await store.open('s1');
    expect(await again.load()).toEqual({ snapshot: stateAt(3), envelopes: notes(4, 5), problems: [] });
    expect(again.bytesSinceSnapshot()).toBe(log.bytesSinceSnapshot());
    await again.close(1000);
  });

  it('flushes what was appended right before close', async () => {
    const store = await createStore();
    const log = await store.create('s1');
    for (const envelope of notes(1, 50)) log.append(envelope);
    expect(await log.close(5000)).toBe(true);
    expect((await store.read('s1')).envelopes).toEqual(notes(1, 50));
  });

  it('keeps blobs by content', async () => {
    const store = await createStore();
    const log = await store.create('s1');
    const bytes = new Uint8Array([0, 255, 10, 13]);
    const hash = await log.writeBlob(bytes);
    expect(await log.writeBlob(bytes)).toBe(hash);
    expect(new Uint8Array(await log.readBlob(hash))).toEqual(bytes);
    expect(new Uint8Array(await store.readBlob('s1', hash))).toEqual(bytes);
    await expect(log.readBlob('0'.repeat(64))).rejects.toMatchObject({ code: 'notFound' });
    for (const wrong of ['../lock', `${hash}/..`, hash.toUpperCase(), '', `${hash}\n`]) {
      await expect(log.readBlob(wrong)).rejects.toMatchObject({ code: 'invalid' });
    }
    await log.close(1000);
  });

  it('opens a session once at a time and tells unknown ones', async () => {
    const store = await createStore();
    const log = await store.create('s1');
    await expect(store.open('s1')).rejects.toMatchObject({ code: 'busy' });
    await expect(store.create('s1')).rejects.toMatchObject({ code: 'storage' });
    expect(await store.isElsewhere('s1')).toBe(false);
    await log.close(1000);
    await expect(store.open('nobody')).rejects.toMatchObject({ code: 'notFound' });
    await expect(store.read('nobody')).rejects.toMatchObject({ code: 'notFound' });
  });

  it('removes for good, and again without complaint', async () => {
    const store = await createStore();
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 1));
    await expect(store.remove('s1')).rejects.toMatchObject({ code: 'busy' });
    await log.close(1000);
    await store.remove('s1');
    await store.remove('s1');
    expect(await store.list()).toEqual([]);
    await expect(store.open('s1')).rejects.toMatchObject({ code: 'notFound' });
    await log.saveSnapshot(stateAt(1));
    expect(await store.list()).toEqual([]);
  });

  it('leaves out sessions without a single fact', async () => {
    const store = await createStore();
    const log = await store.create('s1');
    await log.close(1000);
    expect(await store.list()).toEqual([]);
    await store.checkHealth();
  });
});

it('a session that one of several stores could not make is of none, and may be made in another; what is made is refused elsewhere [S-W13] [S-W14]', async () => {
  const shelf = createMemoryStore();
  const full: SessionStore = { ...shelf, name: 'shelf', create: () => Promise.reject(new Error('full')) };
  const first = { ...createMemoryStore(), name: 'first' };
  const stores = createStores(first, [full]);
  await expect(stores.create('s1', 'shelf')).rejects.toThrow('full');
  expect(stores.storeOf('s1')).toBe('first');
  expect(stores.keptIn('s1')).toEqual({});
  await (await stores.create('s1')).close(1000);
  await expect(stores.create('s1', 'shelf')).rejects.toMatchObject({ code: 'storage' });
  await stores.remove('s1');
  await expect(stores.create('s1', 'shelf')).rejects.toThrow('full');
});
