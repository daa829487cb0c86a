import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineTool } from '../../electron/tools/tool.ts';
import type { Mode } from '../../shared/session/config.ts';
import type { CallItem } from '../../shared/session/state.ts';
import { call, gate, say } from '../fakes/model-server.ts';
import { type Bench, startBench, tempFolder } from './harness.ts';
import { expectLaws } from './laws.ts';

/** Runs one call in this mode and returns it; whatever is asked is denied, so that `asked` tells. */
async function oneCall(
  bench: Bench,
  mode: Mode,
  made: ReturnType<typeof call>,
): Promise<{ item: CallItem; asked: boolean }> {
  const { window, server } = bench;
  server.script(say(made), say('ok'));
  const id = await bench.newSession({ mode });
  await bench.send(id, 'go');
  await window.until(() => window.app.approvals.length > 0 || window.session(id).head.run?.outcome);
  const [approval] = window.app.approvals;
  if (approval) await window.answer(approval, 'deny');
  await window.untilIdle(id);
  await expectLaws(bench, id);
  const [item] = window.calls(id);
  if (!item) throw new Error('no call was made');
  return { item, asked: approval !== undefined };
}

/** A file beside the workspace, in a folder of its own. */
async function secretOutside(): Promise<string> {
  const folder = await tempFolder();
  await writeFile(join(folder, 'secret.txt'), 'the secret\n');
  return folder;
}

describe('outside the workspace', () => {
  it.each<Mode>(['manual', 'accept-edits'])(
    '(%s) nothing is read without a question [boundary] [I7] [T1]',
    async (mode) => {
      const bench = await startBench();
      const outside = await secretOutside();
      await symlink(outside, join(bench.workspace, 'link'));
      for (const made of [
        call('read', { file_path: join(outside, 'secret.txt') }),
        call('read', { file_path: relative(bench.workspace, join(outside, 'secret.txt')) }),
        call('read', { file_path: 'link/secret.txt' }),
        call('ls', { path: outside }),
        call('ls', { path: 'link' }),
        call('glob', { pattern: '**/*', path: outside }),
        call('grep', { pattern: 'secret', path: 'link' }),
        call('bash', { command: `cat ${outside}/secret.txt` }),
        call('bash', { command: 'cat link/secret.txt' }),
      ]) {
        const { item, asked } = await oneCall(bench, mode, made);
        expect([item.tool, item.title, asked, item.state]).toEqual([item.tool, item.title, true, 'denied']);
        expect(item.result?.output).not.toContain('the secret');
      }
    },
  );

  it('nothing is written without a question, not even where edits are accepted [boundary] [I7]', async () => {
    const bench = await startBench();
    const outside = await secretOutside();
    await symlink(outside, join(bench.workspace, 'link'));
    await symlink(join(outside, 'fresh.txt'), join(bench.workspace, 'dangling'));
    for (const path of [join(outside, 'secret.txt'), 'link/secret.txt', 'link/new.txt', 'dangling']) {
      const { item, asked } = await oneCall(bench, 'accept-edits', call('write', { file_path: path, content: 'x' }));
      expect([path, asked, item.state]).toEqual([path, true, 'denied']);
    }
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe('the secret\n');
    await expect(readFile(join(outside, 'fresh.txt'))).rejects.toThrow('ENOENT');
  });

  it('a search does not follow links out of the workspace [boundary] [T1]', async () => {
    const bench = await startBench({ files: { 'here.txt': 'the secret is here' } });
    await symlink(await secretOutside(), join(bench.workspace, 'link'));
    const { item } = await oneCall(bench, 'manual', call('grep', { pattern: 'secret' }));
    expect(item.state).toBe('ok');
    expect(item.result?.output).toContain('here.txt');
    expect(item.result?.output).not.toContain('secret.txt');
  });

  it('a path that becomes a link after it was judged is not followed [boundary] [T1]', async () => {
    const bench = await startBench();
    const outside = await secretOutside();
    const { window, server } = bench;
    await mkdir(join(bench.workspace, 'folder'));
    server.script(
      say(call('write', { file_path: 'first.txt', content: 'x' }), call('read', { file_path: 'folder/secret.txt' })),
      say('ok'),
    );
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const approval = await window.approval();
    // The read was allowed, for it lay inside; it waits behind the write.
    await window.until(() => window.calls(id)[1]?.decision);
    await rm(join(bench.workspace, 'folder'), { recursive: true });
    await symlink(outside, join(bench.workspace, 'folder'));
    await window.answer(approval, 'allow');
    await window.untilIdle(id);
    expect(window.calls(id)[1]).toMatchObject({ state: 'error' });
    expect(window.calls(id)[1]?.result?.output).toMatch(/leads elsewhere than when the call was allowed/);
  });

  it('the data folder of Switchyard itself is protected in every mode [boundary]', async () => {
    const bench = await startBench();
    for (const made of [
      call('write', { file_path: join(bench.userDataDir, 'settings.json'), content: '{}' }),
      call('bash', { command: `echo {} > ${join(bench.userDataDir, 'settings.json')}` }),
    ]) {
      const { asked, item } = await oneCall(bench, 'bypass', made);
      expect([item.tool, asked, item.state]).toEqual([item.tool, true, 'denied']);
    }
  });
});

describe('a mode', () => {
  it('manual asks for what writes or runs and not for what reads [mode.manual]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    const asks = async (made: ReturnType<typeof call>) => (await oneCall(bench, 'manual', made)).asked;
    expect(await asks(call('read', { file_path: 'a.txt' }))).toBe(false);
    expect(await asks(call('ls', {}))).toBe(false);
    expect(await asks(call('glob', { pattern: '*' }))).toBe(false);
    expect(await asks(call('grep', { pattern: 'A' }))).toBe(false);
    expect(await asks(call('write', { file_path: 'b.txt', content: 'x' }))).toBe(true);
    expect(await asks(call('edit', { file_path: 'a.txt', old_string: 'A', new_string: 'B' }))).toBe(true);
    expect(await asks(call('bash', { command: 'touch c.txt' }))).toBe(true);
    expect(await asks(call('bash', { command: 'curl http://127.0.0.1:1/' }))).toBe(true);
  });

  it('plan denies all but reading, and the model is told why [mode.plan]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    expect((await oneCall(bench, 'plan', call('read', { file_path: 'a.txt' }))).item.state).toBe('ok');
    for (const made of [
      call('write', { file_path: 'b.txt', content: 'x' }),
      call('edit', { file_path: 'a.txt', old_string: 'A', new_string: 'B' }),
      call('bash', { command: 'touch c.txt' }),
    ]) {
      const { item, asked } = await oneCall(bench, 'plan', made);
      expect([item.tool, asked, item.state]).toEqual([item.tool, false, 'denied']);
      expect(item.result?.output).toMatch(/plan/i);
    }
    expect(await bench.file('a.txt')).toBe('A');
  });

  it('accept-edits writes inside without a question, and asks for commands [mode.accept-edits]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A' } });
    const write = await oneCall(bench, 'accept-edits', call('write', { file_path: 'new/b.txt', content: 'x' }));
    expect([write.asked, write.item.state]).toEqual([false, 'ok']);
    expect(await bench.file('new/b.txt')).toBe('x');
    expect((await oneCall(bench, 'accept-edits', call('bash', { command: './configure' }))).asked).toBe(true);
  });

  it('bypass asks for nothing but what is protected [mode.bypass]', async () => {
    const bench = await startBench();
    const { item, asked } = await oneCall(bench, 'bypass', call('bash', { command: 'echo x > b.txt; cat b.txt' }));
    expect([asked, item.state]).toEqual([false, 'ok']);
    const git = await oneCall(bench, 'bypass', call('write', { file_path: '.git/hooks/pre-commit', content: 'x' }));
    expect([git.asked, git.item.state]).toEqual([true, 'denied']);
  });

  it('that is changed in the middle of a run holds for the next call [mode.live] [S-W60]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.script(
      say(call('write', { file_path: 'a.txt', content: '1' })),
      say(call('write', { file_path: 'a.txt', content: '2' })),
      say('ok'),
    );
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const approval = await window.approval();
    await window.request('session.configure', { sessionId: id, changes: { mode: 'accept-edits' } });
    await window.answer(approval, 'allow');
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('completed');
    expect(await bench.file('a.txt')).toBe('2');
    await expectLaws(bench, id);
  });
});

describe('a run', () => {
  it('stops at its limit of turns, says so, and can be continued [limit.turns] [L1] [L6] [S-W68]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'a\nb\nc\nd\n' } });
    const { window, server, workbench } = bench;
    let turn = 0;
    server.reply(() =>
      say(call('read', { file_path: 'a.txt', offset: (turn++ % 4) + 1, limit: 1 + Math.floor(turn / 4) })),
    );
    const id = await workbench.manager.createSession({ workspace: bench.workspace, maxTurns: 3 });
    await window.openSession(id);
    await bench.send(id, 'go');
    const state = await window.untilIdle(id);
    expect(state.head.run).toMatchObject({
      outcome: 'limit',
      turn: 3,
      error: { code: 'limit', hint: expect.any(String) },
    });
    expect(server.requests).toHaveLength(3);
    expect(window.app.sessions[id]?.status).toBe('limit');
    await bench.send(id, 'continue');
    expect((await window.untilIdle(id)).head.run).toMatchObject({ outcome: 'limit', turn: 3 });
    await expectLaws(bench, id);
  });

  it('runs at most eight concurrent calls at the same time, and that many [L4] [S-W57]', async () => {
    const texts = Array.from({ length: 12 }, (_, n) => `text ${n}`);
    const full = gate();
    const held = gate();
    let running = 0;
    let most = 0;
    const hold = defineTool<{ text: string }>({
      name: 'hold',
      description: 'Waits',
      schema: z.strictObject({ text: z.string() }),
      kind: 'read',
      effects: { reads: true, writes: false, runs: false, network: false },
      concurrent: true,
      describe: async ({ text }) => ({ title: text, detail: { type: 'json' } }),
      async execute({ text }) {
        running += 1;
        most = Math.max(most, running);
        if (running === 8) void full.wait();
        await held.wait();
        running -= 1;
        return { status: 'ok', output: text };
      },
    });
    const bench = await startBench({ tools: [hold] });
    const { window, server } = bench;
    server.script(say(...texts.map((text) => call('hold', { text }))), say('done'));
    const id = await bench.newSession({ mode: 'bypass' });
    await bench.send(id, 'go');
    await full.reached;
    // A ninth would have been told of by now.
    await (await bench.workbench.manager.getSession(id)).allSaved();
    held.open();
    await window.untilIdle(id);
    expect(most).toBe(8);
    const results = server.requests[1]?.body.messages.filter((message) => message.role === 'tool') ?? [];
    expect(results.map(({ content }) => /text \d+/.exec(String(content))?.[0])).toEqual(texts);
    await expectLaws(bench, id);
  });
});
