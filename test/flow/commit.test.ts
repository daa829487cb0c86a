import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Session } from '../../electron/session/session.ts';
import type { Input, Route } from '../../shared/ipc/contract.ts';
import type { Envelope } from '../../shared/session/events.ts';
import { emptySession, reduceSession } from '../../shared/session/reduce.ts';
import { call, gate, hang, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';

/** What a process that is killed in this very tick would leave: read without giving any write the time to end. */
function leftNow({ userDataDir }: Bench, id: string) {
  const journal = join(userDataDir, 'sessions', id, 'journal');
  const lines = readdirSync(journal).flatMap((name) => readFileSync(join(journal, name), 'utf8').trimEnd().split('\n'));
  const envelopes = lines.map((line) => JSON.parse(line.slice(line.indexOf(' ') + 1)) as Envelope);
  return envelopes.reduce(reduceSession, emptySession(id));
}

type Ask = { [R in Route]: [R, Omit<Input<R>, 'sessionId'>] }[Route];

/** Asks for one after the other; each answer finds all of the session on disk. */
async function expectEachOnDisk(bench: Bench, session: Session, asked: Ask[]): Promise<void> {
  const { id } = session;
  for (const [route, input] of asked) {
    const before = session.state.seq;
    await bench.window.request(route, { sessionId: id, ...input } as Input<Route>);
    expect([route, leftNow(bench, id)]).toEqual([route, session.state]);
    expect([route, session.state.seq]).toEqual([route, expect.toSatisfy((seq: number) => seq > before)]);
  }
}

it('every change of a session that was answered is on disk by then [S-W44]', async () => {
  const bench = await startBench();
  bench.server.script(say('one'), say('two'));
  const id = await bench.newSession();
  const prompts: string[] = [];
  for (const text of ['first', 'second']) {
    prompts.push(await bench.send(id, text));
    await bench.window.untilIdle(id);
  }
  const session = await bench.workbench.manager.getSession(id);
  await session.allSaved();
  const [, second = ''] = prompts;
  const policy = { enabled: true, defaultTimeoutMs: 60_000, timeoutAction: 'reject' as const, yoloLanes: [] };
  await expectEachOnDisk(bench, session, [
    ['session.configure', { changes: { title: 'Named' } }],
    ['session.configure', { changes: { mode: 'plan', thinking: { effort: 'low' } } }],
    ['session.configure', { changes: {}, unset: ['thinking'] }],
    ['session.configure', { changes: { budget: { session: { turns: 9 } } } }],
    ['confirmation.set', { policy }],
    ['session.pause', {}],
    ['session.resume', {}],
    ['session.archive', { archived: true }],
    ['session.archive', { archived: false }],
    ['context.pin', { itemId: second, pinned: true }],
    ['context.drop', { itemId: second, dropped: true }],
    ['session.clear', {}],
  ]);
  const [branch] = session.state.head.branches ?? [];
  await expectEachOnDisk(bench, session, [['branch.restore', { branchId: branch?.id ?? '' }]]);
});

it('so is every change of the queue, what is set aside, a stop, and the result of a run [S-W44]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  const hold = gate();
  server.script(say(hold, call('write', { file_path: 'a.txt', content: 'x' })), say(hang), say(hang), say('done'));
  const id = await bench.newSession();
  const session = await workbench.manager.getSession(id);
  await bench.send(id, 'go');
  await hold.reached;
  await session.allSaved();
  await expectEachOnDisk(bench, session, [
    ['prompt.send', { text: 'a' }],
    ['prompt.send', { text: 'b' }],
    ['prompt.steer', { text: 'c' }],
  ]);
  const [a = '', b = '', c = ''] = session.state.head.queue.map((prompt) => prompt.id);
  await expectEachOnDisk(bench, session, [
    ['prompt.change', { promptId: a, text: 'a, but better' }],
    ['prompt.move', { promptId: b, place: 0 }],
    ['prompt.sendNow', { promptId: b }],
    ['prompt.remove', { promptId: c }],
    ['prompt.remove', { promptId: b }],
  ]);
  hold.open();
  const approval = await window.approval();
  await session.allSaved();
  await expectEachOnDisk(bench, session, [
    ['approval.defer', { id: approval.id, deferred: true }],
    ['approval.defer', { id: approval.id, deferred: false }],
  ]);
  expect(await workbench.manager.cancelConfirmations(id)).toBe(1);
  expect(leftNow(bench, id).head.approvals).toEqual([]);
  await server.request(1);
  await window.request('run.cancel', { sessionId: id });
  expect(leftNow(bench, id).head.run?.outcome).toBe('cancelled');
  await window.request('run.start', { sessionId: id });
  expect(leftNow(bench, id).head.run).toMatchObject({ promptId: a });
  await server.request(2);
  await window.request('run.cancel', { sessionId: id });
  expect(leftNow(bench, id).head.run).toMatchObject({ promptId: a, outcome: 'cancelled' });
  const result = await workbench.manager.generate(id, 'one more');
  expect(leftNow(bench, id).head.run).toMatchObject({ id: result.runId, outcome: result.outcome });
  const childId = await workbench.manager.createChildSession(id, {});
  expect(leftNow(bench, id).head.children).toEqual([childId]);
});

it('a change adds its own lines to the journal and rewrites nothing, however long the session is [S-W43]', async () => {
  const first = await startBench();
  first.server.reply(() => say('word '.repeat(40_000)));
  const id = await first.newSession();
  for (const text of ['one', 'two', 'three']) {
    await first.send(id, text);
    await first.window.untilIdle(id);
  }
  const bench = await first.restart();
  await bench.window.openSession(id);
  const folder = join(bench.userDataDir, 'sessions', id);
  const files = () =>
    (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => !name.includes('journal') && statSync(join(folder, name)).isFile())
      .map((name) => [name, statSync(join(folder, name)).ino, statSync(join(folder, name)).mtimeMs]);
  const journal = join(folder, 'journal', readdirSync(join(folder, 'journal'))[0] ?? '');
  const [before, bytes, { ino }] = [files(), readFileSync(journal), statSync(journal)];
  expect(bytes.length).toBeGreaterThan(500_000);
  for (let n = 0; n < 20; n += 1) {
    await bench.window.request('session.configure', { sessionId: id, changes: { title: `Name ${n}` } });
  }
  expect(files()).toEqual(before);
  const after = readFileSync(journal);
  expect(statSync(journal).ino).toBe(ino);
  expect(after.subarray(0, bytes.length).equals(bytes)).toBe(true);
  expect(after.length - bytes.length).toBeLessThan(20 * 300);
});
