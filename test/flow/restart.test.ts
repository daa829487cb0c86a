import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionStore } from '../../electron/storage/session-store.ts';
import { call, gate, hang, say } from '../fakes/model-server.ts';
import { quiet, startBench, tempFolder } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';
import { processesWith, uniqueSeconds } from './processes.ts';

describe('a quit', () => {
  it('in mid-text shows the run as interrupted, with all that was said; nothing is sent again [restart.stream] [S-W28] [S-W76]', async () => {
    const first = await startBench();
    first.server.script(say('Once upon a', hang));
    const id = await first.newSession();
    await first.send(id, 'tell me');
    await first.window.until(() => first.window.session(id).items.some((item) => item.kind === 'message' && item.text));
    const bench = await first.restart();
    const { window, server } = bench;
    expect(window.app.sessions[id]).toMatchObject({ status: 'interrupted', title: 'tell me' });
    const state = await window.openSession(id);
    expect(state.items.at(-1)).toMatchObject({ kind: 'message', text: 'Once upon a', streaming: false, partial: true });
    expect(state.head.run?.outcome).toBe('interrupted');
    expect(server.requests).toHaveLength(1);
    server.script(say('a time'));
    await bench.send(id, 'go on');
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
    expect(JSON.stringify(server.requests[1]?.body.messages)).toContain('Once upon a');
    await expectLaws(bench, id);
  });

  it('in the middle of a command ends it, keeps its output, and does not run it again [restart.command] [S-W05] [L2] [T2]', async () => {
    const seconds = uniqueSeconds();
    const first = await startBench();
    first.server.script(
      say(
        call('bash', { command: `echo once >> log; cat log; sleep ${seconds}` }),
        call('bash', { command: 'echo never' }),
      ),
    );
    const id = await first.newSession({ mode: 'bypass' });
    await first.send(id, 'go');
    await first.window.until(() => first.window.calls(id)[0]?.liveOutput.includes('once'));
    const bench = await first.restart();
    expect(processesWith(seconds)).toEqual([]);
    const { window } = bench;
    await window.openSession(id);
    expect(window.session(id).head.run?.outcome).toBe('interrupted');
    expect(window.calls(id).map((one) => one.state)).toEqual(['interrupted', 'interrupted']);
    expect(window.calls(id)[0]?.result?.output).toContain('once');
    expect(window.calls(id)[1]?.result?.output).toMatch(/not run/);
    expect(await bench.file('log')).toBe('once\n');
    await expectLaws(bench, id);
  });

  it('while one call runs and another waits for a person interrupts both, and asks for neither again [restart.command] [S-W28]', async () => {
    const seconds = uniqueSeconds();
    const first = await startBench();
    first.server.script(
      say(
        call('bash', { command: `echo once >> log; cat log; sleep ${seconds}` }),
        call('write', { file_path: 'a.txt', content: 'x' }),
      ),
    );
    const id = await first.newSession();
    await first.workbench.manager.configure(id, {
      rules: { allow: ['Bash(echo *)', 'Bash(sleep *)', 'Edit(log)'], ask: [], deny: [] },
    });
    await first.send(id, 'go');
    const approval = await first.window.approval();
    await first.window.until(() => first.window.calls(id)[0]?.liveOutput.includes('once'));
    const bench = await first.restart();
    const { window } = bench;
    expect(processesWith(seconds)).toEqual([]);
    expect(window.app.approvals).toEqual([]);
    const state = await window.openSession(id);
    expect(state.head.run?.outcome).toBe('interrupted');
    expect(window.calls(id).map((one) => [one.state, one.approval?.outcome])).toEqual([
      ['interrupted', undefined],
      ['interrupted', 'interrupted'],
    ]);
    await expect(window.answer(approval, 'allow')).rejects.toMatchObject({ code: 'stale' });
    expect(await bench.file('log')).toBe('once\n');
    await expectLaws(bench, id);
  });

  it('waits for a session that is just being made, so that the next start can have it [restart.list] [S-W76]', async () => {
    const userDataDir = await tempFolder();
    const store = createFileStore({ root: userDataDir, log: quiet });
    const disk = gate();
    let slow = false;
    const slowStore: SessionStore = {
      ...store,
      create: async (id) => {
        const log = await store.create(id);
        if (slow) await disk.wait();
        return log;
      },
    };
    const first = await startBench({ userDataDir, store: slowStore });
    slow = true;
    const creating = first.workbench.manager.createSession({ workspace: first.workspace });
    await disk.reached;
    const restarting = first.restart({ store });
    // A whole life elsewhere takes longer than a quit that does not wait.
    const other = await startBench();
    other.server.script(say('hello'));
    const otherId = await other.newSession();
    await other.send(otherId, 'hi');
    await other.window.untilIdle(otherId);
    await other.workbench.shutdown(2000);
    disk.open();
    const bench = await restarting;
    const id = await creating;
    await bench.window.openSession(id);
    bench.server.script(say('hello'));
    await bench.send(id, 'hi');
    expect((await bench.window.untilIdle(id)).head.run?.outcome).toBe('completed');
    await expectLaws(bench, id);
  });

  it('keeps every session, title, order and number [restart.list] [S-W80]', async () => {
    const first = await startBench();
    first.server.reply((request) => say(`re: ${request.lastUser}`));
    const ids: string[] = [];
    for (const text of ['one', 'two', 'three']) {
      const id = await first.newSession();
      ids.push(id);
      await first.send(id, text);
      await first.window.untilIdle(id);
    }
    await first.window.request('session.configure', { sessionId: ids[1] as string, changes: { title: 'renamed' } });
    await first.workbench.manager.getSession(ids[1] as string).then((session) => session.allSaved());
    await first.window.until(() => first.window.app.sessions[ids[1] as string]?.title === 'renamed');
    const before = first.window.app.sessions;
    const bench = await first.restart();
    expect(bench.window.app.sessions).toEqual(before);
    for (const id of ids) {
      await bench.window.openSession(id);
      await expectLaws(bench, id);
    }
  });

  it.each(['index.json', 'snapshots'])(
    'without %s, which is only a cache, still finds everything [restart.list]',
    async (what) => {
      const first = await startBench({ files: { 'a.txt': 'A' } });
      first.server.script(say(call('read', { file_path: 'a.txt' })), say('done'));
      const id = await first.newSession();
      await first.send(id, 'go');
      const before = await first.window.untilIdle(id);
      await first.workbench.shutdown(2000);
      const target =
        what === 'index.json' ? join(first.userDataDir, what) : join(first.userDataDir, 'sessions', id, 'session.json');
      await rm(target, { force: true });
      await rm(`${target}.bak`, { force: true });
      const bench = await first.restart();
      expect(bench.window.app.sessions[id]).toMatchObject({ title: 'go', status: 'completed' });
      expect(await bench.window.openSession(id)).toEqual(before);
      await expectLaws(bench, id);
    },
  );
});

describe('a damaged session', () => {
  it('is shown with what was set aside, keeps the rest, and leaves the others alone [damage] [S-W24]', async () => {
    const first = await startBench();
    first.server.reply((request) => say(`re: ${request.lastUser}`));
    const [good, bad] = [await first.newSession(), await first.newSession()];
    for (const id of [good, bad]) {
      await first.send(id, 'hello');
      await first.window.untilIdle(id);
    }
    await first.workbench.shutdown(2000);
    const journal = join(first.userDataDir, 'sessions', bad, 'journal');
    const [segment = ''] = await readdir(journal);
    await rm(join(first.userDataDir, 'sessions', bad, 'session.json'), { force: true });
    // The index would say that nothing has changed, for the length is the same.
    await rm(join(first.userDataDir, 'index.json'), { force: true });
    const lines = (await readFile(join(journal, segment), 'utf8')).split('\n');
    lines[2] = `${lines[2]?.slice(0, 20)}#${lines[2]?.slice(21)}`;
    await writeFile(join(journal, segment), lines.join('\n'));
    const bench = await first.restart();
    const { window } = bench;
    expect(window.app.sessions[good]?.damaged).toBeUndefined();
    expect(window.app.sessions[bad]?.damaged).toMatch(/wrong checksum/);
    const state = await window.openSession(bad);
    expect(state.items.some((item) => item.kind === 'notice' && /set aside|kept|damaged/i.test(item.text))).toBe(true);
    expect(state.items.at(0)?.kind === 'prompt' || state.items.some((item) => item.kind === 'message')).toBe(true);
    await bench.send(bad, 'still there?');
    expect((await window.untilIdle(bad)).head.run?.outcome).toBe('completed');
  });

  it('that has lost a picture goes on without it, and the model is told [damage]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await writeFile(join(bench.workspace, 'dot.png'), Buffer.from(png, 'base64'));
    server.script(say(call('read', { file_path: 'dot.png' })), say('a dot'), say('gone'));
    const id = await bench.newSession();
    await bench.send(id, 'look');
    await window.untilIdle(id);
    expect(JSON.stringify(server.requests[1]?.body.messages)).toContain(png);
    await rm(join(bench.userDataDir, 'sessions', id, 'blobs'), { recursive: true });
    await bench.send(id, 'look again');
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
    expect(JSON.stringify(server.requests[2]?.body.messages)).toContain('no longer stored');
    await expectLaws(bench, id);
  });

  it('whose files are no journal at all is listed as damaged and can be removed [damage] [S-W24]', async () => {
    const first = await startBench();
    const good = await first.newSession();
    await first.workbench.shutdown(2000);
    const folder = join(first.userDataDir, 'sessions', 'deadbeef');
    await mkdir(join(folder, 'journal'), { recursive: true });
    await writeFile(join(folder, 'journal', '00000001.log'), 'this is not a journal\n');
    const { window } = await first.restart();
    expect(window.app.sessions[good]?.damaged).toBeUndefined();
    const row = await window.until(() => window.app.sessions.deadbeef);
    expect(row).toMatchObject({ damaged: expect.stringMatching(/00000001\.log/), status: expect.any(String) });
    await window.openSession(good);
    await window.request('session.destroy', { sessionId: 'deadbeef' });
    await window.until(() => !window.app.sessions.deadbeef);
  });
});

describe('a workspace', () => {
  it('that vanished fails the run with what to do, and works again when it is back [bad.workspace] [S-W54]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await bench.newSession();
    await rm(bench.workspace, { recursive: true });
    await bench.send(id, 'hello?');
    const state = await window.untilIdle(id);
    expect(state.head.run).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining(bench.workspace), hint: expect.any(String) },
    });
    expect(bench.server.requests).toHaveLength(0);
    await mkdir(bench.workspace);
    bench.server.script(say('back'));
    await bench.send(id, 'now?');
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
    await expectLaws(bench, id);
  });

  it.each([
    ['vanishes', () => {}],
    ['gives way to a file', (path: string) => writeFile(path, 'no folder')],
  ])('that %s in the middle of a run is told to the model [bad.workspace]', async (_how, instead) => {
    const bench = await startBench();
    const { window, server } = bench;
    const hold = gate();
    server.script(say('Now', hold, call('bash', { command: 'touch x' }), call('ls', { path: '.' })), say('gone'));
    const id = await bench.newSession({ mode: 'bypass' });
    await bench.send(id, 'go');
    await hold.reached;
    await rm(bench.workspace, { recursive: true });
    await instead(bench.workspace);
    hold.open();
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('completed');
    for (const one of window.calls(id)) {
      expect(one.state).toBe('denied');
      expect(one.result?.output).toMatch(/is no longer there/);
    }
    await expectLaws(bench, id);
  });

  it('that becomes a link to another folder in the middle of a run is not followed, in any mode, nor in the next run [bad.workspace] [T1]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    const { window, server } = bench;
    const elsewhere = await tempFolder();
    await writeFile(join(elsewhere, 'a.txt'), 'of somebody else');
    const hold = gate();
    server.script(
      say(
        'Now',
        hold,
        call('read', { file_path: 'a.txt' }),
        call('write', { file_path: 'b.txt', content: 'B' }),
        call('bash', { command: 'cat a.txt; touch c.txt' }),
        call('ls', {}),
      ),
      say('gone'),
    );
    const id = await bench.newSession({ mode: 'bypass' });
    await bench.send(id, 'go');
    await hold.reached;
    await rename(bench.workspace, `${bench.workspace}-away`);
    await symlink(elsewhere, bench.workspace);
    hold.open();
    await window.untilIdle(id);
    expect(window.calls(id).map((one) => one.state)).toEqual(['denied', 'denied', 'denied', 'denied']);
    for (const one of window.calls(id)) expect(one.result?.output).toMatch(/leads to .* another folder/);
    await bench.send(id, 'again');
    expect((await window.untilIdle(id)).head.run).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringMatching(/leads to/), hint: expect.stringContaining('Put the folder back') },
    });
    expect(await readdir(elsewhere)).toEqual(['a.txt']);
    await expectLaws(bench, id);
  });

  it('that becomes a link while a call waits is not followed once it is allowed [bad.workspace] [T1]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const elsewhere = await tempFolder();
    server.script(say(call('bash', { command: 'touch c.txt' })), say('gone'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const approval = await window.approval();
    await rename(bench.workspace, `${bench.workspace}-away`);
    await symlink(elsewhere, bench.workspace);
    await window.answer(approval, 'allow');
    await window.untilIdle(id);
    expect(window.calls(id)[0]).toMatchObject({ state: 'error' });
    expect(window.calls(id)[0]?.result?.output).toMatch(/another folder.*Nothing was done/);
    expect(await readdir(elsewhere)).toEqual([]);
  });

  it.each([
    ['does not exist', '/nowhere/at/all', /no folder/i],
    ['is a file', '/etc/hostname', /is a file/i],
    ['is no full path', 'here', /full path/i],
  ])('that %s makes no session [bad.workspace] [S-W54]', async (_name, workspace, message) => {
    const { window } = await startBench();
    const before = Object.keys(window.app.sessions).length;
    await expect(window.request('session.create', { workspace })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(message),
    });
    expect(Object.keys(window.app.sessions)).toHaveLength(before);
  });
});

it('a finished session reads the same on disk as in memory, whatever its journal was cut at [restart.cut] [I5]', async () => {
  const first = await startBench({ files: { 'a.txt': 'A' } });
  first.server.script(say(call('read', { file_path: 'a.txt' }), call('ls', { path: '.' })), say('done'));
  const id = await first.newSession();
  await first.send(id, 'go');
  await first.window.untilIdle(id);
  await first.workbench.shutdown(2000);
  const { envelopes } = await onDisk(first.userDataDir, id);
  expect(envelopes.at(-1)?.event.type).toBe('run.ended');
  const journal = join(first.userDataDir, 'sessions', id, 'journal');
  const [segment = ''] = await readdir(journal);
  const lines = (await readFile(join(journal, segment), 'utf8')).trimEnd().split('\n');
  let bench = first;
  for (let kept = lines.length - 1; kept > 2; kept -= 1) {
    await rm(join(first.userDataDir, 'sessions', id, 'session.json'), { force: true });
    await rm(join(first.userDataDir, 'sessions', id, 'session.json.bak'), { force: true });
    await rm(join(first.userDataDir, 'index.json'), { force: true });
    for (const name of await readdir(journal)) await rm(join(journal, name));
    await writeFile(join(journal, segment), `${lines.slice(0, kept).join('\n')}\n${lines[kept]?.slice(0, 9)}`);
    bench = await bench.restart();
    const state = await bench.window.openSession(id);
    expect(state.head.run?.outcome ?? 'none').toMatch(/completed|interrupted|none/);
    if (state.head.run) await expectLaws(bench, id);
  }
  expect(first.server.requests).toHaveLength(2);
});
