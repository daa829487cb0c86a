import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { startTimeOf } from '../../electron/process-identity.ts';
import { spawnGroup } from '../../electron/tools/process-group.ts';
import { say } from '../fakes/model-server.ts';
import { allowed, asked, leaveSession, turnEnded, waits } from './crashed.ts';
import { startBench, tempFolder } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';
import { processesWith, uniqueSeconds } from './processes.ts';

it('a call that was allowed and had not begun runs once after the crash, while another of its reply still waits [approval.restart] [S-W28] [I9]', async () => {
  const [userDataDir, workspace] = [await tempFolder(), await tempFolder()];
  const first = { command: 'echo first >> log' };
  const second = { file_path: 'b.txt', content: 'B' };
  await leaveSession(userDataDir, 'left', { workspace }, [
    asked('left', 0, 'bash', first),
    asked('left', 1, 'write', second),
    turnEnded('left'),
    ...waits('left', 0, 'bash', first),
    ...waits('left', 1, 'write', second),
    allowed('left', 0, 'bash', first),
  ]);
  const bench = await startBench({ userDataDir, workspace });
  const { window, server } = bench;
  await window.openSession('left');
  await window.until(() => window.calls('left')[0]?.state === 'ok');
  expect(window.calls('left')[1]?.state).toBe('waiting');
  expect(window.app.sessions.left?.status).toBe('needsInput');
  // A second start in between runs it no second time.
  const again = await bench.restart();
  await again.window.openSession('left');
  expect(again.window.calls('left').map((one) => one.state)).toEqual(['ok', 'waiting']);
  expect(server.requests).toHaveLength(0);
  server.script(say('done'));
  await again.window.answer(await again.window.approval(), 'allow');
  expect((await again.window.untilIdle('left')).head.run?.outcome).toBe('completed');
  expect(await again.file('log')).toBe('first\n');
  expect(await again.file('b.txt')).toBe('B');
  await expectLaws(again, 'left');
});

it('a run that a crash cut off is shown as interrupted from the start on, is closed on disk, and is not run again [S-W28] [L2]', async () => {
  const [userDataDir, workspace] = [await tempFolder(), await tempFolder()];
  const args = { command: 'echo ran >> log' };
  await leaveSession(userDataDir, 'incall', { workspace }, [
    asked('incall', 0, 'bash', args),
    asked('incall', 1, 'bash', args),
    turnEnded('incall'),
    { type: 'call.decided', callId: 'incallc0', decision: 'allow', reason: 'bypass' },
    { type: 'call.decided', callId: 'incallc1', decision: 'allow', reason: 'bypass' },
    { type: 'call.started', callId: 'incallc0' },
  ]);
  await leaveSession(userDataDir, 'inreply', { workspace }, []);
  const bench = await startBench({ userDataDir, workspace });
  const { window, server } = bench;
  for (const id of ['incall', 'inreply']) {
    expect(window.app.sessions[id]?.status).toBe('interrupted');
    expect((await onDisk(userDataDir, id)).state.head.run).toMatchObject({ outcome: 'interrupted' });
    expect((await window.openSession(id)).head.run?.error?.hint).toMatch(/Ask again/);
  }
  expect(window.calls('incall').map((one) => [one.state, one.result?.output])).toEqual([
    ['interrupted', expect.stringMatching(/may have had part of its effects/)],
    ['interrupted', expect.stringMatching(/was not run/)],
  ]);
  await expect(bench.file('log')).rejects.toThrow('ENOENT');
  expect(server.requests).toHaveLength(0);
  server.reply(() => say('Going on.'));
  for (const id of ['incall', 'inreply']) {
    await bench.send(id, 'go on');
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
    await expectLaws(bench, id);
  }
});

it('what a crash left running is ended for all sessions at the same time, so that a start waits once [restart.leftovers] [T2]', async () => {
  const [userDataDir, workspace] = [await tempFolder(), await tempFolder()];
  const seconds = uniqueSeconds();
  onTestFinished(() => {
    for (const pid of processesWith(seconds)) process.kill(pid, 'SIGKILL');
  });
  const leftOver = async () => {
    const group = spawnGroup('bash', ['-c', `trap "" TERM; echo up; while :; do sleep ${seconds}; done`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(group.stdout as NodeJS.ReadableStream, 'data');
    const pid = group.pid as number;
    return { pid, startTime: (await startTimeOf(pid)) as string };
  };
  const ids = ['one', 'two', 'three', 'four'];
  for (const id of ids) {
    const args = { command: 'whatever' };
    const running = [0, 1].map(async (index) => ({
      type: 'process.started' as const,
      callId: `${id}c${index}`,
      ...(await leftOver()),
    }));
    await leaveSession(userDataDir, id, { workspace }, [
      asked(id, 0, 'bash', args),
      asked(id, 1, 'bash', args),
      turnEnded(id),
      { type: 'call.decided', callId: `${id}c0`, decision: 'allow', reason: 'bypass' },
      { type: 'call.decided', callId: `${id}c1`, decision: 'allow', reason: 'bypass' },
      { type: 'call.started', callId: `${id}c0` },
      { type: 'call.started', callId: `${id}c1` },
      ...(await Promise.all(running)),
    ]);
  }
  const started = performance.now();
  const { workbench, window } = await startBench({ userDataDir });
  await workbench.ready;
  // One group that ignores being asked takes 1.5 s to end; eight of them one after the other take twelve.
  expect(performance.now() - started).toBeLessThan(6000);
  expect(processesWith(seconds)).toEqual([]);
  for (const id of ids) {
    const state = await window.openSession(id);
    expect(state.head.run?.outcome).toBe('interrupted');
    expect(state.items.filter((item) => item.kind === 'notice' && /was ended/.test(item.text))).toHaveLength(2);
  }
});
