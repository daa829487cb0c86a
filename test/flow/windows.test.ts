import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createSecrets } from '../../electron/storage/secrets.ts';
import { createWorkbench } from '../../electron/workbench.ts';
import { newestWindow, prependItems } from '../../shared/session/replica.ts';
import { call, gate, hang, say } from '../fakes/model-server.ts';
import { bundleCli, startCli } from './cli-process.ts';
import { FakeWindow, quiet, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

it('a window opens with the newest 200 items and pages back to the first [window.paging]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  server.reply((request) => say(`re: ${request.lastUser}`));
  const id = await bench.newSession();
  const results = Array.from({ length: 130 }, (_, n) => workbench.manager.generate(id, `prompt ${n}`));
  await Promise.all(results);
  await window.untilIdle(id);
  await expectLaws(bench, id);
  const fresh = await window.openSession(id);
  expect([fresh.firstItem, fresh.items.length]).toEqual([60, 200]);
  let state = fresh;
  while (state.firstItem > 0) {
    const { items } = await window.request('session.items', { sessionId: id, before: state.firstItem, limit: 50 });
    state = prependItems(state, items);
  }
  const live = (await workbench.manager.getSession(id)).state;
  expect(state).toEqual(live);
  expect(newestWindow(state)).toEqual(fresh);
  expect(await window.request('session.items', { sessionId: id, before: 0, limit: 50 })).toEqual({ items: [] });
}, 60_000);

it('two windows hear the same, a reloaded one misses nothing, and one that is gone holds nothing up [window.reload] [S-W62] [S-W64] [L8]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  const hold = gate();
  server.script(say('Hel', hold, 'lo', call('write', { file_path: 'a.txt', content: 'x' })), say('done'));
  const id = await bench.newSession();
  const second = await FakeWindow.open(workbench, 2);
  await second.openSession(id);
  const gone = await FakeWindow.open(workbench, 3);
  await gone.openSession(id);
  await bench.send(id, 'go');
  await second.until(() => second.session(id).items.some((item) => item.kind === 'message' && item.text === 'Hel'));
  workbench.detachWindow(3);
  const before = gone.heard.length;
  // The same window loads its page again.
  const reloaded = await FakeWindow.open(workbench, 2);
  await reloaded.openSession(id);
  hold.open();
  const approval = await reloaded.approval();
  expect(window.app.approvals).toEqual(reloaded.app.approvals);
  await reloaded.answer(approval, 'allow');
  await Promise.all([window.untilIdle(id), reloaded.untilIdle(id)]);
  expect(reloaded.session(id)).toEqual(window.session(id));
  expect(gone.heard).toHaveLength(before);
  await reloaded.request('session.close', { sessionId: id });
  await expectLaws(bench, id);
});

it('what waits is in the answer to whoever asks anew, whatever was heard or missed before [S-W62] [window.reload]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  const words = Array.from({ length: 300 }, (_, n) => `word ${n} `);
  server.script(say(...words, call('write', { file_path: 'a.txt', content: 'x' })), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  const approval = await window.approval();
  const late = await FakeWindow.open(workbench, 2);
  expect(late.app.approvals).toEqual([approval]);
  expect((await late.openSession(id)).head.approvals).toMatchObject([{ id: approval.id, hash: approval.hash }]);
  const again = await bench.restart();
  expect(again.window.app.approvals).toMatchObject([{ id: approval.id, hash: approval.hash }]);
  await again.window.openSession(id);
  await again.window.answer(approval, 'allow');
  expect((await again.window.untilIdle(id)).head.run?.outcome).toBe('completed');
});

it('with no window left a run goes on to its end, however much it says, and the next window finds all of it [S-W64]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'A' } });
  const { server, workbench } = bench;
  const hold = gate();
  const words = Array.from({ length: 500 }, (_, n) => `word ${n} `);
  server.script(say('Hel', hold, ...words, call('read', { file_path: 'a.txt' })), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await hold.reached;
  const ended = new Promise<void>((resolve) => {
    void workbench.manager.subscribe(id, { envelope: ({ event }) => event.type === 'run.ended' && resolve() });
  });
  workbench.detachWindow(1);
  hold.open();
  await ended;
  const window = await FakeWindow.open(workbench, 2);
  const state = await window.openSession(id);
  expect(state.head.run?.outcome).toBe('completed');
  expect(state.items[1]).toMatchObject({ text: `Hel${words.join('')}` });
  expect(state.items.at(-1)).toMatchObject({ text: 'done' });
  await expectLaws({ ...bench, window }, id);
});

it('what no request of ours would say is refused, and nothing breaks [window.trust]', async () => {
  const { workbench, window } = await startBench();
  const ask = (route: string, input: unknown) => workbench.router.handle({ windowId: 1 }, route, input);
  for (const [route, input] of [
    ['nosuch', {}],
    ['__proto__', {}],
    ['constructor', {}],
    ['session.open', {}],
    ['session.open', { sessionId: '../../etc/passwd' }],
    ['session.open', { sessionId: 7 }],
    ['session.open', null],
    ['prompt.send', { sessionId: 'abc', text: '' }],
    ['session.blob', { sessionId: 'abc', hash: '../../settings.json' }],
    ['approval.answer', { id: 'abc', shownHash: 'x', decision: 'maybe' }],
    ['session.items', { sessionId: 'abc', before: -1, limit: 10_000 }],
    ['session.configure', { sessionId: 'abc', changes: { mode: 'yolo' } }],
  ] as const) {
    const result = await ask(route, input);
    expect([route, result.ok]).toEqual([route, false]);
    if (!result.ok) expect(result.error.code).toMatch(/unsupported|invalid/);
  }
  for (const route of ['session.open', 'session.destroy', 'run.cancel', 'run.start'] as const) {
    await expect(window.request(route, { sessionId: 'nosuch' })).rejects.toMatchObject({ code: 'notFound' });
  }
});

it('the model is offered the same tools in the same order every time [T5]', async () => {
  const bench = await startBench();
  const { server, window } = bench;
  server.script(say(call('ls', {})), say('ok'), say('ok'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await window.untilIdle(id);
  await bench.send(id, 'again');
  await window.untilIdle(id);
  const offered = server.requests.map(({ body }) => JSON.stringify(body.tools));
  expect(new Set(offered).size).toBe(1);
  const names = server.requests[0]?.body.tools?.map((tool) => tool.function.name) ?? [];
  expect(names).toEqual([...names].sort());
  expect(names).toEqual(expect.arrayContaining(['bash', 'edit', 'glob', 'grep', 'ls', 'read', 'task', 'write']));
  // All but the newest part of a request is what the one before it was, so that a prompt cache holds.
  const [first, second] = server.requests.map(({ body }) => body.messages);
  expect(second?.slice(0, first?.length)).toEqual(first);
});

it('a session that the command line runs is followed here, read-only, and taken over when it is free [lock] [window.elsewhere]', async () => {
  const cli = await bundleCli();
  const bench = await startBench();
  const { window, server, userDataDir } = bench;
  server.script(say('Hello', call('bash', { command: 'seq 30000' })), say('Wait', hang));
  const args = ['run', 'go', '--mode', 'bypass', '--output', 'json', '--user-data-dir', userDataDir];
  const running = startCli(cli, args, { server, cwd: bench.workspace });
  onTestFinished(() => void running.child.kill('SIGKILL'));
  await running.until((stdout) => stdout.includes('Wait'));
  const summary = await window.until(() => Object.values(window.app.sessions).find((session) => session.elsewhere));
  const { id } = summary;
  const state = await window.openSession(id);
  expect(state.items[1]).toMatchObject({ kind: 'message', text: 'Hello' });
  const { items } = await window.request('session.items', { sessionId: id, before: 1, limit: 50 });
  expect(items).toEqual(state.items.slice(0, 1));
  const hash = window.calls(id)[0]?.result?.blob ?? '';
  expect((await window.request('session.blob', { sessionId: id, hash })).text).toContain('\n12345\n');
  for (const refused of [
    window.request('prompt.send', { sessionId: id, text: 'me too' }),
    window.request('session.configure', { sessionId: id, changes: { title: 'mine' } }),
    window.request('session.destroy', { sessionId: id }),
  ]) {
    await expect(refused).rejects.toMatchObject({ code: 'elsewhere' });
  }
  running.child.kill('SIGKILL');
  await running.ended;
  // Nobody needs to open it: what the other process left is closed, and the window goes on listening.
  await window.until(() => window.app.sessions[id]?.status === 'interrupted');
  expect(window.app.sessions[id]?.elsewhere).toBeUndefined();
  await window.until(() => window.session(id).head.run?.outcome === 'interrupted');
  server.script(say('Here I am.'));
  await bench.send(id, 'still there?');
  const taken = await window.untilIdle(id);
  expect(taken.items.at(-1)).toMatchObject({ text: 'Here I am.' });
  await expectLaws(bench, id);
});

it('sessions that the command line makes at the same moment are all listed [window.elsewhere]', async () => {
  const { window, userDataDir, workspace } = await startBench();
  const secrets = createSecrets({ path: join(userDataDir, 'secrets.json'), log: quiet });
  const other = await createWorkbench({ kind: 'cli', userDataDir, assetsDir: undefined, env: {}, log: quiet, secrets });
  onTestFinished(async () => void (await other.shutdown(1000)));
  const made = await Promise.all([1, 2, 3].map(() => other.manager.createSession({ workspace })));
  await window.until(() => made.every((id) => window.app.sessions[id]));
});
