import { expect, test } from 'vitest';
import { likeness } from '../../../renderer/approvals/likeness.ts';
import { countLikes, queueRows } from '../../../renderer/approvals/queue-rows.ts';
import type { QueuedApproval } from '../../../shared/app/state.ts';

const command = (id: string, at: number, text: string, more: Partial<QueuedApproval> = {}): QueuedApproval => ({
  id,
  at,
  kind: 'call',
  tool: 'bash',
  title: text,
  toolKind: 'command',
  args: { command: text },
  detail: { type: 'command', command: text },
  hash: id,
  reason: '',
  risk: { level: 'low', reasons: [] },
  deferred: false,
  sessionId: 's1',
  path: [{ id: 's1', title: 'One' }],
  workspace: '/w',
  ...more,
});

const keys = (...rows: Parameters<typeof queueRows>) => queueRows(...rows).map(({ key }) => key);

test('the order is by age, either way, and what is set aside comes last', () => {
  const approvals = [command('b', 2, 'ls'), command('a', 1, 'ls'), command('z', 0, 'ls', { deferred: true })];
  expect(keys(approvals, 'oldest', 'none')).toEqual(['a', 'b', 'later', 'z']);
  expect(keys(approvals, 'newest', 'none')).toEqual(['b', 'a', 'later', 'z']);
});

test('groups keep the order and say how many they hold', () => {
  const other = { sessionId: 's2', path: [{ id: 's2', title: 'Two' }] };
  const approvals = [command('a', 1, 'touch x1'), command('b', 2, 'npm test', other), command('c', 3, 'touch x2')];
  expect(keys(approvals, 'oldest', 'session')).toEqual(['group s1', 'a', 'c', 'group s2', 'b']);
  expect(keys(approvals, 'oldest', 'likeness')).toEqual(['group bash touch x0', 'a', 'c', 'group bash npm test', 'b']);
  expect(queueRows(approvals, 'oldest', 'session')[0]).toMatchObject({ text: 'One', count: 2 });
  expect(approvals.map(countLikes(approvals))).toEqual([2, 1, 2]);
});

test.each([
  ['cat src/a.ts', 'cat test/b.ts', true],
  ['git commit -m "one"', "git commit -m 'two words'", true],
  ['git push origin', 'git pull origin', false],
  ['rm a.txt', 'touch a.txt', false],
  ['echo a && rm x.y', 'echo a', false],
  ['npm test | tee a.log', 'npm test', false],
])('%s and %s are alike: %s', (a, b, alike) => {
  expect(likeness(command('a', 0, a)) === likeness(command('b', 0, b))).toBe(alike);
});
