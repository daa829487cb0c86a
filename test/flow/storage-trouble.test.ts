import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AppEvent } from '../../shared/app/state.ts';
import { call, gate, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';
import { mountWorks } from './mounted-disk.ts';
import { smallDisk } from './small-disk.ts';

describe.skipIf(!mountWorks())('a disk that refuses (needs root and mount on Linux)', () => {
  it('is shown, the window still hears everything, nothing with effects starts, and all is saved afterwards [disk.full] [store.health] [S-W41] [S-W42]', async () => {
    const disk = await smallDisk();
    const bench = await startBench({ userDataDir: disk.folder, files: { 'a.txt': 'A' } });
    const { window, server } = bench;
    const hold = gate();
    server.script(
      say(
        // More than is left in the last page of the journal.
        'Let me work. '.repeat(800),
        hold,
        call('read', { file_path: 'a.txt' }),
        call('write', { file_path: 'b.txt', content: 'B' }),
        call('bash', { command: 'echo ran >> log' }),
      ),
      say('done'),
    );
    const id = await bench.newSession({ mode: 'bypass' });
    const told: AppEvent[] = [];
    bench.workbench.app.subscribe(({ event }) => told.push(event));
    await bench.send(id, 'go');
    await hold.reached;
    await disk.fill();
    hold.open();
    await window.until(() => window.app.sessions[id]?.unsaved);
    await window.until(() =>
      window.app.stores.some(({ store, problem }) => store === 'file' && /full/.test(problem ?? '')),
    );
    const failure = { type: 'persistence.failed', store: 'file', reason: expect.stringMatching(/the disk is full/) };
    expect(told).toContainEqual(failure);
    expect(window.app.sessions[id]?.unsaved).toMatch(/full/);
    // A read changes nothing and may go on; what changes something waits for the disk.
    await window.until(() => window.calls(id)[0]?.state === 'ok');
    await window.until(() => window.calls(id)[1]?.state === 'running');
    // A whole run on a good disk takes longer than the write would have taken.
    const other = await startBench();
    other.server.script(say(call('write', { file_path: 'b.txt', content: 'B' })), say('done'));
    const otherId = await other.newSession({ mode: 'bypass' });
    await other.send(otherId, 'go');
    await other.window.untilIdle(otherId);
    expect(await other.file('b.txt')).toBe('B');
    await expect(bench.file('b.txt')).rejects.toThrow('ENOENT');
    await disk.makeRoom();
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('completed');
    expect(await bench.file('log')).toBe('ran\n');
    expect(await bench.file('b.txt')).toBe('B');
    await window.until(() => !window.app.sessions[id]?.unsaved);
    await window.until(() => window.app.stores.every(({ problem }) => problem === undefined));
    expect(told).toContainEqual({ type: 'store.healthy', store: 'file' });
    await expectLaws(bench, id);
  });

  it('does not keep a prompt from being taken, and says that it is not saved [disk.full]', async () => {
    const disk = await smallDisk();
    const bench = await startBench({ userDataDir: disk.folder });
    const { window, server } = bench;
    server.script(say('one'), say('two'));
    const id = await bench.newSession();
    await bench.send(id, 'first');
    await window.untilIdle(id);
    await disk.fill();
    const sent = await window.request('prompt.send', { sessionId: id, text: 'x'.repeat(9000) });
    expect(sent.saved).toBe(false);
    await window.until(() => window.session(id).items.some((item) => item.kind === 'message' && item.text === 'two'));
    await disk.makeRoom();
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });

  it('does not keep a run from being stopped, nor an answer from being taken [disk.full] [cancel.approval]', async () => {
    const disk = await smallDisk();
    const bench = await startBench({ userDataDir: disk.folder });
    const { window, server } = bench;
    server.script(say(call('write', { file_path: 'a.txt', content: 'x' })));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const approval = await window.approval();
    await disk.fill();
    await window.answer(approval, 'allow', {
      comment: 'more than is left in the last page of the journal '.repeat(100),
    });
    await window.until(() => window.app.approvals.length === 0);
    expect(await window.request('run.cancel', { sessionId: id })).toEqual({ cancelled: true });
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('cancelled');
    expect(window.calls(id)[0]?.state).toBe('cancelled');
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    await disk.makeRoom();
    await window.until(() => !window.app.sessions[id]?.unsaved);
    await expectLaws(bench, id);
  });

  it('makes no half session, and says why [disk.full] [S-W14] [S-W15]', async () => {
    const disk = await smallDisk();
    const bench = await startBench({ userDataDir: disk.folder });
    const { window } = bench;
    await disk.fill();
    const before = Object.keys(window.app.sessions).length;
    const folders = () => readdir(join(disk.folder, 'sessions'));
    const made = await folders();
    await expect(bench.newSession()).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('disk is full'),
    });
    expect(await folders()).toEqual(made);
    await disk.makeRoom();
    const id = await bench.newSession();
    expect(Object.keys(window.app.sessions).length).toBeLessThanOrEqual(before + 1);
    const again = await bench.restart();
    expect(Object.keys(again.window.app.sessions)).toHaveLength(before + 1);
    expect(again.window.app.sessions).toHaveProperty(id);
  });

  it('at the end of the process leaves what was acknowledged [disk.full] [S-W76]', async () => {
    const disk = await smallDisk();
    const first = await startBench({ userDataDir: disk.folder });
    first.server.reply((request) => say(`re: ${request.lastUser.slice(0, 5)}`));
    const id = await first.newSession();
    await first.send(id, 'saved');
    await first.window.untilIdle(id);
    const { envelopes } = await onDisk(disk.folder, id);
    await disk.fill();
    await first.window.request('prompt.send', { sessionId: id, text: 'y'.repeat(9000) });
    expect(await first.workbench.shutdown(200)).toMatchObject([{ id, reason: expect.stringMatching(/full/) }]);
    await disk.makeRoom();
    const bench = await first.restart();
    const { window } = bench;
    const state = await window.openSession(id);
    expect((await onDisk(disk.folder, id)).envelopes.slice(0, envelopes.length)).toEqual(envelopes);
    expect(state.head.run?.outcome).toMatch(/completed|interrupted/);
  });
});
