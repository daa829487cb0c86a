import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AppEvent } from '../../shared/app/state.ts';
import { call, gate, hang, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { onDisk } from './laws.ts';
import { processesWith, uniqueSeconds } from './processes.ts';
import { openFilesWith } from './resources.ts';

const noRules = { allow: [], ask: [], deny: [] };

/** One call of a reply runs a command, the other waits for a person; a prompt is queued behind them. */
async function busySession(bench: Bench) {
  const { window, server, workbench } = bench;
  const seconds = uniqueSeconds();
  const command = call('bash', { command: `echo begun; sleep ${seconds}` });
  server.script(say(command, call('write', { file_path: 'a.txt', content: 'x' })));
  const id = await bench.newSession();
  const rules = { ...noRules, allow: ['Bash(echo *)', 'Bash(sleep *)'] };
  await workbench.manager.configure(id, { rules });
  await bench.send(id, 'go');
  const queued = workbench.manager.generate(id, 'queued behind');
  await window.until(() => window.calls(id)[0]?.liveOutput.includes('begun'));
  const approval = await window.approval();
  return { id, seconds, queued, approval };
}

it('refuses what is new, ends and answers all that goes on, and only then is gone [destroy] [S-W08] [I6]', async () => {
  const bench = await startBench();
  const { window, workbench, userDataDir } = bench;
  const { manager } = workbench;
  const { id, seconds, queued, approval } = await busySession(bench);
  const told: string[] = [];
  const late: Promise<unknown>[] = [];
  await manager.subscribe(id, {
    envelope: ({ event }) => {
      if (event.type === 'approval.resolved') told.push(`approval ${event.outcome}`);
      if (event.type === 'call.ended') told.push(`call ${event.status}`);
      if (event.type === 'run.ended') told.push(`run ${event.outcome}`);
      if (event.type === 'session.destroyed') told.push('destroyed');
      if (event.type !== 'call.ended') return;
      late.push(manager.send(id, 'too late').catch((thrown) => thrown));
    },
  });
  await window.request('session.destroy', { sessionId: id });
  expect(told.sort()).toEqual(['approval cancelled', 'call cancelled', 'call cancelled', 'destroyed', 'run cancelled']);
  expect(processesWith(seconds)).toEqual([]);
  expect(await queued).toMatchObject({ outcome: 'cancelled' });
  expect(await Promise.all(late)).toMatchObject([{ code: 'busy' }, { code: 'busy' }]);
  await expect(window.answer(approval, 'allow')).rejects.toMatchObject({ code: 'stale' });
  expect(bench.server.requests).toHaveLength(1);
  await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
  await expect(onDisk(userDataDir, id)).rejects.toMatchObject({ code: 'notFound' });
});

it('is no longer written, nor listed by what was still to be told of it [S-W10]', async () => {
  const bench = await startBench();
  const { window, server, workbench, userDataDir } = bench;
  server.when('go', say('Once upon a time', hang));
  const id = await bench.newSession();
  const told: AppEvent[] = [];
  workbench.app.subscribe(({ event }) => told.push(event));
  await bench.send(id, 'go');
  await window.until(() => window.session(id).items.some((item) => item.kind === 'message' && item.text !== ''));
  const session = await workbench.manager.getSession(id);
  const snapshot = session.snapshotIfDue('closing');
  await workbench.manager.destroySession(id);
  await snapshot;
  // Whoever still holds the session changes nothing that anybody sees.
  session.append({ type: 'session.configured', changes: { title: 'Risen' } });
  // Rows follow their sessions some time later: this one's would have come before that of a session that speaks now.
  const other = await bench.newSession();
  server.script(say('One word', hang));
  await bench.send(other, 'speak');
  await window.until(() => window.app.sessions[other]?.activity === 'One word');
  const gone = told.findIndex((event) => event.type === 'session.unlisted' && event.id === id);
  expect(gone).toBeGreaterThan(-1);
  const after = told.slice(gone).filter((event) => event.type === 'session.listed' && event.session.id === id);
  expect(after).toEqual([]);
  expect(readdirSync(join(userDataDir, 'sessions')).filter((name) => name.includes(id))).toEqual([]);
});

it('leaves no open file, lock, request, question or compaction behind [S-W12] [I6]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'hello\n' } });
  const { window, server, workbench } = bench;
  const { manager } = workbench;
  const isSummary = (text: unknown) => String(text).includes('the memory of a coding agent');
  const hold = gate();
  for (const n of [1, 2, 3, 4]) server.script(say(call('read', { file_path: 'a.txt' })), say(`Answer ${n}.`));
  const id = await bench.newSession();
  for (const n of [1, 2, 3, 4]) {
    await bench.send(id, `question ${n}`);
    await window.untilIdle(id);
  }
  await manager.setConfirmationPolicy(id, { ...(await manager.getConfirmationPolicy(id)), defaultTimeoutMs: 60_000 });
  server.script(say(call('write', { file_path: 'b.txt', content: 'b' })));
  await bench.send(id, 'write b');
  await window.approval((one) => one.clock !== undefined);
  server.when(({ body }) => isSummary(body.messages[0]?.content), say('never', hold));
  const compacting = manager.compact(id).catch((thrown) => thrown);
  await hold.reached;
  expect(openFilesWith(id)).not.toEqual([]);

  await manager.destroySession(id);
  expect(await compacting).toMatchObject({ code: 'cancelled' });
  expect(await server.requests.at(-1)?.ended).toBe('aborted');
  expect(openFilesWith(id)).toEqual([]);
  expect(manager.listPendingApprovals()).toEqual([]);
  await expect(manager.getSession(id)).rejects.toMatchObject({ code: 'notFound' });
});
