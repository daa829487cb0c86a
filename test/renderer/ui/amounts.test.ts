import { expect, test } from 'vitest';
import { formatDuration } from '../../../renderer/ui/amounts.ts';

test('lengths of time are short and never round up into the next unit wrongly', () => {
  expect([40, 140, 9949, 12_400, 59_600, 65_000, 3_780_000].map(formatDuration)).toEqual([
    '40 ms',
    '0.1 s',
    '9.9 s',
    '12 s',
    '1 m 00 s',
    '1 m 05 s',
    '1 h 03 m',
  ]);
});
