import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createMemoryStore } from '../../electron/storage/memory-store.ts';
import type { SessionStore } from '../../electron/storage/session-store.ts';
import { call, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';

let inner: SessionStore;
let answer: ReturnType<typeof deferred>;

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const named = (name: string, changes: Partial<SessionStore> = {}): SessionStore => ({
  ...createMemoryStore(),
  name,
  ...changes,
});

it('each session is kept where it was made, with its children; memory leaves nothing on disk [store.choice] [S-W17]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  server.reply((request) => {
    if (request.lastUser === 'as a child') return say('child done');
    return request.body.messages.some((message) => message.role === 'tool')
      ? say('done')
      : say(call('task', { description: 'child', prompt: 'as a child' }));
  });
  const folders = async () =>
    (await readdir(join(bench.userDataDir, 'sessions'))).filter((name) => /^[a-z0-9]+$/.test(name));
  const before = await folders();
  const id = await bench.newSession({ store: 'memory' });
  await bench.send(id, 'go');
  expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
  const [childId = ''] = workbench.manager.getChildSessions(id);
  expect(window.app.sessions[id]?.store).toBe('memory');
  expect(window.app.sessions[childId]?.store).toBe('memory');
  expect(await folders()).toEqual(before);

  const onDisk = await bench.newSession();
  expect(window.app.sessions[onDisk]?.store).toBeUndefined();
  const again = await bench.restart();
  expect(again.window.app.sessions[id]).toBeUndefined();
  expect(again.window.app.sessions[onDisk]).toBeDefined();
});

it('a session on a store that is not there is refused and leaves nothing [store.unknown] [S-W14] [S-W16]', async () => {
  const { window, workspace } = await startBench();
  const before = Object.keys(window.app.sessions);
  await expect(window.request('session.create', { workspace, store: 'tape' })).rejects.toMatchObject({
    code: 'invalid',
    message: 'There is no store named "tape".',
  });
  expect(Object.keys(window.app.sessions)).toEqual(before);
});

it('a store registered while running takes sessions and lists its own, also after a restart [store.custom]', async () => {
  const shelf = named('shelf');
  const bench = await startBench();
  await bench.workbench.manager.registerStore('shelf', shelf);
  await expect(bench.workbench.manager.registerStore('shelf', shelf)).rejects.toMatchObject({ code: 'invalid' });
  const id = await bench.newSession({ store: 'shelf', title: 'Kept' });
  bench.server.script(say('one'));
  await bench.send(id, 'go');
  await bench.window.untilIdle(id);

  const again = await bench.restart({ stores: [shelf] });
  expect(again.window.app.sessions[id]).toMatchObject({ title: 'Kept', store: 'shelf' });
  expect((await again.window.openSession(id)).items).toHaveLength(2);
});

it('the health of every store is in the app stream: why it refuses, and that it takes facts again [store.health] [S-W41]', async () => {
  let broken = true;
  const store = named('shelf', {
    checkHealth: async () => {
      if (broken) throw new Error('the shelf is gone');
    },
  });
  const { window, workbench } = await startBench({ stores: [store] });
  await window.until(() => window.app.stores.length === 3);
  expect(window.app.stores).toEqual([
    { store: 'file' },
    { store: 'memory' },
    { store: 'shelf', problem: 'the shelf is gone' },
  ]);
  broken = false;
  await workbench.checkStores();
  await window.until(() => window.app.stores.every(({ problem }) => problem === undefined));
});

it('the sessions of a store that is registered later are listed then, under their store, with what waits in them [store.custom] [store.choice] [S-W80]', async () => {
  const shelf = named('shelf');
  const first = await startBench({ stores: [shelf] });
  first.server.script(say(call('write', { file_path: 'a.txt', content: 'A' })));
  const asking = await first.newSession({ store: 'shelf', title: 'Asking' });
  await first.send(asking, 'go');
  await first.window.approval();
  const resting = await first.newSession({ store: 'shelf', title: 'Resting' });
  // A start that knows nothing of the shelf: neither its sessions nor rows of them.
  const bench = await first.restart({ stores: [] });
  const { window, workbench } = bench;
  expect(Object.keys(window.app.sessions)).not.toContain(asking);
  await window.until(() => window.app.stores.length === 2);

  await workbench.manager.registerStore('shelf', shelf);
  await window.until(() => window.app.sessions[resting] && window.app.sessions[asking]);
  expect(window.app.sessions[resting]).toMatchObject({ title: 'Resting', store: 'shelf' });
  expect(window.app.sessions[asking]).toMatchObject({ title: 'Asking', store: 'shelf', status: 'needsInput' });
  await window.until(() => window.app.stores.some(({ store }) => store === 'shelf'));
  bench.server.script(say('written'));
  await window.openSession(asking);
  await window.answer(await window.approval(), 'allow');
  expect((await window.untilIdle(asking)).head.run?.outcome).toBe('completed');
  expect(await bench.file('a.txt')).toBe('A');
});

it('a store that cannot be listed costs its own sessions alone; they come back with it [store.custom] [store.health] [S-W24]', async () => {
  let gone = false;
  const inner = named('shelf');
  const shelf = named('shelf', {
    ...inner,
    list: async (ids) => {
      if (gone) throw new Error('the shelf is gone');
      return inner.list(ids);
    },
  });
  const first = await startBench({ stores: [shelf] });
  const kept = await first.newSession({ title: 'On disk' });
  const onShelf = await first.newSession({ store: 'shelf', title: 'On the shelf' });
  gone = true;
  const { window, workbench } = await first.restart();
  expect(window.app.sessions[kept]).toMatchObject({ title: 'On disk' });
  expect(window.app.sessions[onShelf]).toBeUndefined();
  await window.until(() => window.app.stores.some(({ problem }) => problem === 'the shelf is gone'));
  gone = false;
  await workbench.checkStores();
  expect(await window.until(() => window.app.sessions[onShelf])).toMatchObject({ store: 'shelf' });
});

it.each([
  ['list', (): Partial<SessionStore> => ({ list: () => answer.promise.then(() => inner.list()) })],
  ['read', (): Partial<SessionStore> => ({ read: (id, how) => answer.promise.then(() => inner.read(id, how)) })],
])(
  'a store whose %s is not answered holds nothing up; its sessions come when it answers [store.silent] [store.health]',
  async (_what, changes) => {
    inner = createMemoryStore();
    const first = await startBench({ stores: [named('shelf', { ...inner, name: 'shelf' })] });
    const kept = await first.newSession({ title: 'On disk' });
    const onShelf = await first.newSession({ store: 'shelf', title: 'On the shelf' });
    answer = deferred();
    await first.workbench.shutdown(1000);
    // Without the cache each session is read.
    for (const name of ['index.json', 'index.json.prev']) await rm(join(first.userDataDir, name), { force: true });
    const stores = [named('shelf', { ...inner, name: 'shelf', ...changes() })];
    const { window, workbench } = await startBench({ userDataDir: first.userDataDir, stores });
    expect(window.app.sessions[kept]).toMatchObject({ title: 'On disk' });
    expect(window.app.sessions[onShelf]).toBeUndefined();
    await window.until(() => window.app.stores.some(({ problem }) => problem === 'it does not answer'));
    answer.resolve();
    await answer.promise;
    await workbench.checkStores();
    expect(await window.until(() => window.app.sessions[onShelf])).toMatchObject({
      title: 'On the shelf',
      store: 'shelf',
    });
    await window.until(() => window.app.stores.every(({ problem }) => problem === undefined));
  },
);

it('a store for all that does not answer leaves a window that says so, and no sample beside what may be there [store.silent]', async () => {
  const silent = named('file', { list: () => new Promise(() => {}) });
  const { window } = await startBench({ store: silent });
  expect(window.app.sessions).toEqual({});
  await window.until(() => window.app.stores.some(({ store, problem }) => store === 'file' && problem));
});

it('a session in whose journal’s place is a file stays in the list and says so [damage]', async () => {
  const first = await startBench();
  const id = await first.newSession({ title: 'Kept' });
  await first.workbench.shutdown(1000);
  const journal = join(first.userDataDir, 'sessions', id, 'journal');
  await rename(journal, `${journal}-away`);
  await writeFile(journal, 'x');
  const { window } = await startBench({ userDataDir: first.userDataDir });
  expect(window.app.sessions[id]?.damaged).toContain('a file is where a folder should be');
});
