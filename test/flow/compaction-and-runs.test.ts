import { expect, it } from 'vitest';
import { activeItems } from '../../shared/session/line.ts';
import { call, gate, httpError, type ModelServerRequest, say, usage } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';

const isSummaryRequest = ({ body }: ModelServerRequest) =>
  String(body.messages[0]?.content).includes('the memory of a coding agent');
const textOf = ({ body }: ModelServerRequest) => JSON.stringify(body.messages);
const read = call('read', { file_path: 'a.txt' });
const files = { 'a.txt': 'hello\n' };

/** A session after four exchanges, each with a read of a file. */
async function talk(bench: Bench): Promise<string> {
  const id = await bench.newSession();
  for (const n of [1, 2, 3, 4]) {
    bench.server.script(say(`Reading ${n}.`, read), say(`Answer ${n}.`));
    await bench.send(id, `question ${n}`);
    await bench.window.untilIdle(id);
  }
  return id;
}

it('while a summary is being written the session is read, asked, measured and stopped, and others run [S-W32] [C6]', async () => {
  const bench = await startBench({ files });
  const { window, server, workbench } = bench;
  const { manager } = workbench;
  const id = await talk(bench);
  server.script(say(call('write', { file_path: 'b.txt', content: 'b' })));
  await bench.send(id, 'write b');
  const approval = await window.approval();
  const hold = gate();
  server.when(isSummaryRequest, say('half a ', hold));
  const compacting = manager.compact(id).catch((thrown) => thrown);
  await hold.reached;

  expect(await manager.history(id)).toHaveLength(19);
  expect((await manager.contextUsage(id))?.used).toBeGreaterThan(0);
  expect(manager.getChildSessions(id)).toEqual([]);
  await manager.createChildSession(id, { title: 'child' });
  expect(await manager.confirmTool(id, approval.callId ?? '', false)).toBe(true);
  await window.until(() => window.calls(id).at(-1)?.state === 'denied');
  server.when('elsewhere', say('done'));
  const other = await bench.newSession();
  expect(await manager.generate(other, 'elsewhere')).toMatchObject({ outcome: 'completed' });
  expect(await manager.cancelOperation(id)).toBe(true);
  expect((await window.untilIdle(id)).head.run?.outcome).toBe('cancelled');
  hold.open();
  await compacting;
  await expectLaws(bench, id);
});

it('a run and a compaction that somebody asked for in its middle lose nothing of each other [S-W33] [C6]', async () => {
  const bench = await startBench({ files });
  const { window, server, workbench } = bench;
  const id = await talk(bench);
  const [turn, summary] = [gate(), gate()];
  server.when(isSummaryRequest, say('THE ', summary, 'GIST'));
  server.script(say('Working', turn, ' on it.', read), say('All done.'));
  await bench.send(id, 'question 5');
  await turn.reached;
  const compacting = workbench.manager.compact(id);
  await summary.reached;
  // The turn ends and its call runs while the summary is unfinished.
  turn.open();
  await window.until(() => window.calls(id).length === 5 && window.calls(id).at(-1)?.state === 'ok');
  summary.open();
  await compacting;
  const state = await window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  const texts = activeItems(state).flatMap((item) => (item.kind === 'message' ? item.text : []));
  expect(texts).toEqual([
    ...[1, 2, 3, 4].flatMap((n) => [`Reading ${n}.`, `Answer ${n}.`]),
    ...['Working on it.', 'All done.'],
  ]);
  expect((await onDisk(bench.userDataDir, id)).state.items).toEqual(state.items);
  const last = server.requests.at(-1) as ModelServerRequest;
  for (const part of ['THE GIST', 'question 5', 'Working on it.', 'hello']) expect(textOf(last)).toContain(part);
  expect(textOf(last)).not.toContain('Answer 1.');
  await expectLaws(bench, id);
});

it('compactions of a session that are asked for at once come one after the other, each from what the last has left [S-W33]', async () => {
  const bench = await startBench({ files });
  const { server, workbench } = bench;
  const id = await talk(bench);
  const hold = gate();
  server.when(isSummaryRequest, say(hold, 'FIRST GIST'), say('SECOND GIST'));
  const both = Promise.allSettled([workbench.manager.compact(id), workbench.manager.compact(id)]);
  await hold.reached;
  hold.open();
  expect(await both).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
  const asked = server.requests.filter(isSummaryRequest);
  expect(asked).toHaveLength(2);
  expect(textOf(asked[1] as ModelServerRequest)).toContain('FIRST GIST');
});

it('many small calls of a long run do not add up to a full context [S-W34]', async () => {
  const bench = await startBench({ files });
  const { window, server } = bench;
  const id = await bench.newSession();
  await window.request('session.configure', { sessionId: id, changes: { maxContext: 20_000 } });
  const turns = Array.from({ length: 6 }, (_, n) => say(`Turn ${n}.`, read, usage({ input: 9000 + n, output: 10 })));
  server.script(...turns, say('Done.', usage({ input: 9100, output: 20 })));
  await bench.send(id, 'go');
  const state = await window.untilIdle(id);
  expect(state.head.totals.input).toBeGreaterThan(60_000);
  expect(state.head.context).toMatchObject({ used: 9120, window: 20_000, source: 'reported' });
  expect(await bench.workbench.manager.maybeAutoCompact(id)).toBe(false);
  expect(server.requests.filter(isSummaryRequest)).toEqual([]);
  expect(state.items.filter((item) => item.kind === 'summary')).toEqual([]);
  await expectLaws(bench, id);
});

it('without a summary the task, the open goals and whole pairs stay, and one event says what was done [S-W35] [C1] [C3] [C9]', async () => {
  const bench = await startBench({ files });
  const { window, server, workbench } = bench;
  const id = await talk(bench);
  server.when(isSummaryRequest, httpError(400, { error: { message: 'no summaries today' } }));
  await workbench.manager.compact(id);
  server.script(say('Answer 5.'));
  await bench.send(id, 'question 5');
  await window.untilIdle(id);
  const last = server.requests.at(-1) as ModelServerRequest;
  expect(String(last.body.messages[1]?.content)).toMatch(/^question 1/);
  const roles = last.body.messages.map(({ role }) => role);
  expect(roles.filter((role) => role === 'tool').length).toBeGreaterThan(0);
  expect(roles.length).toBeLessThan(16);
  const told = window.heard.filter(({ event }) => event.type === 'context.compacted');
  expect(told).toMatchObject([{ event: { method: 'truncate', auto: false, gone: expect.any(Number) } }]);
  await expectLaws(bench, id);
});
