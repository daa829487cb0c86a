import { describe, expect, it } from 'vitest';
import { call, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const write = (path: string) => ({ tool: 'write', args: { file_path: path, content: 'x' } });

describe('the tool executor', () => {
  it('runs a call in a session without a model, and a model is told of it later [session.executor] [H7]', async () => {
    const bench = await startBench({ files: { 'notes.txt': 'a line\n' } });
    const executor = bench.workbench.manager.toolExecutor();
    expect(executor.definitions().map(({ name }) => name)).toContain('read');
    const id = await bench.newSession();
    const outcome = await executor.run(id, { tool: 'read', args: { file_path: 'notes.txt' } });
    expect(outcome).toMatchObject({ status: 'ok', output: expect.stringContaining('a line') });
    expect(bench.server.requests).toHaveLength(0);
    const { head } = (await bench.workbench.manager.getSession(id)).state;
    expect(head).toMatchObject({ run: { outcome: 'completed' }, totals: { modelCalls: 0 } });
    bench.server.script(say('I saw it.'));
    await bench.send(id, 'what was that?');
    await bench.window.until(() => bench.window.session(id).items.at(-1)?.kind === 'message');
    await bench.window.untilIdle(id);
    expect(JSON.stringify((await bench.server.request(0)).body.messages)).toContain('a line');
    await expectLaws(bench, id);
  });

  it('goes the way of every call: schema, rules, question, answer [session.executor] [H7] [L3] [S-W57]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const executor = bench.workbench.manager.toolExecutor();
    const id = await bench.newSession();
    const waiting = executor.run(id, write('a.txt'));
    const approval = await window.approval();
    expect(approval).toMatchObject({ tool: 'write', title: 'a.txt' });
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    await window.answer(approval, 'allow');
    expect((await waiting).status).toBe('ok');
    expect(await bench.file('a.txt')).toBe('x');

    await window.request('session.configure', { sessionId: id, changes: { mode: 'plan' } });
    expect((await executor.run(id, write('b.txt'))).status).toBe('denied');
    expect(await executor.run(id, { tool: 'write', args: {} })).toMatchObject({ status: 'error' });
    expect(await executor.run(id, { tool: 'nothing', args: {} })).toMatchObject({ status: 'error' });
    await expect(bench.file('b.txt')).rejects.toThrow('ENOENT');
    await expectLaws(bench, id);
  });

  it('waits behind a run, can be stopped, and is refused while paused [session.executor] [I1]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const { manager } = bench.workbench;
    const executor = manager.toolExecutor();
    bench.server.script(say(call('write', { file_path: 'first.txt', content: 'x' })), say('done'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const first = await window.approval();
    const stop = new AbortController();
    const queued = executor.run(id, write('a.txt'), stop.signal);
    await window.until(() => window.session(id).head.queue.length === 1);
    stop.abort();
    expect((await queued).status).toBe('cancelled');
    await window.answer(first, 'allow');
    await window.untilIdle(id);
    await manager.pauseSession(id);
    await expect(executor.run(id, write('a.txt'))).rejects.toMatchObject({ code: 'paused' });
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    await expectLaws(bench, id);
  });

  it('goes on waiting for its answer over a restart [session.executor] [approval.restart]', async () => {
    const first = await startBench();
    const id = await first.newSession();
    void first.workbench.manager.toolExecutor().run(id, write('a.txt'));
    await first.window.approval();
    const bench = await first.restart();
    await bench.window.openSession(id);
    await bench.window.answer(await bench.window.approval(), 'allow');
    await bench.window.untilIdle(id);
    expect(await bench.file('a.txt')).toBe('x');
    expect(bench.server.requests).toHaveLength(0);
    await expectLaws(bench, id);
  });
});
