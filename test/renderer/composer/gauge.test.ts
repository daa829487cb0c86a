import { expect, test } from 'vitest';
import { gaugeOf } from '../../../renderer/composer/gauge.ts';

test('says used, window, share and how that is known', () => {
  expect(gaugeOf({ used: 12_300, window: 200_000, source: 'reported' })).toEqual({
    percent: 6,
    text: '12,300 of 200,000 tokens, 6%, reported',
    level: 'neutral',
  });
});

test('an unknown window gives no percentage', () => {
  expect(gaugeOf({ used: 900, source: 'estimated' })).toEqual({
    text: '900 tokens of an unknown window, estimated',
    level: 'neutral',
  });
  expect(gaugeOf(undefined)).toEqual({ text: 'unknown', level: 'neutral' });
});

test('turns amber at 60 and red above 85, and never says more than all', () => {
  const level = (used: number) => gaugeOf({ used, window: 100, source: 'reported' }).level;
  expect([59, 60, 85, 86].map(level)).toEqual(['neutral', 'amber', 'amber', 'red']);
  expect(gaugeOf({ used: 150, window: 100, source: 'estimated' }).percent).toBe(100);
});
