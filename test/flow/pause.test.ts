import { describe, expect, it } from 'vitest';
import { call, gate, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const read = call('read', { file_path: 'a.txt' });
const files = { 'a.txt': 'hello\n' };
const pause = ({ window }: Bench, sessionId: string) => window.request('session.pause', { sessionId });
const resume = ({ window }: Bench, sessionId: string) => window.request('session.resume', { sessionId });

/** A session that was paused in the middle of its first turn and is held before the second. */
async function heldSession(bench: Bench): Promise<string> {
  const hold = gate();
  bench.server.script(say('Looking.', hold, read), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await hold.reached;
  expect(await pause(bench, id)).toEqual({ changed: true });
  hold.open();
  await bench.window.until(() => bench.window.session(id).head.run?.heldAt);
  return id;
}

describe('a pause [session.pause] [S-W30] [S-W31]', () => {
  it('lets the turn under way end, holds the next, and resume goes on', async () => {
    const bench = await startBench({ files });
    const id = await heldSession(bench);
    const { window, server } = bench;
    expect(window.calls(id)[0]?.state).toBe('ok');
    expect(server.requests).toHaveLength(1);
    await window.until(() => window.app.sessions[id]?.status === 'paused');
    expect(await pause(bench, id)).toEqual({ changed: false });
    expect(await resume(bench, id)).toEqual({ changed: true });
    const state = await window.untilIdle(id);
    expect(state.head.run).toMatchObject({ outcome: 'completed', turn: 2 });
    expect(state.items.at(-1)).toMatchObject({ text: 'done' });
    expect(await resume(bench, id)).toEqual({ changed: false });
    await expectLaws(bench, id);
  });

  it('is no part of how long the run took', async () => {
    let now = 1000;
    const bench = await startBench({ files, now: () => now });
    const id = await heldSession(bench);
    now += 60_000;
    await resume(bench, id);
    const { run } = (await bench.window.untilIdle(id)).head;
    expect(run?.heldAt).toBeUndefined();
    expect(run?.heldMs).toBe(60_000);
  });

  it('lets an approval wait and be answered, and then holds', async () => {
    const bench = await startBench();
    bench.server.script(say(call('write', { file_path: 'b.txt', content: 'b' })), say('done'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const approval = await bench.window.approval();
    await pause(bench, id);
    expect(bench.window.app.sessions[id]?.status).toBe('needsInput');
    await bench.window.answer(approval, 'allow');
    await bench.window.until(() => bench.window.session(id).head.run?.heldAt);
    expect(await bench.file('b.txt')).toBe('b');
    await resume(bench, id);
    await bench.window.untilIdle(id);
    await expectLaws(bench, id);
  });

  it('queues prompts in order and starts them on resume; generate refuses instead of waiting', async () => {
    const bench = await startBench();
    const { window, server, workbench } = bench;
    server.script(say('one'), say('two'));
    const id = await bench.newSession();
    await pause(bench, id);
    await bench.send(id, 'first');
    await bench.send(id, 'second');
    expect(window.session(id).head).toMatchObject({ queue: [{ text: 'first' }, { text: 'second' }] });
    expect(window.session(id).head.run).toBeUndefined();
    await expect(workbench.manager.generate(id, 'third')).rejects.toMatchObject({ code: 'paused' });
    await resume(bench, id);
    const state = await window.untilIdle(id);
    expect(state.items.map((item) => ('text' in item ? item.text : ''))).toEqual(['first', 'one', 'second', 'two']);
    await expectLaws(bench, id);
  });

  it('holds the sessions below too', async () => {
    const bench = await startBench({ files });
    const { window, server } = bench;
    const hold = gate();
    server.when('parent work', say(call('task', { description: 'Child', prompt: 'child work' })), say('all done'));
    server.when('child work', say('Looking.', hold, read), say('child done'));
    const id = await bench.newSession();
    await bench.send(id, 'parent work');
    await hold.reached;
    await pause(bench, id);
    hold.open();
    const child = await window.until(() => Object.values(window.app.sessions).find((one) => one.parentId === id));
    await window.until(() => window.app.sessions[child.id]?.status === 'paused');
    expect(server.requests).toHaveLength(2);
    await resume(bench, id);
    const state = await window.untilIdle(id);
    expect(state.items.at(-1)).toMatchObject({ text: 'all done' });
    await expectLaws(bench, id);
  });

  it('outlives a restart: the held run is neither interrupted nor forgotten', async () => {
    const before = await startBench({ files });
    const id = await heldSession(before);
    const bench = await before.restart();
    const { window } = bench;
    expect(window.app.sessions[id]?.status).toBe('paused');
    await window.openSession(id);
    await resume(bench, id);
    const state = await window.untilIdle(id);
    expect(state.head.run).toMatchObject({ outcome: 'completed', turn: 2 });
    await expectLaws(bench, id);
  });

  it('is ended by a stop, which ends the run', async () => {
    const bench = await startBench({ files });
    const id = await heldSession(bench);
    expect(await bench.window.request('run.cancel', { sessionId: id })).toEqual({ cancelled: true });
    const state = await bench.window.untilIdle(id);
    expect(state.head.run).toMatchObject({ outcome: 'cancelled', turn: 1 });
    expect(bench.server.requests).toHaveLength(1);
    await expectLaws(bench, id);
  });
});
