import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createSearchIndex } from '../../../electron/search/search-index.ts';
import { createSearchFiles } from '../../../electron/storage/search-files.ts';
import { emptySession } from '../../../shared/session/reduce.ts';
import { silentLog, temporaryFolder } from '../storage/storage-fixture.ts';

/** Sessions of one prompt each, and an index over them that tells which it has read. */
async function searchable(count: number) {
  const folder = join(await temporaryFolder(), 'search');
  const sessions = new Map<string, { title: string; version: number; store?: string; text: string }>();
  for (let n = 0; n < count; n += 1) {
    sessions.set(`s${n}`, { title: `Session ${n}`, version: 1, text: `walrus and x${n}x` });
  }
  const start = () => {
    const read: string[] = [];
    const files = createSearchFiles({ folder, log: silentLog });
    const index = createSearchIndex({
      sessions: () => [...sessions].map(([id, { text: _text, ...session }]) => ({ id, ...session })),
      async state(id) {
        read.push(id);
        const item = {
          kind: 'prompt',
          id: 'p',
          at: 1,
          runId: 'r',
          text: sessions.get(id)?.text ?? '',
          by: 'person',
        } as const;
        return { ...emptySession(id), items: [item] };
      },
      log: silentLog,
      files,
      saveAfterMs: 0,
    });
    onTestFinished(() => index.close());
    const ask = async (text: string): Promise<string[]> => {
      for (;;) {
        const answer = await index.query(text);
        if (!answer.indexing) return answer.hits.map((hit) => hit.sessionId);
      }
    };
    /** Ends it as a quit does, once all that was asked for is on disk. */
    const saved = async (holds: string) => {
      await expect.poll(() => words(folder)).toContain(holds);
      await index.close();
    };
    return { index, ask, read, saved };
  };
  return { folder, sessions, start };
}

/** All that the files hold, as one text. */
async function words(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.join('\n');
}

it('reads after a restart only what has changed since [search.kept]', async () => {
  const { folder, sessions, start } = await searchable(200);
  const first = start();
  const all = await first.ask('walrus');
  expect(all).toHaveLength(20);
  expect(await first.ask('x33x')).toEqual(['s33']);
  await expect.poll(async () => (await readdir(folder).catch(() => [])).length).toBe(2);
  await first.saved('x199x');

  const same = start();
  expect(await same.ask('walrus')).toEqual(all);
  expect(new Set(same.read), 'only to show the hits').toEqual(new Set(all));

  sessions.set('s7', { title: 'Session 7', version: 2, text: 'only a seal' });
  sessions.delete('s8');
  const second = start();
  expect(await second.ask('x33x')).toEqual(['s33']);
  expect([...new Set(second.read)].sort()).toEqual(['s33', 's7']);
  expect(await second.ask('x8x')).toEqual([]);
});

it('leaves no word of what was deleted, though it was not asked in this run [search.kept]', async () => {
  const { folder, sessions, start } = await searchable(3);
  const first = start();
  await first.ask('walrus');
  await first.saved('x2x');
  expect(await words(folder)).toContain('x1x');

  sessions.delete('s1');
  const second = start();
  await second.index.forget('s1');
  expect(await words(folder)).not.toContain('x1x');
  expect(await second.ask('x2x')).toEqual(['s2']);
  await second.saved('x2x');
  expect(await words(folder)).not.toContain('x1x');
});

it('is built anew where its files are damaged [search.rebuild]', async () => {
  const { folder, start } = await searchable(3);
  const first = start();
  await first.ask('walrus');
  await first.saved('x2x');
  const [name = ''] = await readdir(folder);
  const path = join(folder, name);
  const good = JSON.parse(await readFile(path, 'utf8'));
  for (const bad of [
    '{',
    '[]',
    JSON.stringify({ ...good, text: { ...good.text, postings: [] } }),
    JSON.stringify({ ...good, version: 9 }),
  ]) {
    await writeFile(path, bad);
    const next = start();
    expect(await next.ask('x2x'), bad.slice(0, 20)).toEqual(['s2']);
    expect(next.read).toContain('s1');
    await next.index.close();
  }
});

it('never writes what is kept in memory alone [search.kept] [store.choice]', async () => {
  const { folder, sessions, start } = await searchable(2);
  sessions.set('m1', { title: 'Private', version: 1, store: 'memory', text: 'a narwhal' });
  const { ask, saved } = start();
  expect(await ask('narwhal')).toEqual(['m1']);
  await saved('x1x');
  expect(await words(folder)).not.toContain('narwhal');
});
