import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionLog, SessionStore } from '../../electron/storage/session-store.ts';
import { gate, hang, httpError, say } from '../fakes/model-server.ts';
import { quiet, startBench, tempFolder } from './harness.ts';

it('a deletion that the disk refuses is an error, keeps its row, and is finished by the next try or the next start [S-W11] [S-W10]', async () => {
  const userDataDir = await tempFolder();
  const inner = createFileStore({ root: userDataDir, log: quiet });
  let refuses = true;
  const remove: SessionStore['remove'] = async (id) => {
    if (refuses) throw Object.assign(new Error('busy'), { code: 'EIO' });
    await inner.remove(id);
  };
  const bench = await startBench({ userDataDir, store: { ...inner, remove } });
  const [again, later] = [await bench.newSession(), await bench.newSession()];
  for (const id of [again, later]) {
    await expect(bench.window.request('session.destroy', { sessionId: id })).rejects.toMatchObject({
      message: expect.any(String),
    });
    await bench.window.until(() => bench.window.app.sessions[id]);
  }
  refuses = false;
  await bench.window.request('session.destroy', { sessionId: again });
  await bench.window.until(() => !bench.window.app.sessions[again]);
  const { window } = await bench.restart({ store: undefined });
  expect(window.app.sessions[again]).toBeUndefined();
  expect(window.app.sessions[later]).toBeUndefined();
  await expect.poll(() => inner.list([later])).toEqual([]);
});

it('a session that is asked for several times at once is opened once; listing again replaces no live one [S-W25] [S-W26]', async () => {
  const first = await startBench();
  first.server.script(say('one'));
  const id = await first.newSession();
  await first.send(id, 'go');
  await first.window.untilIdle(id);
  const { workbench, window, send, server } = await first.restart();
  const { manager } = workbench;
  const opened = await Promise.all([manager.getSession(id), manager.getSession(id), manager.restoreSessionById(id)]);
  expect(opened[1]).toBe(opened[0]);
  await window.openSession(id);
  const hold = gate();
  server.script(say('Streamed', hold));
  await send(id, 'more');
  // No word of it is on disk.
  await window.until(() => window.app.sessions[id]?.activity === 'Streamed');
  await manager.loadAllSessions();
  expect(manager.getAllSessions().find((session) => session.id === id)).toMatchObject({ activity: 'Streamed' });
  expect(await manager.getSession(id)).toBe(opened[0]);
  hold.open();
  expect((await window.untilIdle(id)).items.at(-1)).toMatchObject({ text: 'Streamed' });
});

it('an id that is taken makes no session and harms the one that has it [S-W13] [S-W79]', async () => {
  let forced: string | undefined;
  let count = 0;
  const newId = () => {
    count += 1;
    return forced ?? `id${String(count).padStart(6, '0')}`;
  };
  const bench = await startBench({ newId });
  bench.server.script(say('mine'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await bench.window.untilIdle(id);
  forced = id;
  await expect(bench.window.request('session.create', { workspace: bench.workspace })).rejects.toMatchObject({
    code: 'storage',
  });
  forced = undefined;
  expect(bench.window.session(id).items.at(-1)).toMatchObject({ text: 'mine' });
  bench.server.script(say('still mine'));
  await bench.send(id, 'more');
  expect((await bench.window.untilIdle(id)).items.at(-1)).toMatchObject({ text: 'still mine' });
});

it('who hears that a run has ended finds it in the history, on disk and billed, and may send the next prompt at once [S-W07]', async () => {
  const bench = await startBench();
  bench.server.script(say('one'), say('two'));
  const id = await bench.newSession();
  const { manager } = bench.workbench;
  const journal = join(bench.userDataDir, 'sessions', id, 'journal');
  const written = () => readdirSync(journal).map((name) => readFileSync(join(journal, name), 'utf8'));
  const seen: string[] = [];
  const secondSent = new Promise<void>((resolve, reject) => {
    void manager.subscribe(id, {
      envelope: ({ event }) => {
        if (event.type !== 'run.ended' || seen.length > 0) return;
        // Looked at in the very tick in which it is told.
        seen.push(/"run\.ended"/.test(written().join('')) ? 'on disk' : 'not on disk');
        const look = async () => {
          seen.push(`${(await manager.getSession(id)).state.head.totals.modelCalls} billed`);
          seen.push(...(await manager.history(id)).flatMap((item) => ('text' in item ? item.text : [])));
          await manager.send(id, 'second');
        };
        look().then(resolve, reject);
      },
    });
  });
  await bench.send(id, 'first');
  await secondSent;
  expect(seen).toEqual(['on disk', '1 billed', 'first', 'one']);
  await bench.server.request(1);
  const messages = JSON.stringify(bench.server.requests[1]?.body.messages);
  expect(messages).toContain('one');
  await bench.window.until(() => bench.window.session(id).items.length === 4);
});

it('a session whose last run failed is shown as failed, and works again after one that did not; failures carry their code [S-W69] [S-W70]', async () => {
  const bench = await startBench();
  bench.server.script(httpError(400, { error: { message: 'no' } }), say('well'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  const state = await bench.window.untilIdle(id);
  expect(state.head.run).toMatchObject({ outcome: 'failed', error: { code: 'provider' } });
  await bench.window.until(() => bench.window.app.sessions[id]?.status === 'failed');
  await bench.send(id, 'again');
  await bench.window.until(() => bench.window.app.sessions[id]?.status === 'completed');
  await expect(bench.window.request('session.open', { sessionId: 'nowhere' })).rejects.toMatchObject({
    code: 'notFound',
  });
});

it('a session whose disk hangs holds no other one up: they run, are made, listed and cancelled [S-W37] [S-W38]', async () => {
  const userDataDir = await tempFolder();
  const inner = createFileStore({ root: userDataDir, log: quiet });
  let hung: string | undefined;
  const over = (id: string, log: SessionLog): SessionLog => ({
    ...log,
    append: (envelope) => (id === hung ? undefined : log.append(envelope)),
  });
  const store: SessionStore = {
    ...inner,
    open: async (id) => over(id, await inner.open(id)),
    create: async (id) => over(id, await inner.create(id)),
  };
  const bench = await startBench({ userDataDir, store });
  const { window, server, workbench } = bench;
  server.when('hang', say(hang), say(hang));
  server.when('work', say('done'));
  const stuck = await bench.newSession();
  hung = stuck;
  void workbench.manager.send(stuck, 'hang');
  void workbench.manager.createChildSession(stuck, { title: 'child' });
  const other = await bench.newSession();
  await bench.send(other, 'work');
  expect((await window.untilIdle(other)).head.run?.outcome).toBe('completed');
  expect(workbench.manager.getChildSessions(other)).toEqual([]);
  expect(workbench.manager.sessionCount()).toBeGreaterThanOrEqual(3);
  const cancelled = await bench.newSession();
  await bench.send(cancelled, 'hang');
  await window.until(() => window.session(cancelled).head.run);
  await window.request('run.cancel', { sessionId: cancelled });
  expect((await window.untilIdle(cancelled)).head.run?.outcome).toBe('cancelled');
});

it('a session that cannot be read holds no other one up, nor does a listing that waits for it: they are opened, made and run [S-W39]', async () => {
  const first = await startBench();
  first.server.script(say('one'), say('two'));
  const [stuck, other] = [await first.newSession(), await first.newSession()];
  for (const id of [stuck, other]) {
    await first.send(id, 'go');
    await first.window.untilIdle(id);
  }
  const inner = createFileStore({ root: first.userDataDir, log: quiet });
  let arrived = () => {};
  const asked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const wait = async (id: string) => {
    if (id !== stuck) return;
    arrived();
    await held;
  };
  const store: SessionStore = {
    ...inner,
    open: (id) => wait(id).then(() => inner.open(id)),
    read: (id, options) => wait(id).then(() => inner.read(id, options)),
  };
  const { window, workbench, newSession, send, server } = await first.restart({ store });
  const listing = workbench.manager.loadAllSessions();
  const opening = workbench.manager.getSession(stuck);
  await asked;
  await window.openSession(other);
  server.script(say('three'), say('four'));
  await send(other, 'more');
  expect((await window.untilIdle(other)).items.at(-1)).toMatchObject({ text: 'three' });
  const fresh = await newSession();
  await send(fresh, 'go');
  expect((await window.untilIdle(fresh)).items.at(-1)).toMatchObject({ text: 'four' });
  letGo();
  expect((await opening).id).toBe(stuck);
  expect(await listing).toBeGreaterThan(0);
});
