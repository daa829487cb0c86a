import { expect, it } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionLog, SessionStore } from '../../electron/storage/session-store.ts';
import { call, hang, say } from '../fakes/model-server.ts';
import { quiet, startBench, tempFolder } from './harness.ts';

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
  expect(await bench.workbench.shutdown(5000)).toBe(true);
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
