import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Budget } from '../../shared/session/budget.ts';
import { call, say, usage } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws, onDisk } from './laws.ts';

const read = call('ls', { path: '.' });
const spend = (input: number) => usage({ input, output: 0 });

async function withBudget(bench: Bench, budget: Budget): Promise<string> {
  const id = await bench.newSession();
  await bench.window.request('session.configure', { sessionId: id, changes: { budget } });
  return id;
}

const budgetCard = (bench: Bench) => bench.window.approval((approval) => approval.kind === 'budget');

describe('a budget', () => {
  it('pauses the run before its next turn and asks in the queue; Continue adds as much again [budget.ask]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.script(say(read, spend(100)), say('done', spend(10)), say('more', spend(100)), say('never'));
    const id = await withBudget(bench, { session: { tokens: 100 } });
    await bench.send(id, 'go');
    const approval = await budgetCard(bench);
    expect(approval).toMatchObject({ kind: 'budget', sessionId: id, title: 'Continue with +100 tokens?' });
    expect(approval.reason).toContain('100 tokens of 100 tokens');
    expect(approval.callId).toBeUndefined();
    expect(server.requests).toHaveLength(1);
    expect(window.app.sessions[id]?.status).toBe('needsInput');

    await window.answer(approval, 'allow');
    const state = await window.untilIdle(id);
    expect(state.head).toMatchObject({ run: { outcome: 'completed' }, budgetGrants: { session: { tokens: 100 } } });
    expect(window.app.approvals).toEqual([]);
    await expectLaws(bench, id);

    // 110 of 200 are used: the next run begins without a question, and the one after it asks before its first turn.
    await bench.send(id, 'again');
    await window.untilIdle(id);
    await bench.send(id, 'and again');
    const second = await budgetCard(bench);
    expect(second.reason).toContain('210 tokens of 200 tokens');
    await window.answer(second, 'deny');
    const stopped = await window.untilIdle(id);
    expect(stopped.head.run).toMatchObject({ outcome: 'limit', error: { code: 'limit' } });
    expect(server.requests).toHaveLength(3);
    await expectLaws(bench, id);
  });

  it.each([
    ['tokens', { tokens: 100 }],
    ['turns', { turns: 1 }],
    ['money', { cost: 0.001 }],
    ['minutes', { minutes: 1 }],
  ] as const)(
    'of %s asks once it is used up, and ends the run where nobody gives more [budget.measures] [S-W68]',
    async (_, session) => {
      let time = 0;
      const now = () => {
        time += 20_000;
        return time;
      };
      const bench = await startBench({ now });
      const { window, server } = bench;
      const prices = { input: 10, output: 10 };
      await window.request('profile.save', { profile: { name: 'P', baseUrl: server.baseUrl, model: 'p', prices } });
      server.script(say(read, spend(100)), say('never'));
      const id = await withBudget(bench, { session });
      await bench.send(id, 'go');
      await window.answer(await budgetCard(bench), 'deny');
      const { head } = await window.untilIdle(id);
      expect(head.run).toMatchObject({ outcome: 'limit', error: { code: 'limit', hint: expect.any(String) } });
      expect(server.requests).toHaveLength(1);
    },
  );

  it('counts turns and money too, and says which calls have no price [budget.measures]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.script(say(read), say('done'));
    const id = await withBudget(bench, { session: { turns: 1, cost: 0.01 } });
    await bench.send(id, 'go');
    const approval = await budgetCard(bench);
    expect(approval.title).toBe('Continue with +1 turns?');
    await window.answer(approval, 'allow');
    expect((await window.untilIdle(id)).head).toMatchObject({
      totals: { cost: 0, unpriced: 2 },
      run: { outcome: 'completed' },
    });
    await expectLaws(bench, id);
  });

  it('of a tree counts the children, asks for the run that crossed it, and is the same for all [budget.tree]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    const child = call('task', { description: 'Child', prompt: 'child work' });
    server.when('delegate', say(child, spend(50)), say('all done', spend(1)));
    server.when('child work', say(read, spend(60)), say('child done', spend(1)));
    const id = await withBudget(bench, { tree: { tokens: 100 } });
    await bench.send(id, 'delegate');
    const approval = await budgetCard(bench);
    expect(approval.path.map((session) => session.id)).toEqual([id, approval.sessionId]);
    expect(approval.reason).toContain('110 tokens of 100 tokens');
    await window.answer(approval, 'allow');
    const state = await window.untilIdle(id);
    expect(state.head).toMatchObject({ run: { outcome: 'completed' }, budgetGrants: { tree: { tokens: 100 } } });
    await expectLaws(bench, id);
  });

  it('question goes when the budget is raised meanwhile, and the run goes on [budget.raised]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.script(say(read, spend(100)), say('done', spend(1)));
    const id = await withBudget(bench, { session: { tokens: 50 } });
    await bench.send(id, 'go');
    await budgetCard(bench);
    await window.request('session.configure', { sessionId: id, changes: { budget: { session: { tokens: 500 } } } });
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('completed');
    expect(window.app.approvals).toEqual([]);
    await expectLaws(bench, id);
  });

  it('question survives a restart and is answered then [budget.restart]', async () => {
    const first = await startBench();
    first.server.script(say(read, spend(100)), say('done', spend(1)));
    const id = await withBudget(first, { session: { tokens: 50 } });
    await first.send(id, 'go');
    const before = await budgetCard(first);
    expect(before.title).toBe('Continue with +100 tokens?');
    const bench = await first.restart();
    await bench.window.openSession(id);
    const approval = await budgetCard(bench);
    expect(approval).toMatchObject({ id: before.id, title: before.title, args: before.args });
    await bench.window.answer(approval, 'allow');
    expect((await bench.window.untilIdle(id)).head.run?.outcome).toBe('completed');
    const { envelopes } = await onDisk(bench.userDataDir, id);
    expect(envelopes.filter(({ event }) => event.type === 'approval.requested')).toHaveLength(1);
    expect(envelopes.find(({ event }) => event.type === 'budget.extended')?.event).toMatchObject({ more: 100 });
    await expectLaws(bench, id);
  });

  it('question ends with Stop [budget.stop]', async () => {
    const bench = await startBench();
    const { window, server } = bench;
    server.script(say(read, spend(100)));
    const id = await withBudget(bench, { session: { tokens: 50 } });
    await bench.send(id, 'go');
    await budgetCard(bench);
    await window.request('run.cancel', { sessionId: id });
    expect((await window.untilIdle(id)).head.run?.outcome).toBe('cancelled');
    expect(window.app.approvals).toEqual([]);
    await expectLaws(bench, id);
  });
});

it('the ledger of all sessions is kept without their bodies, and is the same after a restart [costs.summary]', async () => {
  const first = await startBench();
  first.server.script(say('one', spend(100)), say('two', spend(20)));
  for (const text of ['a', 'b']) {
    const id = await first.newSession();
    await first.send(id, text);
    await first.window.untilIdle(id);
  }
  const before = await first.window.request('costs.summary', {});
  expect(before).toMatchObject({
    total: { calls: 2, input: 120, unpriced: 2 },
    models: [{ name: 'scripted', calls: 2 }],
  });
  const bench = await first.restart();
  expect(await bench.window.request('costs.summary', {})).toEqual(before);
});

it('what a deleted session has cost stays counted, once, and over restarts [costs.deleted]', async () => {
  const first = await startBench();
  first.server.script(say('one', spend(100)), say('two', spend(20)), say('three', spend(5)));
  const ids: string[] = [];
  for (const text of ['a', 'b', 'c']) {
    const id = await first.newSession();
    ids.push(id);
    await first.send(id, text);
    await first.window.untilIdle(id);
  }
  const { total, days, models } = await first.window.request('costs.summary', {});
  expect(total).toMatchObject({ calls: 3, input: 125 });
  const [gone = '', alsoGone = '', stays = ''] = ids;
  for (const id of [gone, alsoGone]) await first.window.request('session.destroy', { sessionId: id });
  const after = { total, days, models, deleted: { calls: 2, input: 120 } };
  expect(await first.window.request('costs.summary', {})).toMatchObject(after);
  const second = await first.restart();
  expect(await second.window.request('costs.summary', {})).toMatchObject(after);

  // A deletion that was cut short: its costs are noted, but it is still there.
  const path = join(second.userDataDir, 'deleted-costs.json');
  const costs = JSON.parse(await readFile(path, 'utf8'));
  await second.workbench.shutdown(5000);
  await writeFile(path, JSON.stringify({ ...costs, leaving: { ...costs.leaving, [stays]: costs.rows } }));
  const third = await second.restart();
  expect(await third.window.request('costs.summary', {})).toMatchObject(after);
  await third.window.request('session.destroy', { sessionId: stays });
  const all = await third.window.request('costs.summary', {});
  expect(all).toMatchObject({ total, days, models, deleted: { calls: 3, input: 125 } });
});
