import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../electron/sandbox/sandbox.ts';
import type { SandboxSettings } from '../../shared/sandbox/sandbox.ts';
import { missing } from '../electron/sandbox/sandbox-bench.ts';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, type BenchOptions, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const bash = (command: string, more: object = {}) => call('bash', { command, ...more });
const plain: SandboxSettings = { enabled: true, autoAllow: false, domains: [], folders: [] };

async function benchWith(sandbox: Partial<SandboxSettings>, options: BenchOptions = {}): Promise<Bench> {
  const bench = await startBench(options);
  await bench.window.request('settings.change', { changes: { sandbox: { ...plain, ...sandbox } } });
  return bench;
}

async function prompted(bench: Bench, ...calls: ReturnType<typeof call>[]): Promise<string> {
  bench.server.script(say(...calls), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  return id;
}

/** As on a machine without one. */
const nowhere = () =>
  createSandbox({
    env: process.env,
    home: homedir(),
    protectedFolders: [],
    settings: () => ({ ...plain, autoAllow: true }),
    platform: 'win32',
  });

describe.skipIf(missing !== undefined)('a command where there is a sandbox', () => {
  it('asks as its mode says, shows that it would be sandboxed, and is [sandbox.decision]', async () => {
    const bench = await benchWith({});
    const id = await prompted(bench, bash('touch made && echo $TMPDIR'));
    const approval = await bench.window.approval();
    expect(approval.sandbox).toEqual({ state: 'on', network: 'off' });
    await bench.window.answer(approval, 'allow');
    await bench.window.untilIdle(id);
    const [item] = bench.window.calls(id);
    expect(item).toMatchObject({ state: 'ok', result: { sandbox: { state: 'on' } } });
    expect(item?.result?.output).toContain('/tmp\n');
    expect(await bench.file('made')).toBe('');
    await expectLaws(bench, id);
  });

  it('needs no question where the person chose so; it still cannot leave [sandbox.decision]', async () => {
    const target = join(homedir(), '.switchyard-must-not-be');
    const script = `touch made\ntouch ${target}\n`;
    const bench = await benchWith({ autoAllow: true }, { files: { 'script.sh': script } });
    const id = await prompted(bench, bash('sh script.sh'));
    await bench.window.untilIdle(id);
    const [item] = bench.window.calls(id);
    expect(item).toMatchObject({ decision: { decision: 'allow', sandbox: { state: 'on' } }, result: { exitCode: 1 } });
    expect(item?.result?.output).toContain('Read-only file system');
    expect(item?.result?.output).toContain('outside_sandbox');
    expect(await bench.file('made')).toBe('');
    await expectLaws(bench, id);
    const typed = await bench.window.request('rules.test', { call: 'bash: sh script.sh', sessionId: id });
    expect(typed).toMatchObject({ decision: 'allow' });
  });

  const questions: [string, string, object?][] = [
    ['it is to run outside', 'touch made', { outside_sandbox: true }],
    ['it names a protected place', 'touch .git/hooks/x'],
    ['it writes elsewhere', 'echo x > ~/made'],
    ['an ask rule names it', 'npm publish'],
    ['a deny rule may mean it', '$(echo evil) --now'],
  ];
  for (const [why, command, more] of questions) {
    it(`asks all the same when ${why} [sandbox.decision]`, async () => {
      const bench = await benchWith({ autoAllow: true });
      const place = { source: 'user' } as const;
      await bench.window.request('rules.add', { place, kind: 'ask', rule: 'Bash(npm publish *)', term: 'never' });
      await bench.window.request('rules.add', { place, kind: 'deny', rule: 'Bash(evil *)', term: 'never' });
      const id = await prompted(bench, bash(command, more));
      const approval = await bench.window.approval();
      expect(approval.sandbox?.state).toBe(more ? 'off' : 'on');
      await bench.window.answer(approval, 'deny');
      await bench.window.untilIdle(id);
    });
  }

  it('is refused in Plan mode and by deny rules, sandbox or not [sandbox.decision]', async () => {
    const bench = await benchWith({ autoAllow: true });
    bench.server.script(say(bash('touch made')), say('done'));
    const id = await bench.newSession({ mode: 'plan' });
    await bench.send(id, 'go');
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id)[0]?.state).toBe('denied');
  });

  it('a question that waits is let through when the person turns the questions off [sandbox.decision]', async () => {
    const bench = await benchWith({});
    const id = await prompted(bench, bash('touch made'));
    await bench.window.approval();
    await bench.window.request('settings.change', { changes: { sandbox: { ...plain, autoAllow: true } } });
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id)[0]).toMatchObject({ state: 'ok', approval: { by: 'rule' } });
  });

  it('does not see what a deny rule forbids to read, whatever runs [sandbox.protected]', async () => {
    const bench = await benchWith({ autoAllow: true }, { files: { 'app.pem': 'SECRET' } });
    await mkdir(join(bench.workspace, 'private'));
    await writeFile(join(bench.workspace, 'private', 'a'), 'SECRET');
    for (const rule of ['Read(private/**)', 'Read(*.pem)']) {
      await bench.window.request('rules.add', { place: { source: 'user' }, kind: 'deny', rule, term: 'never' });
    }
    await writeFile(join(bench.workspace, 'script.sh'), 'cat app.pem private/a; echo end');
    const id = await prompted(bench, bash('sh script.sh'));
    await bench.window.untilIdle(id);
    const output = bench.window.calls(id)[0]?.result?.output;
    expect(output).toContain('end');
    expect(output).not.toContain('SECRET');
  });

  it('does not run when the sandbox it was approved for is gone by then [sandbox.honest]', async () => {
    const bench = await benchWith({});
    const id = await prompted(bench, bash('touch made'));
    const approval = await bench.window.approval();
    await bench.window.request('settings.change', { changes: { sandbox: { ...plain, enabled: false } } });
    await bench.window.answer(approval, 'allow');
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id)[0]?.result?.output).toContain('cannot be used any more');
    await expect(bench.file('made')).rejects.toThrow('ENOENT');
  });

  it('does not run when that happens over a restart [sandbox.honest] [approval.restart]', async () => {
    const first = await benchWith({});
    const id = await prompted(first, bash('touch made'));
    await first.window.approval();
    const bench = await first.restart();
    await bench.window.openSession(id);
    await bench.window.request('settings.change', { changes: { sandbox: { ...plain, enabled: false } } });
    const approval = await bench.window.approval();
    expect(approval.sandbox).toMatchObject({ state: 'on' });
    await bench.window.answer(approval, 'allow');
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id)[0]?.result?.output).toContain('cannot be used any more');
    await expect(bench.file('made')).rejects.toThrow('ENOENT');
  });
});

describe('a command where there is none', () => {
  it('asks even where the setting would have let it through, and says why [sandbox.honest]', async () => {
    const bench = await benchWith({ autoAllow: true }, { sandbox: nowhere() });
    const id = await prompted(bench, bash('touch made'));
    const approval = await bench.window.approval();
    const reason = 'this system has no sandbox that Switchyard can use';
    expect(approval.sandbox).toEqual({ state: 'off', reason });
    expect(approval.reason).toContain(`Not in the sandbox, for ${reason}`);
    await bench.window.answer(approval, 'allow');
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id)[0]?.result?.sandbox).toEqual({ state: 'off', reason });
    expect(await bench.file('made')).toBe('');
  });
});
