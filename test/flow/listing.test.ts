import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionStore } from '../../electron/storage/session-store.ts';
import { call, gate, httpError, say, usage } from '../fakes/model-server.ts';
import { quiet, startBench, tempFolder } from './harness.ts';

const prices = { input: 10, output: 40 };

it('a start lists title, time, status and cost of every session, newest first, and opens none of them [S-W80]', async () => {
  let time = Date.UTC(2030, 0, 1);
  const now = () => {
    time += 1000;
    return time;
  };
  const first = await startBench({ now });
  const { window, server } = first;
  await window.request('profile.save', { profile: { name: 'Priced', baseUrl: server.baseUrl, model: 'm', prices } });
  server.script(say('one', usage({ input: 100_000, output: 0 })), httpError(400), say('three'));
  const ids: string[] = [];
  for (const text of ['first', 'second', 'third']) {
    const id = await first.newSession();
    ids.push(id);
    await first.send(id, text);
    await window.untilIdle(id);
  }
  // The oldest is touched last.
  await window.request('session.configure', { sessionId: ids[0] as string, changes: { title: 'renamed' } });
  await window.until(() => window.app.sessions[ids[0] as string]?.title === 'renamed');
  const known = first.workbench.manager.getAllSessions().filter(({ id }) => ids.includes(id));

  const inner = createFileStore({ root: first.userDataDir, log: quiet });
  const touched: string[] = [];
  const store: SessionStore = {
    ...inner,
    open: (id) => inner.open(touched[touched.push(id) - 1] as string),
    read: (id, options) => inner.read(touched[touched.push(id) - 1] as string, options),
  };
  const { workbench } = await first.restart({ store });
  await workbench.ready;
  const rows = workbench.manager.getAllSessions().filter(({ id }) => ids.includes(id));
  expect(rows.map(({ title, status, totals }) => [title, status, totals.cost])).toEqual([
    ['renamed', 'completed', 1],
    ['third', 'completed', expect.any(Number)],
    ['second', 'failed', 0],
  ]);
  const times = rows.map(({ updatedAt }) => updatedAt);
  expect(times).toEqual([...times].sort((a, b) => b - a));
  expect(rows).toEqual(known);
  expect(workbench.manager.sessionCount()).toBe(Object.keys(window.app.sessions).length);
  expect(touched).toEqual([]);
});

it('ids are made here, whatever a caller says, and no two differ by case alone [S-W79]', async () => {
  const { workbench, workspace } = await startBench();
  const { manager } = workbench;
  const wished = { workspace, id: 'Mine' };
  const ids = [await manager.createSession(wished), await manager.createSession(wished)];
  ids.push(await manager.createChildSession(ids[0] as string, wished), await manager.forkSession(ids[0] as string));
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]{16}$/);
});

it('what waits for a person can be listed, in one session or in all, its children and what is set aside too, also after a restart [S-W63]', async () => {
  const bench = await startBench();
  const { window, server, workbench } = bench;
  const write = (path: string) => call('write', { file_path: path, content: 'x' });
  server.when('child work', say(write('child.txt')));
  server.script(
    say(write('a.txt'), write('b.txt')),
    say(call('task', { description: 'Child', prompt: 'child work' }), write('c.txt')),
  );
  const [one, two] = [await bench.newSession({ title: 'One' }), await bench.newSession({ title: 'Two' })];
  await bench.send(one, 'go');
  await window.until(() => window.app.approvals.length === 2);
  await bench.send(two, 'go');
  await window.approval(({ title }) => title === 'child.txt');
  const aside = window.app.approvals.find(({ title }) => title === 'b.txt');
  await window.request('approval.defer', { id: aside?.id ?? '', deferred: true });
  const listed = (manager: typeof workbench.manager, id?: string) =>
    manager
      .listPendingApprovals(id)
      .map(({ title, deferred, path }) => [path.map((step) => step.title).join('/'), title, deferred ?? false]);
  const [childId = ''] = workbench.manager.getChildSessions(two);
  const ofOne = [
    ['One', 'a.txt', false],
    ['One', 'b.txt', true],
  ];
  expect(listed(workbench.manager, one)).toEqual(ofOne);
  expect(listed(workbench.manager, childId)).toEqual([['Two/Child', 'child.txt', false]]);
  expect(listed(workbench.manager)).toHaveLength(listed(workbench.manager, two).length + 3);
  expect(workbench.manager.listPendingApprovals(one)[0]).toMatchObject({
    ...{ sessionId: one, kind: 'call', tool: 'write', args: { file_path: 'a.txt', content: 'x' } },
    ...{ at: expect.any(Number), reason: expect.any(String), hash: expect.any(String) },
  });

  const again = await bench.restart();
  const { manager } = again.workbench;
  await again.workbench.ready;
  expect(listed(manager, one)).toEqual(ofOne);
  expect(listed(manager, childId)).toEqual([['Two/Child', 'child.txt', false]]);
  const [first] = manager.listPendingApprovals(one);
  again.server.script(say('done'));
  expect(await manager.confirmTool(one, first?.callId ?? '', false)).toBe(true);
  expect(listed(manager, one)).toEqual([['One', 'b.txt', true]]);
});

it('sessions at work at the same time have files, tools and limits of their own [S-W53]', async () => {
  const look = '---\nname: look\ndescription: Looks\nallowed-tools: Read\n---\nOnly look.\n';
  const bench = await startBench();
  const { window, server, workspace } = bench;
  await mkdir(join(workspace, '.claude/skills/look'), { recursive: true });
  await writeFile(join(workspace, '.claude/skills/look/SKILL.md'), look);
  const other = await tempFolder();
  const write = call('write', { file_path: 'a.txt', content: 'x' });
  const hold = gate();
  server.when('look', say(write), say(hold, write), say('done'));
  server.when('free', say(write), say('done'));
  const bound = await bench.newSession({ mode: 'bypass' });
  const free = await bench.newSession({ mode: 'bypass', workspace: other });
  await bench.send(bound, '/look around');
  await hold.reached;
  await bench.send(free, 'free');
  await window.untilIdle(free);
  hold.open();
  await window.untilIdle(bound);
  expect(window.calls(free).map(({ state }) => state)).toEqual(['ok']);
  expect(window.calls(bound).map(({ state }) => state)).toEqual(['denied', 'denied']);
  const offersSkills = (text: string) =>
    server.requests
      .filter(({ lastUser }) => lastUser.includes(text))
      .map(({ body }) => body.tools?.some((tool) => tool.function.name === 'skill'));
  expect([...new Set(offersSkills('look'))]).toEqual([true]);
  expect([...new Set(offersSkills('free'))]).toEqual([false]);
  expect(await readFile(join(other, 'a.txt'), 'utf8')).toBe('x');
  await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
});

it('a session whose lock cannot be read hides no other [S-W24] [damage]', async () => {
  const first = await startBench();
  const ids = [await first.newSession(), await first.newSession()];
  await first.workbench.shutdown(2000);
  // As unreadable to everybody as a lock that another account has left is to most.
  await mkdir(join(first.userDataDir, 'sessions', ids[0] as string, 'lock'));
  const { window } = await first.restart();
  expect(Object.keys(window.app.sessions)).toEqual(expect.arrayContaining(ids));
  await expect(window.openSession(ids[0] as string)).rejects.toMatchObject({ code: 'storage' });
});
