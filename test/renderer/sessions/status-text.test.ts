import { expect, it } from 'vitest';
import { describeSession } from '../../../renderer/sessions/status-text.ts';
import { compactNumber, money } from '../../../renderer/ui/amounts.ts';
import { listed } from './session-fixture.ts';

it('says everything that the marks of a row show', () => {
  const session = listed('a', {
    status: 'needsInput',
    waiting: 2,
    setAside: 1,
    queued: 3,
    elsewhere: true,
    unsaved: '',
  });
  expect(describeSession(session)).toBe(
    'Needs input, 2 approvals waiting, 1 set aside, 3 queued, running elsewhere, unsaved',
  );
});

it('writes amounts short without lying about small ones', () => {
  expect([0, 999, 1000, 12_345, 99_950, 128_000, 999_499, 999_500, 4_100_000].map(compactNumber)).toEqual([
    '0',
    '999',
    '1k',
    '12.3k',
    '100k',
    '128k',
    '999k',
    '1M',
    '4.1M',
  ]);
  expect([0, 0.004, 0.01, 1.5].map(money)).toEqual(['$0.00', '<$0.01', '$0.01', '$1.50']);
});
