import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { call, gate, hang, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';
import { onDisk } from './laws.ts';

const noRules = { allow: [], ask: [], deny: [] };

describe('a session that is destroyed', () => {
  it('may leave its children, who move up a place and are no freer than before [tree.keep] [S-W09]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'a\n' } });
    const { window, server, workbench } = bench;
    const { manager } = workbench;
    const root = await bench.newSession({ mode: 'accept-edits' });
    const middle = await manager.createChildSession(root, { title: 'Middle', mode: 'manual' });
    await manager.configure(middle, { rules: { ...noRules, deny: ['Read(a.txt)'], ask: ['Bash(ls)'] } });
    const low = await manager.createChildSession(middle, {
      title: 'Low',
      mode: 'bypass',
      rules: { ...noRules, allow: ['Bash(ls)'] },
    });
    const lowest = await manager.createChildSession(low, { title: 'Lowest' });
    await window.openSession(low);
    await window.openSession(lowest);
    const hold = gate();
    server.script(say(hold, call('read', { file_path: 'a.txt' })), say('done'));
    await bench.send(low, 'go on');
    await hold.reached;

    await window.request('session.destroy', { sessionId: middle, children: 'keep' });
    await window.until(() => window.app.sessions[middle] === undefined);
    hold.open();
    const state = await window.untilIdle(low);
    expect(state.head.run?.outcome).toBe('completed');
    expect(window.calls(low)[0]).toMatchObject({ state: 'denied' });
    expect(state.head).toMatchObject({
      parent: { sessionId: root },
      depth: 1,
      config: { mode: 'manual', rules: { allow: ['Bash(ls)'], ask: ['Bash(ls)'], deny: ['Read(a.txt)'] } },
    });
    expect(window.session(lowest).head).toMatchObject({ parent: { sessionId: low }, depth: 2 });
    expect(manager.getChildSessions(root)).toEqual([low]);

    await window.request('session.destroy', { sessionId: root, children: 'keep' });
    expect(manager.isChildSession(low)).toBe(false);
    const again = await bench.restart();
    expect(again.window.app.sessions[low]).toMatchObject({ depth: 0 });
    expect(again.window.app.sessions[low]?.parentId).toBeUndefined();
    expect(again.window.app.sessions[lowest]).toMatchObject({ depth: 1, parentId: low });
    expect((await onDisk(bench.userDataDir, low)).state.head.depth).toBe(0);
  });

  it('ends what its children did for its run, and leaves them [tree.keep]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.when('parent work', say(call('task', { description: 'Child', prompt: 'child work' })));
    server.when('child work', say('Well', hold));
    const id = await bench.newSession();
    await bench.send(id, 'parent work');
    await hold.reached;
    const child = await window.until(() => Object.values(window.app.sessions).find((one) => one.parentId === id));
    await window.openSession(child.id);
    await window.request('session.destroy', { sessionId: id, children: 'keep' });
    expect((await window.untilIdle(child.id)).head.run?.outcome).toBe('cancelled');
    await window.until(() => window.app.sessions[id] === undefined && !window.app.sessions[child.id]?.parentId);
  });
});

it('a child that is restored without its parent is there, and can be used [tree.orphan] [S-W27]', async () => {
  const before = await startBench();
  const root = await before.newSession();
  const child = await before.workbench.manager.createChildSession(root, { title: 'Left alone' });
  await before.workbench.shutdown(1000);
  await rm(join(before.userDataDir, 'sessions', root), { recursive: true });
  const bench = await before.restart();
  const { window, server } = bench;
  expect(window.app.sessions[root]).toBeUndefined();
  expect(window.app.sessions[child]).toMatchObject({ parentId: root });
  server.script(say('here'));
  await window.openSession(child);
  await bench.send(child, 'hello?');
  expect((await window.untilIdle(child)).head.run?.outcome).toBe('completed');
});

it('a stop of a session ends what runs below it too, whoever set it off [cancel.tree] [S-W09]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  const root = await bench.newSession();
  const middle = await workbench.manager.createChildSession(root, { title: 'Middle' });
  const low = await workbench.manager.createChildSession(middle, { title: 'Low' });
  await window.openSession(low);
  server.script(say('Well', hang));
  await bench.send(low, 'go on');
  await server.request(0);
  // Nothing runs in the session itself.
  expect(await window.request('run.cancel', { sessionId: root })).toEqual({ cancelled: true });
  expect((await window.untilIdle(low)).head.run?.outcome).toBe('cancelled');
});
