import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import { call, cut, gate, hang, say } from '../fakes/model-server.ts';
import { type Bench, quiet, startBench, tempFolder } from './harness.ts';
import { expectLaws } from './laws.ts';
import { processesWith, uniqueSeconds } from './processes.ts';

const task = (description: string, prompt: string) => call('task', { description, prompt });
const write = (path: string, content = 'x') => call('write', { file_path: path, content });

/** The ids of the children, in the order of the calls that made them, once all of them are known to the window. */
async function childrenOf({ window }: Bench, id: string, count: number): Promise<string[]> {
  return window.until(() => {
    const ids = window.calls(id).flatMap((one) => one.childId ?? []);
    return ids.length === count && ids.every((child) => window.app.sessions[child]) && ids;
  });
}

async function openAll({ window }: Bench, ids: string[]): Promise<void> {
  for (const id of ids) await window.openSession(id);
}

describe('children', () => {
  it('asked for in one reply run at the same time, in the tree, and each answers its own call [child.parallel] [T7] [S-W17]', async () => {
    const bench = await startBench();
    const { window, server, workbench } = bench;
    const [one, two] = [gate(), gate()];
    server.when('first part', say('one is ', one, 'done'));
    server.when('second part', say('two is ', two, 'done'));
    server.script(say(task('Look at one', 'the first part'), task('Look at two', 'the second part')), say('both done'));
    const id = await bench.newSession({ title: 'Parent' });
    await bench.send(id, 'go');
    await Promise.all([one.reached, two.reached]);
    const ids = await childrenOf(bench, id, 2);
    await openAll(bench, ids);
    await window.until(() => ids.every((child) => window.app.sessions[child]?.status === 'working'));
    expect(ids.map((child) => window.app.sessions[child])).toMatchObject([
      { parentId: id, depth: 1, title: 'Look at one' },
      { parentId: id, depth: 1, title: 'Look at two' },
    ]);
    expect(workbench.manager.getChildSessions(id).sort()).toEqual([...ids].sort());
    // The second ends first; the results keep the order of the calls.
    two.open();
    await window.untilIdle(ids[1] as string);
    one.open();
    await window.untilIdle(id);
    const results = (server.requests.at(-1)?.body.messages ?? []).filter((message) => message.role === 'tool');
    expect(results.map((message) => message.content)).toEqual(['one is done', 'two is done']);
    for (const each of [id, ...ids]) await expectLaws(bench, each);
  });

  it('are made when the start of their call is on disk, so that a crash never has one made twice [child.start]', async () => {
    const userDataDir = await tempFolder();
    const files = createFileStore({ root: userDataDir, log: quiet });
    let parent: string | undefined;
    let found = '';
    const create: typeof files.create = (id) => {
      // Read at once: a moment later the disk might have what it had not when the child was made.
      const journal = join(userDataDir, 'sessions', parent ?? '', 'journal');
      if (parent)
        found = readdirSync(journal).reduce((all, name) => all + readFileSync(join(journal, name), 'utf8'), '');
      return files.create(id);
    };
    const bench = await startBench({ userDataDir, store: { ...files, create } });
    bench.server.when('the part', say('child done'));
    bench.server.script(say(task('Part', 'the part')), say('done'));
    const id = await bench.newSession();
    parent = id;
    await bench.send(id, 'go');
    await bench.window.untilIdle(id);
    expect(found).toContain('"call.started"');
    expect(found).not.toContain('"child.spawned"');
  });

  it('ask in the one queue, with their path, and are answered there [child.approval] [T7]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.when('write a', say(write('a.txt')), say('a written'));
    server.when('write b', say(write('b.txt')), say('b written'));
    server.script(say(task('A', 'write a'), task('B', 'write b')), say('done'));
    const id = await bench.newSession({ title: 'Parent' });
    await bench.send(id, 'go');
    await window.until(() => window.app.approvals.length === 2);
    const ids = await childrenOf(bench, id, 2);
    await openAll(bench, ids);
    const paths = window.app.approvals.map(({ path }) => path.map((step) => step.title).join(' › ')).sort();
    expect(paths).toEqual(['Parent › A', 'Parent › B']);
    expect(window.app.approvals.map((approval) => approval.sessionId).sort()).toEqual([...ids].sort());
    const b = await window.approval((approval) => approval.title === 'b.txt');
    await window.answer(b, 'deny', { comment: 'no b' });
    await window.answer(await window.approval((approval) => approval.title === 'a.txt'), 'allow');
    await window.untilIdle(id);
    expect(await bench.file('a.txt')).toBe('x');
    await expect(bench.file('b.txt')).rejects.toThrow('ENOENT');
    for (const each of [id, ...ids]) await expectLaws(bench, each);
  });

  it('cancelled alone leave the parent running, which is told [child.cancel]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.when('hang', say('I am', hang));
    server.script(say(task('Hangs', 'please hang')), say('it was stopped'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const [child = ''] = await childrenOf(bench, id, 1);
    await window.openSession(child);
    await window.until(() => window.session(child).items.some((item) => item.kind === 'message' && item.text !== ''));
    await window.request('run.cancel', { sessionId: child });
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('completed');
    expect(window.calls(id)[0]).toMatchObject({ state: 'error' });
    expect(window.calls(id)[0]?.result?.output).toMatch(/did not complete \(cancelled\)/);
    expect(window.session(child).head.run?.outcome).toBe('cancelled');
    for (const each of [id, child]) await expectLaws(bench, each);
  });

  it('are cancelled with the parent, at any depth, with their commands [child.cancel] [cancel.tree] [S-W09]', async () => {
    const seconds = uniqueSeconds();
    const bench = await startBench();
    const { window, server } = bench;
    server.when('grandson', say(call('bash', { command: `echo begun; sleep ${seconds}` })));
    server.when('eldest', say(task('Grandson', 'be the grandson')));
    server.script(say(task('Eldest', 'be the eldest'), task('Second', 'be number two')));
    server.when('number two', say('thinking', hang));
    const id = await bench.newSession({ mode: 'bypass' });
    await bench.send(id, 'go');
    const children = await childrenOf(bench, id, 2);
    await openAll(bench, children);
    const grandchild = await window.until(() => Object.values(window.app.sessions).find((one) => one.depth === 2)?.id);
    await window.openSession(grandchild);
    await window.until(() => window.calls(grandchild)[0]?.liveOutput.includes('begun'));
    await window.request('run.cancel', { sessionId: id });
    const all = [id, ...children, grandchild];
    for (const each of all) expect((await window.untilIdle(each)).head.run?.outcome).toBe('cancelled');
    expect(processesWith(seconds)).toEqual([]);
    for (const each of all) await expectLaws(bench, each);
  });

  it('are destroyed with the parent [child.cancel] [destroy] [S-W09]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.when('hang', say('I am', hang));
    server.script(say(task('Hangs', 'please hang')));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await childrenOf(bench, id, 1);
    await window.request('session.destroy', { sessionId: id });
    await window.until(() => Object.keys(window.app.sessions).length === (window.app.focus ? 1 : 0));
    const { window: again } = await bench.restart();
    expect(Object.values(again.app.sessions).filter((session) => session.depth > 0)).toEqual([]);
  });

  it('are not replaced by others while they are destroyed with the parent [destroy] [S-W08] [S-W09]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.when('hang', say('I am', hang));
    server.script(say(task('Hangs', 'please hang')), say(task('Late', 'come late')));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await childrenOf(bench, id, 1);
    await server.request(1);
    await window.request('session.destroy', { sessionId: id });
    expect(server.requests).toHaveLength(2);
    expect(bench.workbench.manager.getAllSessions().filter((session) => session.depth > 0)).toEqual([]);
  });

  it('may be nested four deep and no deeper, and the model is told [child.depth] [S-W20]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    let asked = 0;
    server.reply((request) => {
      const last = request.body.messages.at(-1);
      if (last?.role === 'tool') return say(`heard: ${String(last.content)}`);
      asked += 1;
      return say(task(`Level ${asked}`, `go deeper than ${asked}`));
    });
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const state = await window.untilIdle(id);
    expect(asked).toBe(5);
    expect(Object.values(window.app.sessions).map((session) => session.depth)).toContain(4);
    expect(Object.values(window.app.sessions).map((session) => session.depth)).not.toContain(5);
    expect(state.items.at(-1)).toMatchObject({ text: expect.stringMatching(/nested 4 deep/) });
  });

  it('that fail are reported with the reason [child.fail]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.when('fail', say('half', cut));
    server.script(say(task('Fails', 'please fail')), say('so be it'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await window.untilIdle(id);
    expect(window.calls(id)[0]?.result?.output).toMatch(/did not complete \(failed: .*broke off/);
  });
});

describe('what a child may do', () => {
  it('follows its parent at once when the parent is switched to plan mode [child.policy] [S-W18] [S-W19] [I8]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.when('write', say(hold, write('a.txt')), say('could not'));
    server.script(say(task('Writes', 'please write')), say('done'));
    const id = await bench.newSession({ mode: 'bypass' });
    await bench.send(id, 'go');
    await hold.reached;
    const [child = ''] = await childrenOf(bench, id, 1);
    await window.openSession(child);
    await window.request('session.configure', { sessionId: id, changes: { mode: 'plan' } });
    hold.open();
    await window.untilIdle(id);
    expect(window.calls(child)[0]).toMatchObject({ state: 'denied', decision: { decision: 'deny' } });
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    await expectLaws(bench, child);
  });

  it('stays as strict as its parent when the child alone is switched to bypass [child.policy] [I8]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.when('write', say(hold, write('a.txt')), say('ok'));
    server.script(say(task('Writes', 'please write')), say('done'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await hold.reached;
    const [child = ''] = await childrenOf(bench, id, 1);
    await window.openSession(child);
    await window.request('session.configure', { sessionId: child, changes: { mode: 'bypass' } });
    hold.open();
    const approval = await window.approval();
    expect(approval.sessionId).toBe(child);
    await window.request('run.cancel', { sessionId: id });
    await expectLaws(bench, child);
  });

  it('is judged by the rules of its parent after a restart too [child.policy] [S-W27]', async () => {
    const first = await startBench();
    first.server.when('write', say('nothing yet'));
    first.server.script(say(task('Writes', 'please write')), say('done'));
    const id = await first.newSession();
    await first.send(id, 'go');
    const [child = ''] = await childrenOf(first, id, 1);
    await first.window.untilIdle(id);
    await first.window.request('session.configure', { sessionId: id, changes: { mode: 'plan' } });
    const bench = await first.restart();
    bench.server.script(say(write('a.txt')), say('no'));
    await bench.window.openSession(child);
    await bench.window.request('session.configure', { sessionId: child, changes: { mode: 'bypass' } });
    await bench.send(child, 'now do it');
    await bench.window.untilIdle(child);
    expect(bench.window.calls(child).at(-1)).toMatchObject({ state: 'denied' });
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
  });
});

describe('a restart', () => {
  it('with a child that waits keeps all of them waiting, and all complete after the answer [child.restart] [S-W28]', async () => {
    const first = await startBench();
    first.server.when('write a', say(write('a.txt')), say('a written'));
    first.server.when('write b', say(write('b.txt')), say('b written'));
    first.server.script(say(task('A', 'write a'), task('B', 'write b')), say('both done'));
    const id = await first.newSession({ title: 'Parent' });
    await first.send(id, 'go');
    await first.window.until(() => first.window.app.approvals.length === 2);
    const ids = await childrenOf(first, id, 2);

    const bench = await first.restart();
    const { window, server } = bench;
    expect(window.app.approvals).toHaveLength(2);
    expect(window.app.approvals[0]?.path[0]?.title).toBe('Parent');
    await openAll(bench, [id, ...ids]);
    expect(window.session(id).head.run?.outcome).toBeUndefined();
    expect(server.requests).toHaveLength(3);
    for (const approval of [...window.app.approvals]) await window.answer(approval, 'allow');
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('completed');
    expect(window.calls(id).map((one) => one.result?.output)).toEqual(['a written', 'b written']);
    expect(Object.values(window.app.sessions).filter((session) => session.parentId === id)).toHaveLength(2);
    expect(server.errors).toEqual([]);
    for (const each of [id, ...ids]) await expectLaws(bench, each);
  });

  it('with one child waiting and another at work interrupts them and the parent [child.restart] [S-W28]', async () => {
    const first = await startBench();
    first.server.when('write a', say(write('a.txt')), say('a written'));
    first.server.when('hang', say('I am', hang));
    first.server.script(say(task('A', 'write a'), task('H', 'please hang')));
    const id = await first.newSession();
    await first.send(id, 'go');
    await first.window.approval();
    const ids = await childrenOf(first, id, 2);
    await first.server.request(2);
    const bench = await first.restart();
    const { window } = bench;
    await openAll(bench, [id, ...ids]);
    for (const each of [id, ...ids]) {
      expect((await window.untilIdle(each)).head.run?.outcome).toBe('interrupted');
      await expectLaws(bench, each);
    }
    expect(window.app.approvals).toEqual([]);
    expect(bench.server.requests).toHaveLength(3);
  });
});
