import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createDocument, type DocumentOptions } from '../../../electron/storage/durable-json.ts';
import { tryLock } from '../../../electron/storage/process-lock.ts';
import { asOrdinaryUser, silentLog, temporaryFolder } from './storage-fixture.ts';

const schema = z.object({ count: z.number(), names: z.array(z.string()) });
type Content = z.infer<typeof schema>;
const empty = (): Content => ({ count: 0, names: [] });
const named = (count: number): Content => ({ count, names: [`n${count}`] });

async function documentIn(options: Partial<DocumentOptions<Content>> = {}) {
  const folder = await temporaryFolder();
  const path = join(folder, 'data.json');
  const open = () => createDocument({ path, schema, defaults: empty, log: silentLog, ...options });
  return { folder, path, open, document: open() };
}

const files = async (folder: string) => (await readdir(folder)).sort();

describe('document', () => {
  it('is the defaults where there is no file, and writes none by loading', async () => {
    const { folder, document } = await documentIn();
    expect(await document.load()).toEqual({ data: empty() });
    expect(await files(folder)).toEqual([]);
  });

  it('gives back what was saved, privately, and keeps the generation before', async () => {
    const { folder, path, document, open } = await documentIn();
    await document.save(named(1));
    await document.save(named(2));
    expect(await open().load()).toEqual({ data: named(2) });
    expect(JSON.parse(await readFile(`${path}.prev`, 'utf8'))).toEqual(named(1));
    expect(await files(folder)).toEqual(['data.json', 'data.json.prev']);
    for (const file of await files(folder)) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  it('shares writes between saves of the same moment; the newest wins [S-W40]', async () => {
    const { path, document } = await documentIn();
    const saves = Array.from({ length: 100 }, (_, index) => document.save(named(index)));
    expect(document.current()).toEqual(named(99));
    await Promise.all(saves);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(named(99));
    // One write held the first call, or all of them: not a hundred generations.
    await expect(readFile(`${path}.prev`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  const damage: [string, (good: string) => string | Buffer][] = [
    ['is empty', () => ''],
    ['is full of zeros', (good) => Buffer.alloc(good.length)],
    ['is cut in the middle', (good) => good.slice(0, -9)],
    ['does not fit the schema', () => '{"count":"one","names":[]}'],
  ];

  it.each<[string, (path: string) => Promise<unknown> | unknown]>([
    ['a folder', (path) => mkdir(path)],
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a link to a device without end', (path) => symlink('/dev/zero', path)],
    ['a link to itself', (path) => symlink(path, path)],
  ])(
    'falls back to the generation before when %s is in its place, keeps that, and never waits for it [damage]',
    async (_, put) => {
      const { folder, path, document, open } = await documentIn();
      await document.save(named(1));
      await document.save(named(2));
      await rm(path);
      await put(path);
      const again = open();
      expect(await again.load()).toMatchObject({ data: named(1), problem: expect.stringContaining('it is no file') });
      await again.save(named(3));
      expect(await open().load()).toEqual({ data: named(3) });
      expect((await files(folder)).filter((name) => name.includes('.damaged-'))).toHaveLength(1);
    },
  );

  it.each(damage)(
    'falls back to the generation before when the file %s, and keeps the damaged one',
    async (_, spoil) => {
      const { folder, path, document, open } = await documentIn();
      await document.save(named(1));
      await document.save(named(2));
      const spoiled = Buffer.from(spoil(await readFile(path, 'utf8')));
      await writeFile(path, spoiled);

      const readOnly = await open().load({ readOnly: true });
      expect(readOnly).toEqual({ data: named(1), problem: expect.stringContaining('The version before it is used') });
      expect(await readFile(path)).toEqual(spoiled);

      const repaired = open();
      const { data, problem } = await repaired.load();
      expect(data).toEqual(named(1));
      const [aside = ''] = (await files(folder)).filter((name) => /^data\.json\.damaged-\d{4}-\d\d-\d\dT/.test(name));
      expect(problem).toContain(aside);
      expect(await readFile(join(folder, aside))).toEqual(spoiled);

      expect(await open().load()).toEqual({ data: named(1) });
      await repaired.save(named(3));
      expect(await open().load()).toEqual({ data: named(3) });
      expect(await readFile(join(folder, aside))).toEqual(spoiled);
    },
  );

  it('starts anew when both generations are damaged, and keeps both', async () => {
    const { folder, path, document } = await documentIn();
    await writeFile(path, 'one');
    await writeFile(`${path}.prev`, 'two');
    const { data, problem } = await document.load();
    expect(data).toEqual(empty());
    expect(problem).toContain('starts anew');
    const kept = await Promise.all((await files(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    expect(kept.sort()).toEqual(['one', 'two']);
  });

  it('never overwrites a damaged file that it could not move aside yet', async () => {
    const { folder, path, document } = await documentIn();
    await writeFile(path, 'precious');
    await document.load({ readOnly: true });
    for (const count of [1, 2, 3]) await document.save(named(count));
    const kept = await Promise.all((await files(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    expect(kept).toContain('precious');
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(named(3));
  });

  it('refuses to load or change what it may not read', () =>
    asOrdinaryUser(async () => {
      const { path, document } = await documentIn();
      await writeFile(path, JSON.stringify(named(5)));
      await chmod(path, 0);
      await expect(document.load()).rejects.toMatchObject({ code: 'storage' });
      await expect(document.update(() => named(1))).rejects.toMatchObject({ code: 'storage' });
      await chmod(path, 0o600);
      expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(named(5));
    }));

  it('says why a save failed, keeps no temp file, and saves the next time', async () => {
    const { folder, path, document } = await documentIn();
    await rename(folder, `${folder}-away`);
    await expect(document.save(named(1))).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('has vanished (ENOENT)'),
      hint: expect.any(String),
    });
    await rename(`${folder}-away`, folder);
    await document.save(named(2));
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(named(2));
    expect(await files(folder)).toEqual(['data.json']);
  });

  it('makes a missing folder only when told to', async () => {
    const root = await temporaryFolder();
    const options = { path: join(root, 'new', 'data.json'), schema, defaults: empty, log: silentLog };
    await expect(createDocument(options).save(named(1))).rejects.toMatchObject({ code: 'storage' });
    await createDocument({ ...options, makeFolder: true }).save(named(1));
    expect((await stat(join(root, 'new'))).mode & 0o777).toBe(0o700);
  });

  it('updates from what is on disk, not from what it remembers', async () => {
    const { folder, document, open } = await documentIn();
    await document.save(named(1));
    const other = open();
    await other.update((data) => ({ ...data, count: 7 }));
    const { data } = await document.update((found) => ({ ...found, names: [...found.names, 'more'] }));
    expect(data).toEqual({ count: 7, names: ['n1', 'more'] });
    expect(document.current()).toEqual(data);
    expect(await files(folder)).toEqual(['data.json', 'data.json.prev']);
  });

  it('writes nothing when the update changes nothing', async () => {
    const { path, document } = await documentIn();
    await document.save(named(1));
    const before = await stat(path);
    expect((await document.update((data) => data)).data).toEqual(named(1));
    expect((await stat(path)).ino).toBe(before.ino);
  });

  it('keeps its content and releases the lock when the change throws', async () => {
    const { document } = await documentIn();
    await document.save(named(1));
    const refuse = () => {
      throw new Error('no');
    };
    await expect(document.update(refuse)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('no'),
    });
    expect((await document.update((data) => ({ ...data, count: 2 }))).data.count).toBe(2);
  });

  it('gives up when another holds the file too long', async () => {
    const { path, document } = await documentIn({ lockTimeoutMs: 20 });
    await tryLock(`${path}.lock`);
    await expect(document.update(() => named(1))).rejects.toMatchObject({
      message: expect.stringContaining('is held by'),
    });
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('does not show defaults while an update is reading', async () => {
    const { document } = await documentIn();
    await document.save(named(1));
    const seen = vi.fn();
    const updating = document.update((data) => ({ ...data, count: 2 }));
    const done = updating.then(() => true);
    while (!(await Promise.race([done, new Promise<false>((resolve) => setImmediate(resolve, false))]))) {
      seen(document.current().names);
    }
    expect(seen.mock.calls.every(([names]) => names[0] === 'n1')).toBe(true);
  });

  it('explains a folder without permission', () =>
    asOrdinaryUser(async () => {
      const { folder, document } = await documentIn();
      await document.save(named(1));
      await chmod(folder, 0o500);
      await expect(document.save(named(2))).rejects.toMatchObject({
        code: 'storage',
        message: expect.stringContaining('EACCES'),
      });
      expect(await files(folder)).toEqual(['data.json']);
      await chmod(folder, 0o700);
      await document.save(named(3));
    }));
});
