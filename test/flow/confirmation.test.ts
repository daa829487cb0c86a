import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alwaysAsk, type ConfirmationPolicy } from '../../shared/permissions/confirmation.ts';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, startBench, tempFolder } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';

const bash = (command: string) => call('bash', { command });
const write = (path: string) => call('write', { file_path: path, content: 'x' });
const read = (path: string) => call('read', { file_path: path });

const off: ConfirmationPolicy = { ...alwaysAsk, enabled: false };
const within = (defaultTimeoutMs: number, changes: Partial<ConfirmationPolicy> = {}): ConfirmationPolicy => ({
  ...alwaysAsk,
  defaultTimeoutMs,
  ...changes,
});

async function asking(bench: Bench, policy: ConfirmationPolicy | undefined, ...calls: ReturnType<typeof call>[]) {
  bench.server.script(say(...calls), say('done'));
  const id = await bench.newSession();
  if (policy) await bench.window.request('confirmation.set', { sessionId: id, policy });
  await bench.send(id, 'go');
  return id;
}

async function told(bench: Bench, n = 0): Promise<string> {
  const { messages } = (await bench.server.request(1)).body;
  return String(messages.filter((message) => message.role === 'tool')[n]?.content);
}

describe('confirmation off', () => {
  it('waits for nobody, says who allowed it, and survives a restart [confirmation.off] [confirmation.set]', async () => {
    const first = await startBench();
    const id = await asking(first, off, write('a.txt'), bash('touch b'));
    await first.window.untilIdle(id);
    expect(first.window.calls(id)).toMatchObject([
      { state: 'ok', decision: { decision: 'allow', by: 'confirmation' } },
      { state: 'ok', decision: { decision: 'allow', by: 'confirmation' } },
    ]);
    const { decisions } = await first.window.request('decisions.list', {});
    expect(decisions).toMatchObject([{ by: 'confirmation', outcome: 'allowed' }, { by: 'confirmation' }]);
    await expectLaws(first, id);
    const bench = await first.restart();
    expect(await bench.workbench.manager.getConfirmationPolicy(id)).toEqual(off);
    expect(bench.window.app.sessions[id]?.confirmation).toEqual(off);
  });

  it('leaves deny rules, Plan and protected paths as they are [confirmation.order]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const user = { source: 'user' } as const;
    await window.request('rules.add', { place: user, kind: 'deny', rule: 'Bash(touch *)', term: 'never' });
    await mkdir(join(bench.workspace, '.git'));
    const id = await asking(bench, off, bash('touch x'), write('.git/config'));
    const approval = await window.approval();
    expect(approval).toMatchObject({ tool: 'write', title: '.git/config' });
    await window.answer(approval, 'deny');
    await window.untilIdle(id);
    expect(window.calls(id)[0]).toMatchObject({ state: 'denied', decision: { rule: 'Bash(touch *)' } });
    await window.request('session.configure', { sessionId: id, changes: { mode: 'plan' } });
    bench.server.script(say(bash('rm notes')), say('done'));
    await bench.send(id, 'again');
    await window.untilIdle(id);
    expect(window.calls(id).at(-1)).toMatchObject({ state: 'denied' });
    await expectLaws(bench, id);
  });

  it('answers what an ask rule asks, and lets a call leave the workspace as a person would [confirmation.order]', async () => {
    const bench = await startBench();
    const outside = await tempFolder();
    await writeFile(join(outside, 'out.txt'), 'far away');
    const user = { source: 'user' } as const;
    await bench.window.request('rules.add', { place: user, kind: 'ask', rule: 'Bash(echo *)', term: 'never' });
    const id = await asking(bench, off, bash('echo hi'), read(join(outside, 'out.txt')));
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id).map((one) => one.state)).toEqual(['ok', 'ok']);
    expect(await told(bench, 1)).toContain('far away');
    expect(bench.window.calls(id)[0]?.decision?.reason).toContain('Ask rule `Bash(echo *)`');
  });

  it('counts for nothing on the command line, where nobody is: asking is denying [cli.ask-is-deny]', async () => {
    const first = await startBench();
    const id = await first.newSession();
    await first.window.request('confirmation.set', { sessionId: id, policy: off });
    const bench = await first.restart({ kind: 'cli' });
    bench.server.script(say(write('a.txt')), say('done'));
    await bench.workbench.manager.generate(id, 'go');
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
  });
});

describe('lanes', () => {
  it('without question let reading outside through and go on asking for the rest [confirmation.lanes]', async () => {
    const bench = await startBench();
    const outside = await tempFolder();
    await writeFile(join(outside, 'out.txt'), 'far away');
    const policy: ConfirmationPolicy = { ...alwaysAsk, yoloLanes: ['query'] };
    const id = await asking(bench, policy, read(join(outside, 'out.txt')), write('a.txt'));
    const approval = await bench.window.approval();
    expect(approval.tool).toBe('write');
    await bench.window.answer(approval, 'deny');
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id)[0]).toMatchObject({ state: 'ok', decision: { by: 'confirmation' } });
    await expectLaws(bench, id);
  });
});

describe('a time to answer', () => {
  it('that passes ends the question as timed out, with its event, and the model is told the truth [H2] [H4] [confirmation.timeout]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, within(1000), write('a.txt'));
    const approval = await window.approval(({ clock }) => clock !== undefined);
    expect(approval.clock).toEqual({ timeoutMs: 1000, deadline: expect.any(Number) });
    const [pending] = bench.workbench.manager.listPendingApprovals(id);
    expect(pending).toMatchObject({ tool: 'write', args: { file_path: 'a.txt', content: 'x' } });
    expect(pending?.remainingMs).toBeLessThanOrEqual(1000);
    await window.untilIdle(id);
    expect(window.calls(id)[0]).toMatchObject({
      state: 'timedOut',
      approval: { outcome: 'timedOut', by: 'confirmation', reason: 'Nobody answered within 1 s' },
    });
    expect(await told(bench)).toBe('Nobody answered within 1 s; it was not run. This is not a refusal by the person.');
    await expect(bench.file('a.txt')).rejects.toThrow('ENOENT');
    expect(window.app.approvals).toEqual([]);
    await expect(window.answer(approval, 'allow')).rejects.toMatchObject({ code: 'stale' });
    await expectLaws(bench, id);
  });

  it('approves nothing but reading, when told to: a shell line that writes is not run [H3] [confirmation.timeout]', async () => {
    const bench = await startBench();
    const policy = within(1000, { timeoutAction: 'approve-reads' });
    const lines = ['cat /etc/hosts', 'touch made', 'cat /etc/hosts > made'];
    const id = await asking(bench, policy, ...lines.map(bash), read('.env'));
    await writeFile(join(bench.workspace, '.env'), 'KEY=1');
    await bench.window.untilIdle(id);
    expect(bench.window.calls(id).map((one) => one.state)).toEqual(['ok', 'timedOut', 'timedOut', 'timedOut']);
    expect(await told(bench, 0)).toMatch(
      /^\[Nobody answered within 1 s, and the call only reads\.\]\n[\s\S]*localhost/,
    );
    expect(bench.window.calls(id)[0]?.approval).toMatchObject({ outcome: 'allowed', by: 'confirmation' });
    await expect(bench.file('made')).rejects.toThrow('ENOENT');
    await expectLaws(bench, id);
  });

  it('goes on over a restart, and one that passed meanwhile ends the question once [confirmation.restart]', async () => {
    let now = Date.parse('2026-03-01T12:00:00Z');
    const first = await startBench({ now: () => now });
    const id = await asking(first, within(60_000), write('a.txt'));
    const { clock } = await first.window.approval((one) => one.clock !== undefined);
    expect(clock?.deadline).toBe(now + 60_000);
    now += 30_000;
    const second = await first.restart();
    await second.window.openSession(id);
    expect((await second.window.approval()).clock).toEqual(clock);
    expect(second.workbench.manager.listPendingApprovals(id)).toMatchObject([{ remainingMs: 30_000 }]);
    now += 3_600_000;
    const third = await second.restart();
    await third.window.openSession(id);
    await third.window.untilIdle(id);
    const { envelopes } = await onDisk(third.userDataDir, id);
    const ends = envelopes.filter(({ event }) => event.type === 'approval.resolved');
    expect(ends).toMatchObject([{ event: { outcome: 'timedOut', by: 'confirmation' } }]);
    await expectLaws(third, id);
  });

  it.each(['the session', 'one above it'])('stands still while %s is paused [S-W31]', async (whose) => {
    let now = Date.parse('2026-03-01T12:00:00Z');
    const bench = await startBench({ now: () => now });
    const { window, server } = bench;
    const { manager } = bench.workbench;
    const above = await bench.newSession();
    await manager.setConfirmationPolicy(above, within(60_000));
    const id = await manager.createChildSession(above, { title: 'child' });
    await window.openSession(id);
    server.script(say(write('a.txt')), say('done'));
    await bench.send(id, 'go');
    const asked = await window.approval((one) => one.clock?.deadline !== undefined);
    expect(asked.clock?.deadline).toBe(now + 60_000);
    const paused = whose === 'the session' ? id : above;
    now += 20_000;
    await window.request('session.pause', { sessionId: paused });
    const held = await window.approval((one) => one.clock?.remainingMs !== undefined);
    expect(held.clock?.remainingMs).toBe(40_000);
    now += 3_600_000;
    await window.request('session.resume', { sessionId: paused });
    const again = await window.approval((one) => one.clock?.deadline !== undefined);
    expect(again.clock?.deadline).toBe(now + 40_000);
    await window.answer(again, 'allow');
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });

  it('is not there for what is set aside: "not now" is no answer [approval.later]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, within(1000), write('a.txt'));
    const approval = await window.approval();
    await window.request('approval.defer', { id: approval.id, deferred: true });
    const aside = await window.until(() => window.app.approvals.find((one) => one.deferred && one.clock?.remainingMs));
    expect(aside.clock).toEqual({ timeoutMs: 1000, remainingMs: 1000 });
    await window.request('approval.defer', { id: approval.id, deferred: false });
    await window.untilIdle(id);
    expect(window.calls(id)[0]?.state).toBe('timedOut');
  });
});

describe('a policy that is set while something waits', () => {
  it('settles it at once, all of it, when it needs no person any more [H8] [confirmation.live]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const { manager } = bench.workbench;
    const id = await asking(bench, undefined, write('a.txt'), bash('touch b'));
    await window.until(() => window.app.approvals.length === 2);
    expect(await manager.setConfirmationPolicy(id, off)).toEqual(off);
    const { head } = (await manager.getSession(id)).state;
    expect(head.approvals).toEqual([]);
    await window.untilIdle(id);
    expect(window.calls(id).map(({ approval }) => [approval?.outcome, approval?.by])).toEqual([
      ['allowed', 'confirmation'],
      ['allowed', 'confirmation'],
    ]);
    await expectLaws(bench, id);
  });

  it('gives it a time, another time, or none again [H8] [confirmation.live]', async () => {
    let now = Date.parse('2026-03-01T12:00:00Z');
    const bench = await startBench({ now: () => now });
    const { window } = bench;
    const id = await asking(bench, undefined, write('a.txt'));
    await window.approval();
    now += 600_000;
    const set = (policy?: ConfirmationPolicy) => window.request('confirmation.set', { sessionId: id, policy });
    await set(within(60_000));
    // What waited before has the whole time: a new policy does not end it on the spot.
    await window.approval(({ clock }) => clock?.deadline === now + 60_000);
    await set(within(120_000));
    await window.approval(({ clock }) => clock?.deadline === now + 120_000);
    expect((await set()).inForce).toEqual(alwaysAsk);
    const free = await window.approval(({ clock }) => clock === undefined);
    await window.answer(free, 'deny');
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });

  it('and an answer at the same moment: one of them counts [approval.first-wins] [H1]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const id = await asking(bench, undefined, write('a.txt'));
    const approval = await window.approval();
    await Promise.allSettled([
      window.request('confirmation.set', { sessionId: id, policy: off }),
      window.answer(approval, 'deny'),
    ]);
    await window.untilIdle(id);
    expect(window.heard.filter(({ event }) => event.type === 'approval.resolved')).toHaveLength(1);
    await expectLaws(bench, id);
  });

  it('is refused when it makes no sense, and nothing changes [confirmation.set]', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    const id = await bench.newSession();
    await expect(manager.setConfirmationPolicy(id, within(5))).rejects.toMatchObject({ code: 'invalid' });
    expect(await manager.getConfirmationPolicy(id)).toEqual(alwaysAsk);
  });
});

describe('a child', () => {
  it('follows its parent live, and is never laxer whatever is set for it [confirmation.child] [I8] [S-W19]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const { manager } = bench.workbench;
    const parent = await bench.newSession();
    const child = await manager.createChildSession(parent, { title: 'child' });
    await window.openSession(child);
    expect(await manager.setConfirmationPolicy(child, off)).toMatchObject({ enabled: true });
    bench.server.script(say(write('a.txt')), say('done'));
    await bench.send(child, 'go');
    await window.approval();
    // Its own wish counts from the moment its parent has it too.
    await manager.setConfirmationPolicy(parent, off);
    await window.untilIdle(child);
    expect(window.calls(child)[0]?.approval).toMatchObject({ outcome: 'allowed', by: 'confirmation' });
    await manager.setConfirmationPolicy(parent, undefined);
    expect(await manager.getConfirmationPolicy(child)).toMatchObject({ enabled: true });
    await expectLaws(bench, child);
  });

  it('that is kept when its parent goes takes its policy along [confirmation.child]', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    const parent = await bench.newSession();
    const child = await manager.createChildSession(parent, { title: 'child' });
    await manager.setConfirmationPolicy(parent, within(60_000));
    await manager.destroySession(parent, 'keep');
    expect(await manager.getConfirmationPolicy(child)).toEqual(within(60_000));
  });
});

describe('confirmations', () => {
  it('can be taken back: each with its event, and the run goes on [H4] [confirmation.cancel]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const { manager } = bench.workbench;
    const id = await asking(bench, undefined, write('a.txt'), write('b.txt'), write('c.txt'));
    await window.until(() => window.app.approvals.length === 3);
    const first = window.app.approvals[0]?.callId;
    expect(await manager.cancelConfirmations(id, first)).toBe(1);
    expect(await manager.cancelConfirmations(id, first)).toBe(0);
    await window.until(() => window.app.approvals.length === 2);
    expect(await manager.cancelConfirmations(id)).toBe(2);
    const state = await window.untilIdle(id);
    expect(state.head.run?.outcome).toBe('completed');
    expect(window.calls(id).map((one) => one.state)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(await told(bench)).toBe('The request for approval was taken back; it was not run.');
    await expectLaws(bench, id);
  });
});

describe('the policy for new sessions', () => {
  it('is that of the settings, and later changes leave sessions alone [confirmation.default]', async () => {
    const bench = await startBench();
    const { window } = bench;
    const { manager } = bench.workbench;
    const policy = within(60_000, { yoloLanes: ['query'] });
    await window.request('settings.change', { changes: { defaultConfirmation: policy } });
    const id = await bench.newSession();
    await window.request('settings.change', { changes: { defaultConfirmation: alwaysAsk } });
    expect(await manager.getConfirmationPolicy(id)).toEqual(policy);
    expect(await manager.getConfirmationPolicy(await bench.newSession())).toEqual(alwaysAsk);
  });

  it('is not taken over by what is imported: that is trusted with nothing [session.import]', async () => {
    const bench = await startBench();
    const { manager } = bench.workbench;
    const id = await bench.newSession();
    await manager.setConfirmationPolicy(id, off);
    const imported = await manager.importSession(await manager.exportSession(id, 'json'));
    expect(await manager.getConfirmationPolicy(imported)).toEqual(alwaysAsk);
  });
});
