import { expect, it } from 'vitest';
import { createLiveOutput } from '../../../electron/tools/live-output.ts';

function shower() {
  const shown: string[] = [];
  return { shown, add: createLiveOutput((text) => shown.push(text)) };
}

it('shows what comes slowly, characters whole', () => {
  const { shown, add } = shower();
  for (const byte of Buffer.from('aä€😀')) add(Buffer.of(byte));
  expect(shown.join('')).toBe('aä€😀');
});

it('shows the beginning of a rush even when it comes all at once', () => {
  const { shown, add } = shower();
  add(Buffer.from(`ready${'x'.repeat(1_000_000)}`));
  add(Buffer.from('y'.repeat(1_000_000)));
  expect(shown.join('').startsWith('readyx')).toBe(true);
  expect(shown.join('').length).toBeLessThan(100_000);
});
