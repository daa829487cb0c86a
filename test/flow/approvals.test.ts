import { rm } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';

const write = (path: string, content: string) => call('write', { file_path: path, content });
const bash = (command: string) => call('bash', { command });

/** A session whose first reply asks for these calls and whose second is "done". */
async function asking(bench: Bench, ...calls: ReturnType<typeof call>[]): Promise<string> {
  bench.server.script(say(...calls), say('done'));
  const id = await bench.newSession();
  await bench.send(id, 'go');
  return id;
}

/** What the model was told of the n-th call of the first reply. */
async function told(bench: Bench, n = 0): Promise<string> {
  const { messages } = (await bench.server.request(1)).body;
  return String(messages.filter((message) => message.role === 'tool')[n]?.content);
}

describe('an answer', () => {
  it('allow runs exactly the call that was shown [approval.allow] [I9]', async () => {
    const bench = await startBench();
    const id = await asking(bench, write('a.txt', 'hello\n'));
    const approval = await bench.window.approval();
    expect(approval).toMatchObject({ kind: 'call', tool: 'write', title: 'a.txt', sessionId: id, deferred: false });
    expect(approval.args).toEqual({ file_path: 'a.txt', content: 'hello\n' });
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    expect(bench.window.app.sessions[id]?.status).toBe('needsInput');

    await bench.window.answer(approval, 'allow');
    const state = await bench.window.untilIdle(id);
    expect(await bench.file('a.txt')).toBe('hello\n');
    expect(state.head.run?.outcome).toBe('completed');
    expect(bench.window.calls(id)[0]?.approval).toMatchObject({ outcome: 'allowed', by: 'person' });
    await expectLaws(bench, id);
  });

  it('allow is on disk before the call starts, and its start before it runs [approval.durable]', async () => {
    const bench = await startBench();
    const id = await asking(bench, bash('touch t'));
    // The command itself looks at what stands on disk while it runs.
    await bench.window.answer(await bench.window.approval(), 'allow', {
      args: { command: `cat ${bench.userDataDir}/sessions/${id}/journal/*.log`, outside_sandbox: true },
    });
    await bench.window.untilIdle(id);
    const output = bench.window.calls(id)[0]?.result?.output ?? '';
    for (const type of ['approval.resolved', 'call.started', 'process.started']) expect(output).toContain(`"${type}"`);
    expect(output).not.toContain('"call.ended"');
  });

  it('deny tells the model the reason and runs nothing [approval.deny]', async () => {
    const bench = await startBench();
    const id = await asking(bench, write('a.txt', 'x'));
    await bench.window.answer(await bench.window.approval(), 'deny', { comment: 'use b.txt instead' });
    await bench.window.untilIdle(id);
    expect(await told(bench)).toMatch(/denied by the person.*use b\.txt instead/is);
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    expect(bench.window.calls(id)[0]).toMatchObject({ state: 'denied', approval: { outcome: 'denied', by: 'person' } });
    await expectLaws(bench, id);
  });

  it('allow with a comment tells the model the comment [approval.allow]', async () => {
    const bench = await startBench();
    const id = await asking(bench, write('a.txt', 'x'));
    await bench.window.answer(await bench.window.approval(), 'allow', { comment: 'only this once' });
    await bench.window.untilIdle(id);
    expect(await told(bench)).toContain('only this once');
  });

  it('later keeps the call waiting but no longer counts it, and it can come back [approval.later]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, write('a.txt', 'x'));
    const approval = await window.approval();
    await window.request('approval.defer', { id: approval.id, deferred: true });
    await window.until(() => window.app.sessions[id]?.status === 'setAside');
    expect(window.app.sessions[id]).toMatchObject({ waiting: 0, setAside: 1 });
    await window.until(() => window.calls(id)[0]?.state === 'setAside');
    await window.request('approval.defer', { id: approval.id, deferred: false });
    await window.until(() => window.app.sessions[id]?.status === 'needsInput');
    await window.request('approval.defer', { id: approval.id, deferred: true });
    await window.answer(approval, 'allow');
    await window.untilIdle(id);
    expect(await bench.file('a.txt')).toBe('x');
    await expectLaws(bench, id);
  });

  it('to something else than was shown is refused, and the card stays [approval.stale] [H9]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, write('a.txt', 'x'));
    const approval = await window.approval();
    await expect(window.answer({ ...approval, hash: '0'.repeat(64) }, 'allow')).rejects.toMatchObject({
      code: 'stale',
    });
    await expect(window.answer({ ...approval, hash: '' }, 'deny')).rejects.toMatchObject({ code: 'stale' });
    expect(window.app.approvals).toHaveLength(1);
    await window.answer(approval, 'allow');
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });

  it('counts once: the second is refused whatever it says [approval.first-wins] [H1]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, write('a.txt', 'x'));
    const approval = await window.approval();
    const answers = await Promise.allSettled([
      window.answer(approval, 'allow'),
      window.answer(approval, 'deny'),
      window.answer(approval, 'allow', { args: { file_path: 'b.txt', content: 'y' } }),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await window.untilIdle(id);
    await expect(window.answer(approval, 'deny')).rejects.toMatchObject({
      code: 'stale',
      message: expect.stringContaining('no longer active'),
    });
    await expect(bench.file('b.txt')).rejects.toThrow('ENOENT');
    await expectLaws(bench, id);
  });

  it('to an approval that never was is refused [approval.first-wins]', async () => {
    const { window } = await startBench();
    await expect(
      window.request('approval.answer', { id: 'nosuch', shownHash: 'x', decision: 'allow' }),
    ).rejects.toMatchObject({ code: 'stale' });
    await expect(window.request('approval.defer', { id: 'nosuch', deferred: true })).rejects.toMatchObject({
      code: 'stale',
    });
  });
});

describe('an edited call', () => {
  it('runs the edited arguments, keeps what the model asked, and tells the model [approval.edit] [H9] [I9]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, write('a.txt', 'model'));
    const approval = await window.approval();
    const args = { file_path: 'b.txt', content: 'person' };
    await window.answer(approval, 'allow', { args });
    await window.untilIdle(id);
    expect(await bench.file('b.txt')).toBe('person');
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    expect(window.calls(id)[0]).toMatchObject({
      args: { file_path: 'a.txt', content: 'model' },
      approval: { outcome: 'allowed', finalArgs: args, finalTitle: 'b.txt', askedArgs: approval.args },
    });
    expect((await window.request('decisions.list', {})).decisions).toMatchObject([
      { edited: true, title: 'a.txt', editedTo: 'b.txt', by: 'person' },
    ]);
    const first = (await told(bench)).split('\n', 1)[0] ?? '';
    expect(first).toMatch(/edited/i);
    expect(first).toContain('b.txt');
    const { envelopes } = await onDisk(bench.userDataDir, id);
    const resolved = envelopes.find(({ event }) => event.type === 'approval.resolved')?.event;
    expect(resolved).toMatchObject({ originalHash: approval.hash, finalArgs: args, by: 'person' });
    expect(resolved).not.toMatchObject({ finalHash: approval.hash });
    await expectLaws(bench, id);
  });

  it('with the same arguments in another order is no edit [approval.edit]', async () => {
    const bench = await startBench();
    const id = await asking(bench, write('a.txt', 'x'));
    await bench.window.answer(await bench.window.approval(), 'allow', { args: { content: 'x', file_path: 'a.txt' } });
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id)[0]?.approval?.finalArgs).toBeUndefined();
    expect(await told(bench)).not.toMatch(/edited/i);
  });

  it.each([
    ['a missing key', { file_path: 'b.txt' }],
    ['an unknown key', { file_path: 'b.txt', content: 'x', mode: 7 }],
    ['no object', 'rm -rf /'],
    ['null', null],
  ])(
    'is refused by the schema for %s, with the reason, and the card stays [approval.edit] [T3]',
    async (_name, args) => {
      const bench = await startBench();
      const { window } = bench;
      const id = await asking(bench, write('a.txt', 'x'));
      const approval = await window.approval();
      await expect(window.answer(approval, 'allow', { args })).rejects.toMatchObject({ code: 'invalid' });
      expect(window.app.approvals).toHaveLength(1);
      await window.until(() => window.calls(id)[0]?.state === 'waiting');
      await window.answer(approval, 'deny');
      await window.untilIdle(id);
      await expect(bench.file('b.txt')).rejects.toThrow('ENOENT');
      await expectLaws(bench, id);
    },
  );

  it('is refused by a deny rule, and the card stays [approval.edit] [L3]', async () => {
    const bench = await startBench();
    const { window, workbench } = bench;
    const id = await asking(bench, bash('touch t'));
    await workbench.manager.configure(id, { rules: { allow: [], ask: [], deny: ['Bash(rm *)'] } });
    const approval = await window.approval();
    await expect(window.answer(approval, 'allow', { args: { command: 'rm -rf x' } })).rejects.toMatchObject({
      code: 'denied',
    });
    expect(window.app.approvals).toHaveLength(1);
    await window.answer(approval, 'allow', { args: { command: 'echo edited' } });
    await window.untilIdle(id);
    expect(window.calls(id)[0]?.result?.output).toContain('edited');
    await expectLaws(bench, id);
  });
});

describe('several calls of one reply', () => {
  it('are asked at once, answered in any order, and run in the order of the model [approval.several] [L3]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(
      bench,
      write('a.txt', 'one'),
      bash('cat a.txt; echo two > a.txt'),
      bash('cat a.txt; touch b.txt'),
    );
    await window.until(() => window.app.approvals.length === 3);
    const [first, second, third] = window.app.approvals;
    if (!first || !second || !third) throw new Error('three were expected');
    await window.answer(third, 'allow');
    await window.answer(second, 'allow');
    await window.until(
      () =>
        window
          .calls(id)
          .map((one) => one.state)
          .join() === 'waiting,approved,approved',
    );
    await window.answer(first, 'allow');
    await window.untilIdle(id);
    expect(window.calls(id).map((one) => one.result?.output.split('\n', 1)[0])).toEqual([
      expect.stringContaining('a.txt'),
      'one',
      'two',
    ]);
    const started = window.heard.flatMap(({ event }) => (event.type === 'call.started' ? event.callId : []));
    expect(started).toEqual(window.calls(id).map((one) => one.id));
    await expectLaws(bench, id);
  });

  it('stand in the queue in the order of the model, whatever each takes to be judged [approval.several]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const lines = [`touch ${'a'.repeat(9000)} && mkdir b; echo "$(cat x)"`, 'touch c', 'touch d', 'touch e'];
    await asking(bench, bash(lines[0]!), write('f.txt', 'x'), ...lines.slice(1).map(bash));
    await window.until(() => window.app.approvals.length === 5);
    expect(window.app.approvals.map(({ args }) => Object.values(args as object)[0])).toEqual([
      lines[0],
      'f.txt',
      ...lines.slice(1),
    ]);
  });

  it('are answered together, and the one of them that cannot be stays in the queue [approval.batch]', async () => {
    const bench = await startBench();
    const { window, workbench } = bench;
    const id = await asking(bench, bash('touch a'), bash('touch b'), bash('touch c'), bash('touch d'));
    await window.until(() => window.app.approvals.length === 4);
    const [a, b, c, d] = window.app.approvals as [QueuedApproval, QueuedApproval, QueuedApproval, QueuedApproval];
    // One was shown otherwise, one is denied by a rule meanwhile.
    await workbench.manager.configure(id, { rules: { allow: [], ask: [], deny: ['Bash(touch c)'] } });
    await window.until(() => window.app.approvals.length === 3);
    const answers = await Promise.allSettled([
      window.answer(a, 'allow'),
      window.answer({ ...b, hash: c.hash }, 'allow'),
      window.answer(c, 'allow'),
      window.answer(d, 'allow'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    await window.until(() => window.app.approvals.length === 1);
    expect(window.app.approvals).toMatchObject([{ id: b.id, deferred: false }]);
    expect(window.session(id).head.config.rules.allow).toEqual([]);
    await window.answer(b, 'deny');
    await window.untilIdle(id);
    expect(window.calls(id).map(({ state }) => state)).toEqual(['ok', 'denied', 'denied', 'ok']);
    await expectLaws(bench, id);
  });

  it('go on when one of them is denied [approval.several]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, write('a.txt', 'x'), write('b.txt', 'y'));
    await window.until(() => window.app.approvals.length === 2);
    for (const approval of [...window.app.approvals]) {
      await window.answer(approval, approval.title === 'a.txt' ? 'deny' : 'allow');
    }
    await window.untilIdle(id);
    expect(window.calls(id).map((one) => one.state)).toEqual(['denied', 'ok']);
    expect(await told(bench, 0)).toMatch(/denied/i);
    expect(await told(bench, 1)).toContain('b.txt');
    await expectLaws(bench, id);
  });

  it('that only read do not wait for one that asks, and their results keep the order of the calls [L4] [S-W57]', async () => {
    const bench = await startBench({ files: { 'a.txt': 'A', 'b.txt': 'B' } });
    const { window } = bench;
    const id = await asking(
      bench,
      call('read', { file_path: 'a.txt' }),
      write('c.txt', 'C'),
      call('read', { file_path: 'b.txt' }),
    );
    await window.approval();
    await window.until(() => window.calls(id)[0]?.state === 'ok');
    // A read behind a write must see what the write leaves.
    expect(window.calls(id)[2]?.state).not.toBe('ok');
    await window.answer(await window.approval(), 'allow');
    await window.untilIdle(id);
    expect(await told(bench, 0)).toContain('A');
    expect(await told(bench, 1)).toContain('c.txt');
    expect(await told(bench, 2)).toContain('B');
    await expectLaws(bench, id);
  });
});

describe('an approval that waits', () => {
  it('survives a restart and is answered afterwards; nothing else is run again [approval.restart] [H2]', async () => {
    const first = await startBench({ files: { 'a.txt': 'A' } });
    const id = await asking(first, call('read', { file_path: 'a.txt' }), write('b.txt', 'B'));
    const before = await first.window.approval();
    await first.window.until(() => first.window.calls(id)[0]?.state === 'ok');
    const bench = await first.restart();
    const { window } = bench;
    expect(window.app.approvals).toMatchObject([{ id: before.id, hash: before.hash, tool: 'write', title: 'b.txt' }]);
    expect(window.app.sessions[id]?.status).toBe('needsInput');
    await window.openSession(id);
    expect(bench.server.requests).toHaveLength(1);
    await window.answer(await window.approval(), 'allow');
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('completed');
    expect(await bench.file('b.txt')).toBe('B');
    expect(window.calls(id)).toHaveLength(2);
    expect(bench.server.requests).toHaveLength(2);
    await expectLaws(bench, id);
  });

  it('stays set aside over a restart [approval.restart] [approval.later]', async () => {
    const first = await startBench();
    const id = await asking(first, write('b.txt', 'B'));
    const { id: approvalId } = await first.window.approval();
    await first.window.request('approval.defer', { id: approvalId, deferred: true });
    const { window } = await first.restart();
    expect(window.app.approvals).toMatchObject([{ id: approvalId, deferred: true }]);
    expect(window.app.sessions[id]?.status).toBe('setAside');
  });

  it('edited after a restart runs as edited and says so [approval.restart] [approval.edit]', async () => {
    const first = await startBench();
    const id = await asking(first, bash('touch t; echo model'));
    await first.window.approval();
    const bench = await first.restart();
    await bench.window.openSession(id);
    await bench.window.answer(await bench.window.approval(), 'allow', { args: { command: 'echo person' } });
    await bench.window.untilIdle(id);
    expect(await told(bench)).toMatch(/edited.*\nperson/is);
    await expectLaws(bench, id);
  });

  it('answered for one call keeps waiting for the other over a restart, with the edit still told [approval.restart]', async () => {
    const first = await startBench();
    const id = await asking(first, write('a.txt', 'x'), bash('touch t; echo model'));
    await first.window.until(() => first.window.app.approvals.length === 2);
    const [one, two] = first.window.app.approvals;
    if (!one || !two) throw new Error('two were expected');
    await first.window.answer(two, 'allow', { args: { command: 'echo person' }, comment: 'shorter' });
    const bench = await first.restart();
    await bench.window.openSession(id);
    expect(bench.window.calls(id).map((item) => item.state)).toEqual(['waiting', 'approved']);
    await bench.window.answer(await bench.window.approval(), 'allow');
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id)[1]?.state).toBe('ok');
    expect(await told(bench, 1)).toMatch(/edited.*shorter.*\nperson/is);
    await expectLaws(bench, id);
  });

  it('ends as interrupted when its workspace has gone meanwhile, and says why [approval.restart] [H4]', async () => {
    const first = await startBench();
    const id = await asking(first, write('a.txt', 'x'));
    await first.window.approval();
    await rm(first.workspace, { recursive: true });
    const bench = await first.restart();
    const { window } = bench;
    await window.openSession(id);
    const state = await window.untilIdle(id);
    expect(state.head.run).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('no longer') },
    });
    await window.until(() => window.app.approvals.length === 0);
    await expectLaws(bench, id);
  });

  it('is resolved as cancelled by a stop, and the card goes [approval.cancel] [H4]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, write('a.txt', 'x'), bash('touch y'));
    await window.until(() => window.app.approvals.length === 2);
    const [approval] = window.app.approvals;
    if (!approval) throw new Error('one was expected');
    expect(await window.request('run.cancel', { sessionId: id })).toEqual({ cancelled: true });
    await window.until(() => window.app.approvals.length === 0);
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('cancelled');
    expect(window.calls(id).map((one) => [one.state, one.approval?.outcome])).toEqual([
      ['cancelled', 'cancelled'],
      ['cancelled', 'cancelled'],
    ]);
    await expect(window.answer(approval, 'allow')).rejects.toMatchObject({ code: 'stale' });
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    await expectLaws(bench, id);
  });
});

describe('"always allow"', () => {
  it('for the session saves the rule, and the next such call is not asked [approval.always] [P7]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, bash('touch one'));
    const approval = await window.approval();
    const [rule = ''] = (await window.request('approval.suggestRule', { id: approval.id })).rules;
    expect(rule).toMatch(/^Bash\(/);
    await window.answer(approval, 'allow', { grant: { rules: [rule], scope: 'session' } });
    await window.untilIdle(id);
    expect(window.session(id).head.config.rules.allow).toEqual([rule]);
    const granted = { rules: [rule], scope: 'session' };
    expect((await window.request('decisions.list', {})).decisions).toMatchObject([{ by: 'person', granted }]);
    bench.server.script(say(bash('touch one')), say('again'));
    await bench.send(id, 'once more');
    await window.untilIdle(id);
    expect(window.calls(id).at(-1)).toMatchObject({ state: 'ok', decision: { decision: 'allow', rule } });
    expect(window.app.settings.rules.allow).toEqual([]);
    await expectLaws(bench, id);
  });

  it('for the person holds in other sessions and after a restart [approval.always]', async () => {
    const first = await startBench();
    const id = await asking(first, bash('touch one'));
    await first.window.answer(await first.window.approval(), 'allow', {
      grant: { rules: ['Bash(touch *)'], scope: 'user' },
    });
    await first.window.untilIdle(id);
    await first.window.until(() => first.window.app.settings.rules.allow.includes('Bash(touch *)'));
    const bench = await first.restart();
    bench.server.script(say(bash('touch two')), say('done'));
    const other = await bench.newSession();
    await bench.send(other, 'go');
    await bench.window.untilIdle(other);
    expect(bench.window.calls(other)[0]).toMatchObject({ state: 'ok', decision: { decision: 'allow' } });
    await expectLaws(bench, other);
  });

  it('refuses a rule that does not parse, and nothing is answered [approval.always]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, bash('touch one'));
    const approval = await window.approval();
    await expect(
      window.answer(approval, 'allow', { grant: { rules: ['Bash(touch'], scope: 'session' } }),
    ).rejects.toMatchObject({ code: 'invalid' });
    expect(window.app.approvals).toHaveLength(1);
    await window
      .answer(approval, 'deny', { grant: { rules: ['Bash(touch *)'], scope: 'session' } })
      .catch(() => undefined);
    await window.request('run.cancel', { sessionId: id });
    expect(window.session(id).head.config.rules.allow).toEqual([]);
  });
});
