import { expect, it } from 'vitest';
import { isDurable } from '../../shared/session/durability.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import { call, gate, httpError, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';

const texts = (state: { items: readonly { kind: string; text?: string }[] }, kind: string) =>
  state.items.filter((item) => item.kind === kind).map((item) => item.text);

it('runs prompts sent meanwhile one after the other, in order [queue.order] [S-W02] [I1]', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  const hold = gate();
  server.script(say('1', hold), say('2'), say('3'), say('4'));
  const id = await bench.newSession();
  await bench.send(id, 'a');
  await hold.reached;
  await Promise.all(['b', 'c', 'd'].map((text) => window.request('prompt.send', { sessionId: id, text })));
  await window.until(() => window.app.sessions[id]?.queued === 3);
  hold.open();
  const state = await window.until(
    () => texts(window.session(id), 'message').join() === '1,2,3,4' && window.untilIdle(id),
  );
  expect(texts(state, 'prompt')).toEqual(['a', 'b', 'c', 'd']);
  expect(texts(state, 'message')).toEqual(['1', '2', '3', '4']);
  // Each request saw all that came before it: nobody's turn is lost.
  expect(server.requests.map(({ body }) => body.messages.length)).toEqual([2, 4, 6, 8]);
  await expectLaws(bench, id);
});

it('lets a queued prompt be changed and taken back, but not one that has begun [queue.change]', async () => {
  const bench = await startBench();
  const { window, server } = bench;
  const hold = gate();
  server.script(say('1', hold), say('2'));
  const id = await bench.newSession();
  const begun = await bench.send(id, 'a');
  const changed = await bench.send(id, 'b');
  const removed = await bench.send(id, 'c');
  await window.request('prompt.change', { sessionId: id, promptId: changed, text: 'b, but better' });
  await window.request('prompt.remove', { sessionId: id, promptId: removed });
  for (const promptId of [begun, removed, 'nosuch']) {
    await expect(window.request('prompt.change', { sessionId: id, promptId, text: 'x' })).rejects.toMatchObject({
      code: 'notFound',
    });
    await expect(window.request('prompt.remove', { sessionId: id, promptId })).rejects.toMatchObject({
      code: 'notFound',
    });
  }
  hold.open();
  const state = await window.untilIdle(id);
  expect(texts(state, 'prompt')).toEqual(['a', 'b, but better']);
  expect(server.requests.at(-1)?.lastUser).toBe('b, but better');
  await expectLaws(bench, id);
});

it('is held after a failure, survives a restart, and goes on when it is told to [queue.held]', async () => {
  const first = await startBench();
  const hold = gate();
  first.server.script(say(hold), httpError(400, { error: { message: 'no' } }), say('2'), say('3'));
  const id = await first.newSession();
  await first.send(id, 'a');
  await hold.reached;
  await first.send(id, 'b');
  await first.send(id, 'c');
  await first.send(id, 'd');
  hold.open();
  // An empty reply fails the first; the rest is held.
  await first.window.until(() => first.window.session(id).head.run?.outcome === 'failed');
  expect(first.window.session(id).head.queue).toHaveLength(3);
  await first.window.request('run.start', { sessionId: id });
  await first.window.until(() => {
    const { run, queue } = first.window.session(id).head;
    return run?.outcome === 'failed' && queue.length === 2;
  });
  const bench = await first.restart();
  const { window } = bench;
  await window.openSession(id);
  expect(window.session(id).head.queue.map((prompt) => prompt.text)).toEqual(['c', 'd']);
  expect(bench.server.requests).toHaveLength(2);
  await window.request('run.start', { sessionId: id });
  const state = await window.untilIdle(id);
  expect(texts(state, 'message').filter(Boolean)).toEqual(['2', '3']);
  expect(await window.request('run.start', { sessionId: id })).toEqual({ started: false });
  await expectLaws(bench, id);
});

it('gives each caller in code the result of its own run [queue.own-result] [S-W66]', async () => {
  const bench = await startBench();
  const { server, workbench, window } = bench;
  server.reply((request) => say(`re: ${request.lastUser}`));
  const id = await bench.newSession();
  const heard: string[] = [];
  const results = await Promise.all([
    workbench.manager.generate(id, 'a'),
    workbench.manager.generateStreaming(id, 'b', { envelope: ({ event }) => heard.push(event.type) }),
    workbench.manager.generate(id, 'c'),
  ]);
  expect(results.map(({ text }) => text)).toEqual(['re: a', 're: b', 're: c']);
  expect(new Set(results.map(({ runId }) => runId)).size).toBe(3);
  expect(heard).toContain('message.completed');
  await window.untilIdle(id);
  await expectLaws(bench, id);
});

it('leaves the same facts and gives the same result whether it is listened to or not [S-W66]', async () => {
  const bench = await startBench({ files: { 'a.txt': 'A' }, now: () => 1_000_000 });
  const { server, workbench, window } = bench;
  server.reply(({ body }) =>
    body.messages.at(-1)?.role === 'tool' ? say('done') : say('Let me see.', call('read', { file_path: 'a.txt' })),
  );
  const heard: SessionEvent[] = [];
  const [plain, listened] = [await bench.newSession(), await bench.newSession()];
  const first = await workbench.manager.generate(plain, 'go');
  const second = await workbench.manager.generateStreaming(listened, 'go', {
    envelope: ({ event }) => heard.push(event),
  });
  const written = async (id: string) => (await onDisk(bench.userDataDir, id)).envelopes.map(({ event }) => event);
  expect(withoutIds(await written(plain))).toEqual(withoutIds(await written(listened)));
  expect({ ...first, runId: '' }).toEqual({ ...second, runId: '' });
  expect(heard.filter(({ type }) => isDurable(type))).toEqual((await written(listened)).slice(1));
  expect(heard.some(({ type }) => type === 'message.delta')).toBe(true);
  for (const id of [plain, listened]) {
    await window.untilIdle(id);
    await expectLaws(bench, id);
  }
});

/** Ids as numbers in the order in which they come, so that two runs can be compared. */
function withoutIds(events: SessionEvent[]): unknown {
  const ids: string[] = [];
  const numbered = JSON.stringify(events).replace(/"(?:[a-z0-9]{16,}|call_\d+_\d+)"/g, (id) => {
    if (!ids.includes(id)) ids.push(id);
    return `"id ${ids.indexOf(id)}"`;
  });
  return JSON.parse(numbered);
}
