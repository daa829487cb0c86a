import { expect, it, onTestFinished } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionLog, SessionStore } from '../../electron/storage/session-store.ts';
import { call, hang, say } from '../fakes/model-server.ts';
import { quiet, startBench, tempFolder } from './harness.ts';
import { onDisk } from './laws.ts';
import { processesWith, uniqueSeconds } from './processes.ts';

/** A store whose disk takes its time with every close. */
function slowStore(root: string, ms: number): SessionStore {
  const store = createFileStore({ root, log: quiet });
  const slow = (log: SessionLog): SessionLog => ({
    ...log,
    async close(deadlineMs) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return log.close(deadlineMs);
    },
  });
  return {
    ...store,
    open: async (id) => slow(await store.open(id)),
    create: async (id) => slow(await store.create(id)),
  };
}

it('a quit with a reply streaming, a command running and an approval waiting on a slow disk loses nothing and keeps its deadline [S-W76]', async () => {
  const userDataDir = await tempFolder();
  const bench = await startBench({ userDataDir, store: slowStore(userDataDir, 300) });
  const { window, server } = bench;
  server.when('stream', say('said so far', hang));
  server.when('command', say(call('bash', { command: 'echo begun; sleep 60' })));
  server.when('ask', say(call('write', { file_path: 'a.txt', content: 'A' })));
  const streaming = await bench.newSession();
  const command = await bench.newSession({ mode: 'bypass' });
  const asking = await bench.newSession();
  await bench.send(streaming, 'stream');
  await bench.send(command, 'command');
  await bench.send(asking, 'ask');
  await window.until(() => window.session(streaming).items.some((one) => one.kind === 'message' && one.text !== ''));
  await window.until(() => window.calls(command)[0]?.liveOutput.includes('begun'));
  const approval = await window.approval();

  const started = performance.now();
  expect(await bench.workbench.shutdown(5000)).toEqual([]);
  expect(performance.now() - started).toBeLessThan(5000);

  server.script(say('written'));
  const again = await bench.restart({ store: undefined });
  expect(again.window.app.sessions[streaming]?.status).toBe('interrupted');
  expect(again.window.app.sessions[command]?.status).toBe('interrupted');
  const said = (await again.window.openSession(streaming)).items.findLast((one) => one.kind === 'message');
  expect(said).toMatchObject({ text: 'said so far', partial: true });
  await again.window.openSession(command);
  expect(again.window.calls(command)[0]?.result?.output).toContain('begun');
  await again.window.openSession(asking);
  await again.window.answer(approval, 'allow');
  expect((await again.window.untilIdle(asking)).head.run?.outcome).toBe('completed');
  expect(await again.file('a.txt')).toBe('A');
});

/** A store that takes no more facts from a moment on, and says nothing either. */
function hangingStore(root: string) {
  const inner = createFileStore({ root, log: quiet });
  let hangs = false;
  const over = (log: SessionLog): SessionLog => {
    let swallowed = false;
    onTestFinished(() => void log.close(0));
    return {
      ...log,
      append(envelope) {
        swallowed ||= hangs;
        if (!swallowed) log.append(envelope);
      },
      close: (deadlineMs) => (swallowed ? new Promise(() => {}) : log.close(deadlineMs)),
    };
  };
  const store: SessionStore = {
    ...inner,
    open: async (id) => over(await inner.open(id)),
    create: async (id) => over(await inner.create(id)),
  };
  return {
    store,
    hang: () => {
      hangs = true;
    },
  };
}

it('a disk that hangs does not hold a quit up: it ends by its deadline and says what is not saved [S-W76] [I5]', async () => {
  const userDataDir = await tempFolder();
  const { store, hang: hangDisk } = hangingStore(userDataDir);
  const bench = await startBench({ userDataDir, store });
  bench.server.script(say('saved'), say('never ends', hang));
  const id = await bench.newSession({ title: 'Hanging' });
  await bench.send(id, 'first');
  await bench.window.untilIdle(id);
  const { envelopes } = await onDisk(userDataDir, id);
  hangDisk();
  void bench.workbench.manager.send(id, 'second');
  await bench.server.request(1);

  const started = performance.now();
  const first = bench.workbench.shutdown(900);
  const second = bench.workbench.shutdown(60_000);
  expect(await first).toEqual([{ id, title: 'Hanging', reason: 'the disk did not answer in time' }]);
  expect(performance.now() - started).toBeLessThan(8000);
  // Whoever asks again gets the same shutdown, with the first one's deadline.
  expect(await second).toBe(await first);
  expect((await onDisk(userDataDir, id)).envelopes.slice(0, envelopes.length)).toEqual(envelopes);
});

it('from a quit on every request is refused with the reason, and nothing begins any more [S-W76]', async () => {
  const bench = await startBench();
  const { window, workbench, server, workspace } = bench;
  server.script(say('one'));
  const id = await bench.newSession();
  const ending = workbench.shutdown(2000);
  const refusal = { code: 'busy', message: 'Switchyard is shutting down.' };
  await expect(window.request('prompt.send', { sessionId: id, text: 'go' })).rejects.toMatchObject(refusal);
  await expect(window.request('session.create', { workspace })).rejects.toMatchObject(refusal);
  await expect(workbench.manager.generate(id, 'go')).rejects.toMatchObject(refusal);
  await expect(workbench.manager.configure(id, { title: 'New' })).rejects.toMatchObject(refusal);
  expect(await ending).toEqual([]);
  await expect(window.request('session.open', { sessionId: id })).rejects.toMatchObject(refusal);
  await expect(workbench.manager.createSession({ workspace })).rejects.toMatchObject(refusal);
  expect(server.requests).toHaveLength(0);
});

it('a command that ignores being asked is killed with its whole group before the quit is done [S-W76] [T2] [I6]', async () => {
  const seconds = uniqueSeconds();
  const userDataDir = await tempFolder();
  const inner = createFileStore({ root: userDataDir, log: quiet });
  // Nothing but the end of the command holds the quit up.
  const create: SessionStore['create'] = async (id) => ({ ...(await inner.create(id)), saveSnapshot: async () => {} });
  const bench = await startBench({ userDataDir, store: { ...inner, create } });
  bench.server.script(
    say(call('bash', { command: `trap "" TERM; echo begun; sleep ${seconds} & sleep ${seconds}; sleep ${seconds}` })),
  );
  const id = await bench.newSession({ mode: 'bypass' });
  await bench.send(id, 'go');
  await bench.window.until(() => bench.window.calls(id)[0]?.liveOutput.includes('begun'));
  expect(processesWith(seconds).length).toBeGreaterThan(0);
  expect(await bench.workbench.shutdown(5000)).toEqual([]);
  expect(processesWith(seconds)).toEqual([]);
  const { state } = await onDisk(bench.userDataDir, id);
  expect(state.head.run?.outcome).toBe('interrupted');
});
