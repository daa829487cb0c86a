import { expect, it } from 'vitest';
import { relativeTime, timeLeft } from '../../../renderer/ui/relative-time.tsx';

const now = Date.UTC(2026, 5, 15, 12);
const minute = 60_000;

it('says ages in a word', () => {
  const ages = [
    0,
    59_999,
    minute,
    59 * minute,
    60 * minute,
    23 * 60 * minute,
    24 * 60 * minute,
    6.9 * 24 * 60 * minute,
  ];
  expect(ages.map((age) => relativeTime(now - age, now))).toEqual(['now', 'now', '1m', '59m', '1h', '23h', '1d', '6d']);
});

it('says the day once it is a week ago', () => {
  expect(relativeTime(now - 8 * 24 * 60 * minute, now)).toMatch(/7/);
});

it('says how long is left', () => {
  const left = [0, 59_000, minute, 61_000, 90 * minute, 91 * minute, 25 * 60 * minute];
  expect(left.map((ms) => timeLeft(now + ms, now))).toEqual([
    'under 1 min',
    'under 1 min',
    '1 min',
    '1 min',
    '90 min',
    '2 h',
    '25 h',
  ]);
});
