import { describe, expect, it } from 'vitest';
import { call, gate, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const read = call('read', { file_path: 'a.txt' });
const files = { 'a.txt': 'hello\n' };
const kinds = (bench: Bench, id: string) => bench.window.session(id).items.map((item) => item.kind);

describe('steering [session.steer]', () => {
  it('puts a message into the running run at its next turn, after the results of its calls', async () => {
    const bench = await startBench({ files });
    const { window, server } = bench;
    const hold = gate();
    server.script(say('Looking.', hold, read), say('As you say.'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await hold.reached;
    await window.request('prompt.steer', { sessionId: id, text: 'be brief' });
    await window.until(() => window.session(id).head.queue[0]?.steer);
    hold.open();
    const state = await window.untilIdle(id);
    expect(kinds(bench, id)).toEqual(['prompt', 'message', 'call', 'prompt', 'message']);
    expect(state.items[3]).toMatchObject({ text: 'be brief', steered: true, runId: state.head.run?.id });
    const { messages } = (await server.request(1)).body;
    expect(messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant', 'tool', 'user']);
    expect(messages.at(-1)?.content).toBe('be brief');
    await expectLaws(bench, id);
  });

  it('lets a run go on that was about to end', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.script(say('Done', hold, '.'), say('And this.'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await hold.reached;
    await window.request('prompt.steer', { sessionId: id, text: 'one more thing' });
    hold.open();
    const state = await window.untilIdle(id);
    expect(kinds(bench, id)).toEqual(['prompt', 'message', 'prompt', 'message']);
    expect(state.head.run?.turn).toBe(2);
    await expectLaws(bench, id);
  });

  it('is an ordinary prompt when nothing runs, and after a stop waits like one', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.script(say('one'), say('two', hold), say('three'));
    const id = await bench.newSession();
    await window.request('prompt.steer', { sessionId: id, text: 'first' });
    await window.untilIdle(id);
    await bench.send(id, 'second');
    await hold.reached;
    await window.request('prompt.steer', { sessionId: id, text: 'late' });
    await window.request('run.cancel', { sessionId: id });
    await window.until(() => window.session(id).head.run?.outcome === 'cancelled');
    expect(window.session(id).head.queue).toMatchObject([{ text: 'late' }]);
    expect(window.session(id).head.queue[0]?.steer).toBeUndefined();
    await window.request('run.start', { sessionId: id });
    expect((await window.untilIdle(id)).items.at(-1)).toMatchObject({ text: 'three' });
    await expectLaws(bench, id);
  });
});

describe('the queue [prompt.queue]', () => {
  it('can be put in another order, and a queued prompt can be sent into the run', async () => {
    const bench = await startBench({ files });
    const { window, server } = bench;
    const hold = gate();
    server.script(say(hold, read), say('one'), say('two'), say('three'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await hold.reached;
    await bench.send(id, 'a');
    const b = await bench.send(id, 'b');
    const c = await bench.send(id, 'c');
    await window.request('prompt.move', { sessionId: id, promptId: b, place: 0 });
    await window.request('prompt.sendNow', { sessionId: id, promptId: c });
    await window.until(() => window.session(id).head.queue.some((prompt) => prompt.steer));
    expect(window.session(id).head.queue.map((prompt) => prompt.text)).toEqual(['b', 'a', 'c']);
    hold.open();
    const state = await window.untilIdle(id);
    const prompts = state.items.filter((item) => item.kind === 'prompt').map((item) => item.text);
    expect(prompts).toEqual(['go', 'c', 'b', 'a']);
    await expect(window.request('prompt.move', { sessionId: id, promptId: b, place: 0 })).rejects.toMatchObject({
      code: 'notFound',
    });
    await expectLaws(bench, id);
  });
});

describe('a stop [session.cancel] [S-W01]', () => {
  const limitMs = 2000;

  it('ends the model call, the tools, the approvals and the children, each with its event, within two seconds', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.when(
      'parent work',
      say(
        call('task', { description: 'Writes', prompt: 'child asks' }),
        call('task', { description: 'Runs', prompt: 'child runs' }),
        call('task', { description: 'Talks', prompt: 'child talks' }),
      ),
    );
    server.when('child asks', say(call('write', { file_path: 'b.txt', content: 'b' })));
    server.when('child runs', say(call('bash', { command: 'touch c.txt && sleep 60' })));
    server.when('child talks', say('Well', hold));
    const id = await bench.newSession();
    await bench.send(id, 'parent work');
    const sleep = await window.approval((approval) => approval.tool === 'bash');
    await window.openSession(sleep.sessionId);
    const asks = await window.approval((approval) => approval.tool === 'write');
    await window.openSession(asks.sessionId);
    await window.answer(sleep, 'allow');
    await window.until(() => window.calls(sleep.sessionId)[0]?.state === 'running');
    await hold.reached;
    const talks = await window.until(() =>
      Object.values(window.app.sessions).find((one) => one.parentId === id && one.title === 'Talks'),
    );
    await window.openSession(talks.id);

    const began = performance.now();
    expect(await window.request('run.cancel', { sessionId: id })).toEqual({ cancelled: true });
    expect(performance.now() - began).toBeLessThan(limitMs);

    for (const one of [id, sleep.sessionId, asks.sessionId, talks.id]) {
      expect((await window.untilIdle(one)).head.run?.outcome).toBe('cancelled');
      await expectLaws(bench, one);
    }
    expect(window.calls(id).map((made) => made.state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(window.calls(sleep.sessionId)[0]?.state).toBe('cancelled');
    expect(window.calls(asks.sessionId)[0]).toMatchObject({ state: 'cancelled', approval: { outcome: 'cancelled' } });
    expect(window.session(talks.id).items.at(-1)).toMatchObject({ kind: 'message', text: 'Well', partial: true });
    expect(window.app.approvals).toEqual([]);
    expect(await window.request('run.cancel', { sessionId: id })).toEqual({ cancelled: false });
  });
});
