import { performance } from 'node:perf_hooks';
import { expect, it } from 'vitest';
import { call, gate, hang, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';
import { processesWith, uniqueSeconds } from './processes.ts';

it('in mid-text keeps what was said, ends the request, and holds the queue until it is started [cancel.stream] [queue.held] [L1]', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  server.script(say('Once upon', hang), say('second'), say('third'));
  const id = await bench.newSession();
  await bench.send(id, 'first');
  await window.until(() => window.session(id).items.some((item) => item.kind === 'message' && item.text !== ''));
  await bench.send(id, 'second');
  await bench.send(id, 'third');
  await window.request('run.cancel', { sessionId: id });
  await window.until(() => window.session(id).head.run?.outcome === 'cancelled');
  const stopped = window.session(id);
  expect(stopped.items.at(-1)).toMatchObject({ text: 'Once upon', partial: true, streaming: false });
  expect(stopped.head.queue.map((prompt) => prompt.text)).toEqual(['second', 'third']);
  expect(server.requests).toHaveLength(1);

  expect(await window.request('run.start', { sessionId: id })).toEqual({ started: true });
  const state = await window.untilIdle(id);
  expect(state.items.flatMap((item) => (item.kind === 'message' ? item.text : []))).toEqual([
    'Once upon',
    'second',
    'third',
  ]);
  await expectLaws(bench, id);
});

it('of nothing says so, and twice at once ends the run once [cancel.once] [L1]', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  server.script(say(hang));
  const id = await bench.newSession();
  expect(await window.request('run.cancel', { sessionId: id })).toEqual({ cancelled: false });
  await bench.send(id, 'go');
  await server.request(0);
  const both = await Promise.all([1, 2].map(() => window.request('run.cancel', { sessionId: id })));
  expect(both.some(({ cancelled }) => cancelled)).toBe(true);
  await window.untilIdle(id);
  expect(await window.request('run.cancel', { sessionId: id })).toEqual({ cancelled: false });
  const { envelopes } = await onDisk(bench.userDataDir, id);
  expect(envelopes.filter(({ event }) => event.type === 'run.ended')).toHaveLength(1);
  await expectLaws(bench, id);
});

it('at the very start of a run, before its request, still ends it [cancel.once] [L1]', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  server.reply(() => say('hello'));
  const id = await bench.newSession();
  await Promise.all([
    window.request('prompt.send', { sessionId: id, text: 'go' }),
    window.request('run.cancel', { sessionId: id }),
  ]);
  const state = await window.untilIdle(id);
  expect(state.head.run?.outcome).toMatch(/cancelled|completed/);
  await expectLaws(bench, id);
});

it.each([
  ['in the foreground', (s: string) => `sleep ${s}`],
  ['with children of its own', (s: string) => `(sleep ${s} & sleep ${s}); wait; sleep ${s}`],
  ['in the background', (s: string) => `sleep ${s} & sleep ${s} & wait`],
  ['that ignores TERM', (s: string) => `trap "" TERM; sleep ${s}; sleep ${s}`],
])('ends a command %s with its whole group in less than 2 s [cancel.command] [T2]', async (_name, command) => {
  const seconds = uniqueSeconds();
  const bench = await startBench();
  const { window, server } = bench;
  server.script(say(call('bash', { command: `echo begun; ${command(seconds)}` })));
  const id = await bench.newSession({ mode: 'bypass' });
  await bench.send(id, 'go');
  await window.until(() => window.calls(id)[0]?.liveOutput.includes('begun'));
  while (processesWith(`sleep ${seconds}`).length === 0) await new Promise((resolve) => setImmediate(resolve));
  const started = performance.now();
  await window.request('run.cancel', { sessionId: id });
  const state = await window.untilIdle(id);
  // The rest is room for what runs beside the tests.
  expect(performance.now() - started).toBeLessThan(8000);
  expect(processesWith(seconds)).toEqual([]);
  expect(state.head.run?.outcome).toBe('cancelled');
  expect(window.calls(id)[0]).toMatchObject({ state: 'cancelled' });
  expect(window.calls(id)[0]?.result?.output).toContain('begun');
  await expectLaws(bench, id);
});

it('answers every other call of the reply too, and says which were not run [cancel.command] [L2]', async () => {
  const seconds = uniqueSeconds();
  const bench = await startBench();
  const { window, server } = bench;
  server.script(
    say(call('bash', { command: `echo begun; sleep ${seconds}` }), call('write', { file_path: 'a.txt', content: 'x' })),
    say('I see.'),
  );
  const id = await bench.newSession({ mode: 'bypass' });
  await bench.send(id, 'go');
  await window.until(() => window.calls(id)[0]?.liveOutput.includes('begun'));
  await window.request('run.cancel', { sessionId: id });
  await window.untilIdle(id);
  expect(window.calls(id).map((one) => one.state)).toEqual(['cancelled', 'cancelled']);
  expect(window.calls(id)[1]?.result?.output).toMatch(/not run/);
  await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
  await bench.send(id, 'what happened?');
  expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
  await expectLaws(bench, id);
});

it('while several reads run ends them all [cancel.command] [L4]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'A' } });
  const { window, server } = bench;
  const reads = Array.from({ length: 12 }, (_, n) => call('read', { file_path: 'a.txt', offset: n + 1 }));
  server.script(say(...reads), say('too late'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await window.until(() => window.calls(id).length > 0);
  await window.request('run.cancel', { sessionId: id });
  await window.untilIdle(id);
  await expectLaws(bench, id);
});

it('a destroyed session ends its command and leaves nothing behind [destroy] [S-W08] [S-W10] [I6]', async () => {
  const seconds = uniqueSeconds();
  const bench = await startBench();
  const { window, server, workbench, userDataDir } = bench;
  server.script(say(call('bash', { command: `echo begun; sleep ${seconds}` })));
  const id = await bench.newSession({ mode: 'bypass' });
  await bench.send(id, 'go');
  const waiting = workbench.manager.generate(id, 'queued behind');
  await window.until(() => window.calls(id)[0]?.liveOutput.includes('begun'));
  await window.request('session.destroy', { sessionId: id });
  expect(processesWith(seconds)).toEqual([]);
  expect(await waiting).toMatchObject({ outcome: 'cancelled' });
  await window.until(() => !window.app.sessions[id]);
  await expect(onDisk(userDataDir, id)).rejects.toMatchObject({ code: 'notFound' });
  await expect(window.request('prompt.send', { sessionId: id, text: 'hello?' })).rejects.toMatchObject({
    code: 'notFound',
  });
  const { window: again } = await bench.restart();
  expect(again.app.sessions).not.toHaveProperty(id);
});

it('of a run that somebody waits for in code cancels that run alone [S-W01] [S-W04]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  const first = gate();
  server.script(say('one', first), say('never'));
  const id = await bench.newSession();
  await bench.send(id, 'first');
  await first.reached;
  const stop = new AbortController();
  const second = workbench.manager.generate(id, 'second', stop.signal);
  await window.until(() => window.session(id).head.queue.length === 1);
  stop.abort();
  expect(await second).toMatchObject({ outcome: 'cancelled' });
  first.open();
  const state = await window.untilIdle(id);
  expect(state.head.run?.outcome).toBe('completed');
  expect(server.requests).toHaveLength(1);
  await expectLaws(bench, id);
});
