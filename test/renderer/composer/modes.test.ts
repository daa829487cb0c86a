import { expect, test } from 'vitest';
import { nextMode } from '../../../renderer/composer/modes.ts';

test('the key walks through the three safe modes; Bypass is only left by it, never entered', () => {
  expect([nextMode('manual'), nextMode('accept-edits'), nextMode('plan'), nextMode('bypass')]).toEqual([
    'accept-edits',
    'plan',
    'manual',
    'manual',
  ]);
});
