import { appendFile, chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../../electron/storage/file-store.ts';
import { bundleChild, startAndWaitFor } from './children/run-child.ts';
import { appendAndFlush, asOrdinaryUser, note, notes, silentLog, stateAt, temporaryFolder } from './storage-fixture.ts';

async function emptyStore() {
  const root = await temporaryFolder();
  return { root, folder: join(root, 'sessions', 's1'), store: createFileStore({ root, log: silentLog }) };
}

/** A closed session with envelopes 1 to 5 and a snapshot at 3. */
async function storedSession() {
  const found = await emptyStore();
  const log = await found.store.create('s1');
  await appendAndFlush(log, notes(1, 3));
  await log.saveSnapshot(stateAt(3));
  await appendAndFlush(log, notes(4, 5));
  await log.close(1000);
  return found;
}

describe('file store', () => {
  it('keeps everything private to its user', async () => {
    const { root, folder, store } = await storedSession();
    const log = await store.open('s1');
    const hash = await log.writeBlob(new Uint8Array([1]));
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    for (const path of [join(root, 'sessions'), folder, join(folder, 'journal'), join(folder, 'blobs')]) {
      expect(await mode(path), path).toBe('700');
    }
    for (const file of ['lock', 'session.json', 'journal/1.log', `blobs/${hash}`]) {
      expect(await mode(join(folder, file)), file).toBe('600');
    }
    await log.close(1000);
    expect(await readdir(folder)).not.toContain('lock');
  });

  it('lists sessions by size alone and ignores strangers', async () => {
    const { root, folder, store } = await storedSession();
    const sessions = join(root, 'sessions');
    await mkdir(join(sessions, 'Upper-Case'));
    await mkdir(join(sessions, 'empty1'));
    await mkdir(join(sessions, '.removed-s9'));
    await writeFile(join(sessions, 'file'), 'x');
    await writeFile(join(folder, 'journal', 'notes.txt'), 'x');
    await writeFile(join(folder, 'journal', '1.log'), 'not a journal at all');
    expect(await store.list()).toEqual([{ id: 's1', journalBytes: 20 }]);
    expect(await createFileStore({ root: join(root, 'nowhere'), log: silentLog }).list()).toEqual([]);
  });

  it('looks up the length of a journal again only where somebody may have written', async () => {
    const { folder, store } = await storedSession();
    const [fresh] = await store.list();
    expect(fresh?.stamp, 'its folder may change again within the same tick of the clock').toBeUndefined();
    const anHourAgo = Date.now() / 1000 - 3600;
    await utimes(folder, anHourAgo, anHourAgo);

    const [known] = await store.list();
    expect(known).toEqual({ id: 's1', journalBytes: fresh?.journalBytes, stamp: expect.any(String) });
    const asKnown = { s1: { journalBytes: 1, stamp: known?.stamp as string } };
    expect(await store.list(undefined, asKnown)).toEqual([{ id: 's1', journalBytes: 1, stamp: known?.stamp }]);
    expect(await store.list(undefined, { s1: { journalBytes: 1 } })).toEqual([known]);

    const log = await store.open('s1');
    expect(await store.list(undefined, asKnown)).toEqual([
      { id: 's1', journalBytes: fresh?.journalBytes, locked: true },
    ]);
    await log.load();
    await appendAndFlush(log, notes(6, 7));
    await log.close(1000);
    const [later] = await store.list(undefined, asKnown);
    expect(later?.journalBytes).toBeGreaterThan(fresh?.journalBytes as number);
    expect(later?.stamp).toBeUndefined();
  });

  it('lists a session that nobody knows of, even if its folder bears the very times of one that is known', async () => {
    const { root, folder, store } = await storedSession();
    const log = await store.create('s2');
    await appendAndFlush(log, [note(1, 'made in the tick in which the list was written', 's2')]);
    await log.close(1000);
    const anHourAgo = Date.now() / 1000 - 3600;
    for (const path of [folder, join(root, 'sessions', 's2')]) await utimes(path, anHourAgo, anHourAgo);
    const [first] = await store.list(['s1']);
    const known = { s1: { journalBytes: first?.journalBytes as number, stamp: first?.stamp as string } };
    expect((await store.list(undefined, known)).map(({ id }) => id).sort()).toEqual(['s1', 's2']);
  });

  it('refuses what is not an id', async () => {
    const { store } = await emptyStore();
    for (const id of ['', '..', 'a/b', 'A', `${'a'.repeat(41)}`, 'a\0']) {
      await expect(store.open(id), id).rejects.toMatchObject({ code: 'invalid' });
      await expect(store.create(id), id).rejects.toMatchObject({ code: 'invalid' });
      await expect(store.remove(id), id).rejects.toMatchObject({ code: 'invalid' });
    }
  });

  it('reads everything from the journal when the snapshot is missing, and uses the one before when it is damaged [S-W24]', async () => {
    const { folder, store } = await storedSession();
    const snapshot = join(folder, 'session.json');
    const good = await readFile(snapshot);
    await rm(snapshot);
    expect(await store.read('s1')).toEqual({ envelopes: notes(1, 5), problems: [] });

    await writeFile(snapshot, Buffer.alloc(good.length));
    const read = await store.read('s1');
    expect(read.envelopes).toEqual(notes(1, 5));
    expect(read.problems).toEqual([expect.stringContaining('session.json is damaged')]);
    expect(await readFile(snapshot)).toEqual(Buffer.alloc(good.length));

    await writeFile(`${snapshot}.prev`, good);
    const log = await store.open('s1');
    const loaded = await log.load();
    expect(loaded.snapshot).toEqual(stateAt(3));
    expect(loaded.envelopes).toEqual(notes(4, 5));
    const [aside = ''] = (await readdir(folder)).filter((name) => name.startsWith('session.json.damaged-'));
    expect(loaded.problems).toEqual([expect.stringContaining(aside)]);
    expect(await readFile(join(folder, aside))).toEqual(Buffer.alloc(good.length));
    await log.close(1000);
  });

  it.each([
    ['ahead of the journal', { version: 1, seq: 9, state: stateAt(9) }],
    ['of another session', { version: 1, seq: 3, state: stateAt(3, 's2') }],
  ])('does not trust a snapshot that is %s', async (_, snapshot) => {
    const { folder, store } = await storedSession();
    await writeFile(join(folder, 'session.json'), JSON.stringify(snapshot));
    const { snapshot: used, envelopes, problems } = await store.read('s1');
    expect(used).toBeUndefined();
    expect(envelopes).toEqual(notes(1, 5));
    expect(problems).toEqual([expect.stringContaining('does not fit the journal')]);
  });

  it('replays a snapshot of another version from the journal', async () => {
    const { folder, store } = await storedSession();
    await writeFile(join(folder, 'session.json'), JSON.stringify({ version: 2, seq: 3, state: {} }));
    expect((await store.read('s1')).envelopes).toEqual(notes(1, 5));
  });

  it('never lets a snapshot get ahead of the journal', async () => {
    const { folder, store } = await emptyStore();
    const log = await store.create('s1');
    await appendAndFlush(log, notes(1, 2));
    await rename(join(folder, 'journal'), join(folder, 'away'));
    await rm(join(folder, 'away', '1.log'));
    log.append(note(3));
    const saving = log.saveSnapshot(stateAt(3));
    expect(await log.close(50)).toBe(false);
    await saving;
    expect(await readdir(folder)).toEqual(['away']);
  });

  it('goes on in the segment it finds, also after a torn end, and begins a new one after an empty one', async () => {
    const { folder, store } = await storedSession();
    await appendFile(join(folder, 'journal', '1.log'), 'torn');
    await writeFile(join(folder, 'journal', '9.log'), '');
    const log = await store.open('s1');
    const loaded = await log.load();
    expect(loaded.envelopes).toEqual(notes(4, 5));
    expect(loaded.problems).toEqual([expect.stringContaining('is cut short')]);
    await appendAndFlush(log, notes(6, 7));
    await log.close(1000);
    expect((await readdir(join(folder, 'journal'))).filter((name) => name.endsWith('.log'))).toEqual([
      '1.log',
      '6.log',
    ]);
    expect((await store.read('s1')).envelopes).toEqual(notes(4, 7));
  });

  it('can be appended to before anybody loaded it', async () => {
    const { store } = await storedSession();
    const log = await store.open('s1');
    await appendAndFlush(log, notes(6, 6));
    await log.close(1000);
    expect((await store.read('s1')).envelopes).toEqual(notes(4, 6));
  });

  it('says when a blob is not what its name says', async () => {
    const { folder, store } = await storedSession();
    const log = await store.open('s1');
    const hash = await log.writeBlob(Buffer.from('output'));
    await writeFile(join(folder, 'blobs', hash), 'outpux');
    await expect(log.readBlob(hash)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('damaged'),
    });
    expect(await log.writeBlob(Buffer.from('output'))).toBe(hash);
    expect(Buffer.from(await log.readBlob(hash)).toString()).toBe('output');
    await log.close(1000);
  });

  it('finishes an interrupted removal before it writes, never while it reads', async () => {
    const { root, store } = await storedSession();
    const sessions = join(root, 'sessions');
    await rename(join(sessions, 's1'), join(sessions, '.removed-s1'));
    const later = createFileStore({ root, log: silentLog });
    expect(await later.list()).toEqual([]);
    await expect(later.read('s1')).rejects.toMatchObject({ code: 'notFound' });
    expect(await readdir(sessions)).toEqual(['.removed-s1']);
    await later.checkHealth();
    expect(await readdir(sessions)).toEqual([]);
    expect(await store.list()).toEqual([]);
  });

  it('clears away temp files of dead writers only', async () => {
    const { folder, store } = await storedSession();
    await writeFile(join(folder, `session.json.${2 ** 31 - 1}-1.tmp`), 'half');
    await writeFile(join(folder, `session.json.${process.pid}-999.tmp`), 'half');
    const log = await store.open('s1');
    await log.load();
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([
      `session.json.${process.pid}-999.tmp`,
    ]);
    await log.close(1000);
  });

  it('knows a session that another process runs, and only reads it', async () => {
    const { root, store } = await emptyStore();
    const { child, ended } = await startAndWaitFor(await bundleChild('journal-writer'), [root, 's1'], '\n');
    expect(await store.isElsewhere('s1')).toBe(true);
    await expect(store.open('s1')).rejects.toMatchObject({ code: 'elsewhere' });
    await expect(store.remove('s1')).rejects.toMatchObject({ code: 'elsewhere' });
    // A line may be half-written at this very moment, which is no damage.
    expect((await store.read('s1')).problems).toEqual([]);
    child.kill('SIGKILL');
    await ended;
    expect(await store.isElsewhere('s1')).toBe(false);
    const log = await store.open('s1');
    await log.close(1000);
  });

  it('explains why a folder cannot be used', async () => {
    const root = await temporaryFolder();
    await writeFile(join(root, 'file'), '');
    const store = createFileStore({ root: join(root, 'file'), log: silentLog });
    await expect(store.checkHealth()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('ENOTDIR'),
    });
    await expect(store.create('s1')).rejects.toMatchObject({ code: 'storage', hint: expect.any(String) });
  });

  it('explains a folder without permission', () =>
    asOrdinaryUser(async () => {
      const { root, folder, store } = await storedSession();
      await chmod(folder, 0o500);
      await expect(store.open('s1')).rejects.toMatchObject({
        code: 'storage',
        message: expect.stringContaining('EACCES'),
      });
      expect((await store.read('s1')).envelopes).toEqual(notes(4, 5));
      await chmod(folder, 0o700);
      await chmod(join(root, 'sessions'), 0o500);
      await expect(store.checkHealth()).rejects.toMatchObject({
        message: expect.stringContaining('permission is denied'),
      });
      await chmod(join(root, 'sessions'), 0o700);
    }));
});
