import { expect, it } from 'vitest';
import { childrenOf, rollupOf, treeUse } from '../../../shared/app/tree.ts';
import { byId, listed } from '../../renderer/sessions/session-fixture.ts';

const spent = (input: number, cost: number) => ({
  totals: { input, output: 1, cachedInput: 0, modelCalls: 1, cost, unpriced: 0 },
  work: { turns: 2, ms: 1000, open: [] },
});

const sessions = byId(
  listed('root', spent(10, 1)),
  listed('child', { parentId: 'root', waiting: 1, status: 'needsInput', ...spent(20, 2) }),
  listed('deep', { parentId: 'child', setAside: 2, ...spent(30, 3) }),
  listed('other', spent(500, 50)),
);

it('tokens, cost, turns and time of a session with all below it are summed [tree.rollup]', () => {
  expect(treeUse(sessions, 'root', 0)).toEqual({
    descendants: 2,
    totals: { input: 60, output: 3, cachedInput: 0, modelCalls: 3, cost: 6, unpriced: 0 },
    turns: 6,
    workedMs: 3000,
  });
  expect(treeUse(sessions, 'gone', 0)).toBeUndefined();
});

it('waits and work below a session are rolled up to it [tree.rollup]', () => {
  const rollup = rollupOf(sessions.root as NonNullable<typeof sessions.root>, childrenOf(sessions));
  expect(rollup).toMatchObject({ waiting: 1, setAside: 2, descendants: 2, working: 1, tokens: 63, cost: 6 });
});
