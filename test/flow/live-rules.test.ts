import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workedMs } from '../../shared/session/work.ts';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const write = (path: string) => call('write', { file_path: path, content: 'x' });
const bash = (command: string) => call('bash', { command });

async function asking(bench: Bench, ...calls: ReturnType<typeof call>[]): Promise<string> {
  bench.server.script(say(...calls), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  await bench.window.until(() => bench.window.app.approvals.length === calls.length);
  return id;
}

const user = { source: 'user' } as const;

describe('what waits while rules change', () => {
  it('is allowed by a new rule that covers it, and the rule is named [approval.live-rules] [P6]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, bash('touch one'));
    await window.request('rules.add', { place: user, kind: 'allow', rule: 'Bash(touch *)', term: 'never' });
    await window.untilIdle(id);
    expect(window.calls(id)[0]).toMatchObject({
      state: 'ok',
      approval: { outcome: 'allowed', by: 'rule', rule: 'Bash(touch *)' },
    });
    await expectLaws(bench, id);
  });

  it('is denied by a new deny rule, and the model is told that no person did it [approval.live-rules]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, write('a.txt'));
    await window.request('rules.add', { place: user, kind: 'deny', rule: 'Edit(*.txt)', term: 'never' });
    await window.untilIdle(id);
    expect(window.calls(id)[0]).toMatchObject({ state: 'denied', approval: { outcome: 'denied', by: 'rule' } });
    const told = (await bench.server.request(1)).body.messages.findLast(({ role }) => role === 'tool');
    expect(String(told?.content)).toContain('Deny rule `Edit(*.txt)`');
    expect(String(told?.content)).not.toContain('person');
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    await expectLaws(bench, id);
  });

  it('is allowed by a looser mode and denied by Plan; the rest goes on waiting [approval.live-rules]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, write('a.txt'), bash('node -v'));
    await window.request('session.configure', { sessionId: id, changes: { mode: 'accept-edits' } });
    await window.until(() => window.calls(id)[0]?.state === 'ok');
    expect(window.app.approvals).toHaveLength(1);
    await window.request('session.configure', { sessionId: id, changes: { mode: 'plan' } });
    await window.untilIdle(id);
    expect(window.calls(id)[1]?.approval).toMatchObject({ outcome: 'denied', by: 'rule' });
    await expectLaws(bench, id);
  });

  it('a grant settles its likes in other sessions of the workspace, not elsewhere [approval.live-rules]', async () => {
    const bench = await startBench();
    const { window } = bench;
    bench.server.script(say(bash('touch one')), say(bash('touch two')), say('done'), say('done'));
    const first = await bench.newSession();
    await bench.send(first, 'go');
    await window.approval();
    const second = await bench.newSession();
    await bench.send(second, 'go');
    const [mine] = await window.until(() => window.app.approvals.length === 2 && window.app.approvals);
    const answered = await window.request('approval.answer', {
      id: mine!.id,
      shownHash: mine!.hash,
      decision: 'allow',
      grant: { rules: ['Bash(touch *)'], scope: 'workspace' },
    });
    await window.untilIdle(first);
    await window.untilIdle(second);
    expect(window.calls(second)[0]?.approval).toMatchObject({ by: 'rule', outcome: 'allowed' });
    expect(Object.values(window.app.settings.workspaceRules)).toEqual([
      { allow: ['Bash(touch *)'], ask: [], deny: [] },
    ]);
    const { granted } = answered;
    expect(granted).toMatchObject({ place: { source: 'workspace' }, texts: ['Bash(touch *)'] });
    await window.request('rules.remove', { place: granted!.place, kind: 'allow', texts: granted!.texts });
    await window.until(() => Object.keys(window.app.settings.workspaceRules).length === 0);
  });

  it('an answer of the person and a rule at once: one of them counts [approval.first-wins]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, bash('touch one'));
    const [approval] = window.app.approvals;
    await Promise.allSettled([
      window.request('rules.add', { place: user, kind: 'deny', rule: 'Bash(touch *)', term: 'never' }),
      window.answer(approval!, 'allow'),
    ]);
    await window.untilIdle(id);
    const resolved = window.heard.filter(({ event }) => event.type === 'approval.resolved');
    expect(resolved).toHaveLength(1);
    await expectLaws(bench, id);
  });
});

describe('a rule with an end', () => {
  it('holds until then and no longer, and is kept as text [rules.expiry]', async () => {
    let now = Date.parse('2026-03-01T12:00:00Z');
    const bench = await startBench({ now: () => now });
    const { window } = bench;
    const { text } = await window.request('rules.add', {
      place: user,
      kind: 'allow',
      rule: 'Bash(touch *)',
      term: 'hour',
    });
    expect(text).toBe('Bash(touch *) until 2026-03-01T13:00:00.000Z');
    await window.until(() => window.app.settings.rules.allow[0] === text);
    bench.server.script(say(bash('touch one')), say('done'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await window.untilIdle(id);
    expect(window.calls(id)[0]?.decision).toMatchObject({ decision: 'allow', rule: 'Bash(touch *)', source: 'user' });
    const listed = await window.request('rules.list', {});
    expect(listed.rules).toMatchObject([{ rule: 'Bash(touch *)', hits: 1, ended: false, kind: 'allow', text }]);

    now += 3_600_000;
    bench.server.script(say(bash('touch two')), say('done'));
    await bench.send(id, 'again');
    const asked = await window.approval();
    expect(asked.title).toContain('touch two');
    expect((await window.request('rules.list', {})).rules).toMatchObject([{ ended: true }]);
    await window.answer(asked, 'deny');
    await window.untilIdle(id);
  });
});

describe('a policy file', () => {
  it('is shown before anything changes, then added where the person says, and holds at once [policy.file]', async () => {
    let text: string | undefined = '{"deny":["Bash(rm *)",{"rule":"Edit(/secret/**)"}],"allow":["Bash(touch:*)"]}';
    const host = {
      openOutside: async () => {},
      openFolder: async () => {},
      chooseFolder: async () => undefined,
      setTheme: () => {},
      openText: async () => text,
      saveText: async () => undefined,
    };
    const bench = await startBench({ host });
    const { window } = bench;
    const id = await asking(bench, bash('touch one'));
    const { file } = await window.request('policy.read', {});
    expect(file).toMatchObject({ mode: 'manual', rules: { allow: ['Bash(touch *)'] } });
    expect((await window.request('rules.list', {})).rules).toEqual([]);
    expect(await window.request('rules.addAll', { place: user, rules: file!.rules })).toEqual({ added: 3 });
    await window.untilIdle(id);
    expect(window.calls(id)[0]?.approval).toMatchObject({ outcome: 'allowed', by: 'rule' });
    expect(await window.request('rules.addAll', { place: user, rules: file!.rules })).toEqual({ added: 0 });
    text = '{"deny":["Bash("]}';
    await expect(window.request('policy.read', {})).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('deny[0]'),
    });
    text = undefined;
    expect(await window.request('policy.read', {})).toEqual({});
    const bad = { allow: ['Bash('], ask: [], deny: ['Bash(curl *)'] };
    await expect(window.request('rules.addAll', { place: user, rules: bad })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect((await window.request('rules.list', {})).rules).toHaveLength(3);
  });
});

describe('a policy file in the workspace', () => {
  const inWorkspace = async (bench: Bench, text: string) => {
    await mkdir(join(bench.workspace, '.switchyard'), { recursive: true });
    await writeFile(join(bench.workspace, '.switchyard/permissions.json'), text);
  };

  it('only tightens, holds for the next call, and is listed with its file [policy.workspace]', async () => {
    const bench = await startBench();
    const { window } = bench;
    await inWorkspace(bench, '{"deny":["Bash(rm *)"],"allow":["Bash"]}');
    bench.server.script(say(bash('rm a')), say(bash('touch one')), say('done'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    const approval = await window.approval();
    expect(approval.title).toContain('touch one');
    expect(window.calls(id)[0]).toMatchObject({
      state: 'denied',
      decision: { rule: 'Bash(rm *)', source: 'workspace' },
    });
    expect((await window.request('rules.list', {})).rules).toMatchObject([
      { kind: 'deny', rule: 'Bash(rm *)', file: '.switchyard/permissions.json' },
    ]);
    await window.answer(approval, 'deny');
    await window.untilIdle(id);

    await inWorkspace(bench, '{"deny":[]}');
    bench.server.script(say(bash('rm a')), say('done'));
    await bench.send(id, 'again');
    await window.answer(await window.approval(), 'deny');
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });

  it('judges what waits anew when it changes; what it allows still lets nothing through [policy.workspace] [approval.live-rules]', async () => {
    const bench = await startBench();
    const { window } = bench;
    bench.server.script(say(bash('rm a'), bash('touch one'), bash('touch two')), say('done'));
    const id = await bench.newSession();
    await bench.send(id, 'go');
    await window.until(() => window.app.approvals.length === 3);
    // The folder of the file appears with it, then the file is changed, put in place of another, and taken away with its folder.
    await inWorkspace(bench, '{"deny":["Bash(rm *)"],"allow":["Bash"]}');
    await window.until(() => window.app.approvals.length === 2);
    expect(window.calls(id)[0]).toMatchObject({
      state: 'denied',
      approval: { by: 'rule', rule: 'Bash(rm *)', source: 'workspace' },
    });
    const folder = join(bench.workspace, '.switchyard');
    await writeFile(join(folder, 'other.json'), '{"deny":["Bash(touch one)"],"allow":["Bash"]}');
    await rename(join(folder, 'other.json'), join(folder, 'permissions.json'));
    await window.until(() => window.app.approvals.length === 1);
    await rm(folder, { recursive: true });
    await inWorkspace(bench, '{"deny":["Bash(touch two)"]}');
    await window.until(() => window.app.approvals.length === 0);
    await window.untilIdle(id);
    expect(window.calls(id).map(({ state }) => state)).toEqual(['denied', 'denied', 'denied']);
    await expectLaws(bench, id);
  });

  it('once it is mended, what the mode of a child allows goes on [policy.workspace] [approval.live-rules]', async () => {
    const bench = await startBench();
    const { window } = bench;
    await inWorkspace(bench, '{"deny":["Bash("]}');
    bench.server.script(say(bash('touch one'), bash('rm a')), say('done'));
    const parent = await bench.newSession({ mode: 'bypass' });
    const id = await bench.workbench.manager.createChildSession(parent, { mode: 'bypass' });
    await window.openSession(id);
    await bench.send(id, 'go');
    await window.until(() => window.app.approvals.length === 2);
    expect(window.app.approvals[0]?.reason).toContain('cannot be read');
    await inWorkspace(bench, '{"ask":["Bash"],"deny":["Bash(rm *)"]}');
    await window.untilIdle(id);
    expect(window.calls(id)).toMatchObject([
      { state: 'ok', approval: { by: 'rule', reason: 'Bypass permissions allows everything' } },
      { state: 'denied', approval: { by: 'rule', rule: 'Bash(rm *)' } },
    ]);
    await expectLaws(bench, id);
  });

  it('that cannot be read makes every call a question, in every mode, and changing it asks too [policy.workspace]', async () => {
    const bench = await startBench();
    const { window } = bench;
    await inWorkspace(bench, '{"deny":["Bash("]}');
    bench.server.script(
      say(bash('ls')),
      say(call('write', { file_path: '.switchyard/permissions.json', content: '{}' })),
      say('done'),
    );
    const id = await bench.newSession({ mode: 'bypass' });
    await bench.send(id, 'go');
    const first = await window.approval();
    expect(first.reason).toContain('.switchyard/permissions.json');
    await inWorkspace(bench, '{"deny":[]}');
    await window.answer(first, 'deny');
    const second = await window.approval(({ id: other }) => other !== first.id);
    expect(second.reason).toContain('is protected');
    await window.answer(second, 'deny');
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });
});

describe('every kind of rule', () => {
  it('is kept as its text and still holds after a restart [P1]', async () => {
    const first = await startBench();
    const rules = [
      ['deny', 'Bash(rm *)'],
      ['ask', 'Bash(touch x:*)'],
      ['allow', 'Bash(touch *)'],
      ['deny', 'Edit(/secret/**)'],
      ['deny', 'mcp__files__delete'],
      ['deny', 'WebFetch(domain:*.example.com)'],
    ] as const;
    for (const [kind, rule] of rules)
      await first.window.request('rules.add', { place: user, kind, rule, term: 'never' });
    const before = (await first.window.request('rules.list', {})).rules;
    const bench = await first.restart();
    expect((await bench.window.request('rules.list', {})).rules).toEqual(before);
    const test = async (text: string) => (await bench.window.request('rules.test', { call: text })).decision;
    expect(await test('bash: rm notes.txt')).toBe('deny');
    expect(await test('bash: touch x now')).toBe('ask');
    expect(await test('bash: touch y')).toBe('allow');
  });
});

describe('the form of "always allow"', () => {
  it('offers one rule for each part of a line that needs one [rules.suggest]', async () => {
    const bench = await startBench();
    const { window } = bench;
    await asking(bench, bash('ls && npm test && touch a'));
    const { rules } = await window.request('approval.suggestRule', { id: window.app.approvals[0]!.id });
    expect(rules).toEqual(['Bash(npm test *)', 'Bash(touch a)']);
  });

  it('shows what is covered already, and by which rule or by the mode [rules.suggest]', async () => {
    const bench = await startBench();
    const { window } = bench;
    await window.request('rules.add', { place: user, kind: 'allow', rule: 'Bash(npm *)', term: 'never' });
    await window.request('rules.add', { place: user, kind: 'allow', rule: 'Bash(npm test *)', term: 'never' });
    await asking(bench, bash('ls && npm test -- --bail && touch a > log.txt'));
    expect(await window.request('approval.suggestRule', { id: window.app.approvals[0]!.id })).toEqual({
      rules: ['Bash(touch a)', 'Edit(/log.txt)'],
      covered: [{ part: 'ls' }, { part: 'npm test -- --bail', rule: 'Bash(npm test *)' }],
    });
  });

  it('says which earlier calls a rule would have let through, where it would hold [rules.preview]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, bash('touch one'), bash('touch two'), bash('mkdir x'));
    const approval = window.app.approvals[0]!;
    const preview = (rules: string[]) => window.request('rules.preview', { id: approval.id, rules, scope: 'session' });
    expect(await preview(['Bash(touch *)'])).toMatchObject({
      of: 3,
      matched: [{ title: 'touch two', sessionId: id }, { title: 'touch one' }],
    });
    expect((await preview(['Bash(touch *)', 'Bash(mkdir x)'])).matched).toHaveLength(3);
    await expect(preview(['Bash(touch'])).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a typed call', () => {
  it('is judged as an agent would be, with the rule and where it is kept [rules.test]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const sessionId = await bench.newSession();
    await window.request('rules.add', { place: user, kind: 'deny', rule: 'Bash(git push *)', term: 'never' });
    const test = (text: string) => window.request('rules.test', { call: text, sessionId });
    expect(await test('bash: git push origin')).toMatchObject({
      decision: 'deny',
      rule: 'Bash(git push *)',
      source: 'user',
    });
    expect(await test('bash: ls')).toMatchObject({ decision: 'allow' });
    expect(await test('write: a.txt')).toMatchObject({ decision: 'ask' });
    await expect(test('what')).rejects.toMatchObject({ code: 'invalid' });
  });
});

describe('a line that several rules allow together', () => {
  const line = bash('touch one && mkdir two');

  it('names all of them with where they are kept, and counts the use of each [rules.together]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    await window.request('rules.add', { place: user, kind: 'allow', rule: 'Bash(touch *)', term: 'never' });
    const id = await bench.newSession();
    await window.request('rules.add', {
      place: { source: 'session', sessionId: id },
      kind: 'allow',
      rule: 'Bash(mkdir *)',
      term: 'never',
    });
    server.script(say(line), say('done'));
    await bench.send(id, 'go');
    await window.untilIdle(id);
    const rules = [
      { rule: 'Bash(touch *)', source: 'user' },
      { rule: 'Bash(mkdir *)', source: 'session' },
    ];
    expect(window.calls(id)[0]?.decision).toMatchObject({ decision: 'allow', rule: 'Bash(touch *)', rules });
    const listed = (await window.request('rules.list', {})).rules;
    expect(listed).toMatchObject([
      { rule: 'Bash(touch *)', hits: 1, lastUsedAt: expect.any(Number) },
      { rule: 'Bash(mkdir *)', hits: 1, lastUsedAt: expect.any(Number) },
    ]);
    expect((await window.request('decisions.list', {})).decisions).toMatchObject([{ by: 'rule', rules }]);
    expect(await window.request('rules.test', { call: 'bash: touch a && mkdir b', sessionId: id })).toMatchObject({
      decision: 'allow',
      rules,
    });
    await expectLaws(bench, id);
  });

  it('and that waited until the last of them was there, too [rules.together] [approval.live-rules]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, line);
    await window.request('rules.add', { place: user, kind: 'allow', rule: 'Bash(mkdir *)', term: 'never' });
    await window.request('rules.add', { place: user, kind: 'allow', rule: 'Bash(touch *)', term: 'never' });
    await window.untilIdle(id);
    expect(window.calls(id)[0]?.approval).toMatchObject({
      outcome: 'allowed',
      by: 'rule',
      rules: [{ rule: 'Bash(touch *)', source: 'user' }, { rule: 'Bash(mkdir *)' }],
    });
    expect((await window.request('rules.list', {})).rules.map(({ hits }) => hits)).toEqual([1, 1]);
    await expectLaws(bench, id);
  });
});

describe('the decision log', () => {
  it('has who decided, why, and how long it waited, which is no part of the call [decisions.log]', async () => {
    let now = Date.parse('2026-03-01T12:00:00Z');
    const saved: string[] = [];
    const host = {
      openOutside: async () => {},
      openFolder: async () => {},
      chooseFolder: async () => undefined,
      setTheme: () => {},
      openText: async () => undefined,
      saveText: async (_window: number, name: string, text: string) => {
        saved.push(text);
        return name;
      },
    };
    const bench = await startBench({ now: () => now, host });
    const { window } = bench;
    const id = await asking(bench, bash('touch one'));
    now += 42_000;
    await window.answer(await window.approval(), 'allow', { comment: '=yes' });
    await window.untilIdle(id);
    const { decisions } = await window.request('decisions.list', {});
    expect(decisions).toMatchObject([
      {
        sessionId: id,
        tool: 'bash',
        outcome: 'allowed',
        by: 'person',
        waitedMs: 42_000,
        edited: false,
        comment: '=yes',
      },
    ]);
    // The clock stood still but for the wait: neither call nor turn nor the session's working time holds any of it.
    expect(window.calls(id)[0]?.result?.durationMs).toBe(0);
    const turns = window.heard.flatMap(({ event }) => (event.type === 'turn.ended' ? event.durationMs : []));
    expect(turns).toEqual([0, 0]);
    expect(workedMs(window.session(id).head.work, now)).toBe(0);
    await window.request('decisions.export', { format: 'csv' });
    await window.request('decisions.export', { format: 'jsonl' });
    expect(saved[0]).toContain("'=yes");
    expect(saved[0]?.split('\r\n')).toHaveLength(3);
    expect(JSON.parse(saved[1]!.trim())).toMatchObject({ waitedMs: 42_000, by: 'person' });
  });
});
