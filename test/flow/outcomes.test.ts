import { rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionStore } from '../../electron/storage/session-store.ts';
import { call, gate, hang, httpError, say } from '../fakes/model-server.ts';
import { quiet, startBench, tempFolder } from './harness.ts';

it('the row of a session says how its last run went: stopped, failed, at its limit, completed, interrupted [S-W70]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  const id = await workbench.manager.createSession({ workspace: bench.workspace, maxTurns: 1 });
  await window.openSession(id);
  const status = (wanted: string) => window.until(() => window.app.sessions[id]?.status === wanted);
  await status('idle');
  server.script(
    say(hang),
    httpError(400, { error: { message: 'no' } }),
    say(call('ls', { path: '.' })),
    say('well'),
    say('x', hang),
  );
  await bench.send(id, 'one');
  await status('working');
  await server.request(0);
  await window.request('run.cancel', { sessionId: id });
  await status('stopped');
  await bench.send(id, 'two');
  await status('failed');
  await bench.send(id, 'three');
  await status('limit');
  await bench.send(id, 'four');
  await status('completed');
  await bench.send(id, 'five');
  await server.request(4);
  const { window: again } = await bench.restart();
  expect(again.app.sessions[id]?.status).toBe('interrupted');
});

it('why a run failed is in its record, for whoever looks later, though nobody waited for it [S-W65]', async () => {
  const first = await startBench();
  const { manager } = first.workbench;
  const id = await first.newSession();
  first.server.script(httpError(400, { error: { message: 'too many elephants' } }));
  await manager.send(id, 'go');
  await first.window.until(() => first.window.session(id).head.run?.outcome);
  const { run } = (await manager.getSession(id)).state.head;
  expect(run).toMatchObject({
    outcome: 'failed',
    error: { code: 'provider', message: expect.stringContaining('too many elephants') },
  });
  // What breaks before the model is asked is no different.
  const other = await first.newSession({ workspace: await tempFolder() });
  await rm((await manager.getSession(other)).state.head.config.workspace, { recursive: true });
  await manager.send(other, 'go');
  const { head } = await first.window.untilIdle(other);
  expect(head.run?.error).toMatchObject({ code: 'invalid', hint: expect.any(String) });
  const again = await first.restart();
  expect((await again.workbench.manager.getSession(id)).state.head.run).toEqual(run);
  expect((await again.workbench.manager.getSession(other)).state.head.run).toEqual(head.run);
});

it('each kind of failure has its code, thrown or in the result, so that nobody needs to read its text [S-W69]', async () => {
  const userDataDir = await tempFolder();
  const inner = createFileStore({ root: userDataDir, log: quiet });
  let full = false;
  const create: SessionStore['create'] = async (id) => {
    if (full) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    return inner.create(id);
  };
  const bench = await startBench({ userDataDir, store: { ...inner, create } });
  const { window, server, workspace, workbench } = bench;
  const { manager } = workbench;
  const code = (doing: Promise<unknown>) =>
    doing.then(
      () => 'none',
      (thrown) => thrown.code,
    );
  const id = await manager.createSession({ workspace });
  const deep = await [1, 2, 3, 4].reduce(
    async (parent) => manager.createChildSession(await parent, {}),
    Promise.resolve(id),
  );
  expect(await code(manager.getSession('nowhere'))).toBe('notFound');
  expect(await code(manager.destroySession('nowhere'))).toBe('notFound');
  expect(await code(manager.createSession({ workspace: 'here' }))).toBe('invalid');
  expect(await code(manager.createChildSession(deep, {}))).toBe('limit');
  full = true;
  // Also across the bridge to a window.
  expect(await code(window.request('session.create', { workspace }))).toBe('storage');
  full = false;

  const hold = gate();
  server.script(say(hold, call('write', { file_path: 'a.txt', content: 'x' })), httpError(400));
  const controller = new AbortController();
  const stopped = manager.generate(id, 'go', controller.signal);
  await hold.reached;
  expect(await code(manager.clear(id))).toBe('busy');
  hold.open();
  const approval = await window.approval();
  expect(await code(window.answer({ ...approval, hash: 'other' }, 'allow'))).toBe('stale');
  controller.abort();
  expect(await stopped).toMatchObject({ outcome: 'cancelled' });
  expect(await manager.generate(id, 'again')).toMatchObject({ outcome: 'failed', error: { code: 'provider' } });

  await manager.pauseSession(id);
  expect(await code(manager.generate(id, 'go'))).toBe('paused');
  await manager.resumeSession(id);
  expect(await code(window.request('session.open', { sessionId: '../x' }))).toBe('invalid');
  const again = (await bench.restart({ store: undefined, env: { PATH: process.env.PATH } })).workbench.manager;
  await again.configure(id, { profileId: 'gone' });
  expect(await again.generate(id, 'go')).toMatchObject({ outcome: 'failed', error: { code: 'notFound' } });
  await again.configure(id, { profileId: 'environment' });
  expect(await again.generate(id, 'go')).toMatchObject({ outcome: 'failed', error: { code: 'notConfigured' } });
});

it('how each call was decided, how it ended and how long it took is in its record, also after a restart [S-W56]', async () => {
  let time = 0;
  const now = () => {
    time += 5;
    return time;
  };
  const first = await startBench({ now });
  const { window, server } = first;
  const write = (path: string) => call('write', { file_path: path, content: 'x' });
  server.script(
    say(
      call('ls', { path: '.' }),
      call('read', { file_path: 'none' }),
      write('a.txt'),
      write('b.txt'),
      call('fly', {}),
    ),
    say('done'),
  );
  const id = await first.newSession();
  await first.send(id, 'go');
  await window.answer(await window.approval(({ title }) => title === 'a.txt'), 'deny');
  await window.answer(await window.approval(({ title }) => title === 'b.txt'), 'allow');
  await window.untilIdle(id);
  const records = window.calls(id).map(({ tool, state, decision, approval, result }) => ({
    ...{ call: `${tool}: ${state}`, decision: decision?.decision, outcome: approval?.outcome },
    took: (result?.durationMs ?? -1) > 0,
  }));
  expect(records).toEqual([
    { call: 'ls: ok', decision: 'allow', outcome: undefined, took: true },
    { call: 'read: error', decision: 'allow', outcome: undefined, took: true },
    { call: 'write: denied', decision: 'ask', outcome: 'denied', took: false },
    { call: 'write: ok', decision: 'ask', outcome: 'allowed', took: true },
    { call: 'fly: error', decision: undefined, outcome: undefined, took: false },
  ]);
  const before = window.calls(id);
  const again = await first.restart();
  await again.window.openSession(id);
  expect(again.window.calls(id)).toEqual(before);
});
