import { describe, expect, it } from 'vitest';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { call, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const plan = call('plan', { plan: '# Rename it\n\n- write `a.txt`' });
const write = call('write', { file_path: 'a.txt', content: 'x' });

async function planning(bench: Bench): Promise<{ id: string; approval: QueuedApproval }> {
  const id = await bench.newSession({ mode: 'plan' });
  await bench.send(id, 'go');
  return { id, approval: await bench.window.approval() };
}

const request = async (bench: Bench, n: number) => (await bench.server.request(n)).body;
const told = async (bench: Bench, n = 1) => String((await request(bench, n)).messages.at(-1)?.content);
const offers = async (bench: Bench, n: number) =>
  (await request(bench, n)).tools?.some(({ function: { name } }: { function: { name: string } }) => name === 'plan');

describe('Plan mode', () => {
  it('ends in a plan: approved, it is carried out in Manual mode, where changes are asked about [mode.plan-approval] [S-W74]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.script(say(write), say(plan), say(write), say('done'));
    const { id, approval } = await planning(bench);
    expect(window.calls(id)[0]).toMatchObject({ state: 'denied', decision: { decision: 'deny' } });
    expect(approval).toMatchObject({ kind: 'plan', tool: 'plan', title: 'Rename it', detail: { type: 'markdown' } });
    expect(await offers(bench, 0)).toBe(true);
    expect((await request(bench, 0)).messages[0]?.content).toContain('Plan mode');
    await window.answer(approval, 'allow');
    const asked = await window.approval(({ kind }) => kind === 'call');
    expect(window.session(id).head.config.mode).toBe('manual');
    expect(await told(bench, 2)).toContain('approved the plan');
    expect(await offers(bench, 2)).toBe(false);
    expect((await request(bench, 2)).messages[0]?.content).not.toContain('Plan mode');
    await window.answer(asked, 'allow');
    await window.untilIdle(id);
    expect(await bench.file('a.txt')).toBe('x');
    await expectLaws(bench, id);
  });

  it('a mode that is chosen with the approval holds at once [mode.plan-approval]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.script(say(plan), say(write), say('done'));
    const { id, approval } = await planning(bench);
    await window.request('session.configure', { sessionId: id, changes: { mode: 'accept-edits' } });
    expect(window.app.approvals).toHaveLength(1);
    await window.answer(approval, 'allow');
    await window.untilIdle(id);
    expect(window.session(id).head.config.mode).toBe('accept-edits');
    expect(await bench.file('a.txt')).toBe('x');
    await expectLaws(bench, id);
  });

  it('a plan that is sent back is worked on further, with what the person said [mode.plan-approval] [S-W74]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.script(say(plan), say(plan), say('Understood.'));
    const { id, approval } = await planning(bench);
    await window.answer(approval, 'deny', { comment: 'tests first' });
    expect(await told(bench)).toMatch(/did not approve the plan.*tests first/s);
    expect(window.session(id).head.config.mode).toBe('plan');
    const again = await window.approval(({ id: other }) => other !== approval.id);
    await window.answer(again, 'deny');
    await window.untilIdle(id);
    await expectLaws(bench, id);
  });

  it('an edited plan is what the model is told to carry out, also after a restart [mode.plan-approval] [S-W74]', async () => {
    const first = await startBench();
    first.server.script(say(plan), say('done'));
    const { id } = await planning(first);
    const bench = await first.restart();
    await bench.window.openSession(id);
    const approval = await bench.window.approval();
    expect(approval.kind).toBe('plan');
    const { schema } = await bench.window.request('approval.editing', { id: approval.id });
    expect(schema).toMatchObject({ required: ['plan'] });
    await bench.window.answer(approval, 'allow', { args: { plan: 'Only look.' } });
    await bench.window.untilIdle(id);
    expect(await told(bench)).toContain('Only look.');
    await expectLaws(bench, id);
  });

  it('no rule approves a plan, and outside of Plan mode none is asked for [mode.plan-approval]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    await window.request('rules.add', { place: { source: 'user' }, kind: 'allow', rule: 'plan', term: 'never' });
    server.script(say(plan), say('done'));
    const { id, approval } = await planning(bench);
    await window.request('rules.add', { place: { source: 'user' }, kind: 'allow', rule: 'Bash', term: 'never' });
    expect(window.app.approvals).toMatchObject([{ id: approval.id }]);
    await window.request('run.cancel', { sessionId: id });
    await window.untilIdle(id);
    server.script(say('hello'));
    const other = await bench.newSession();
    await bench.send(other, 'go');
    await window.untilIdle(other);
    expect(await offers(bench, server.requests.length - 1)).toBe(false);
  });
});
