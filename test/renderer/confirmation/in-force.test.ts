import { expect, it } from 'vitest';
import { unasked } from '../../../renderer/confirmation/in-force.ts';
import type { SessionSummary } from '../../../shared/app/state.ts';
import { alwaysAsk, type ConfirmationPolicy } from '../../../shared/permissions/confirmation.ts';
import { byId, listed } from '../sessions/session-fixture.ts';

const off: ConfirmationPolicy = { ...alwaysAsk, enabled: false };
const execute: ConfirmationPolicy = { ...alwaysAsk, yoloLanes: ['execute'] };

/** A child under a parent. */
const family = (parent: Partial<SessionSummary>, child: Partial<SessionSummary>) =>
  byId(listed('parent', parent), listed('child', { parentId: 'parent', ...child }));

it('the banner shows wherever hardly anything is asked, and only there [confirmation.off] [mode.bypass]', () => {
  expect(unasked(family({}, {}), 'parent')).toBeUndefined();
  expect(unasked(family({ mode: 'bypass' }, {}), 'parent')).toBe('bypass');
  expect(unasked(family({ confirmation: off }, {}), 'parent')).toBe('off');
  expect(unasked(family({ confirmation: execute }, {}), 'parent')).toBe('execute');
  expect(unasked(family({ confirmation: off, mode: 'plan' }, {}), 'parent')).toBeUndefined();
  // A child is as strict as its parent, and follows it.
  expect(unasked(family({}, { mode: 'bypass', confirmation: off }), 'child')).toBeUndefined();
  expect(unasked(family({ mode: 'bypass' }, { mode: 'bypass' }), 'child')).toBe('bypass');
  expect(unasked(family({ confirmation: off }, {}), 'child')).toBe('off');
  expect(unasked(family({ confirmation: off }, { confirmation: alwaysAsk }), 'child')).toBeUndefined();
});
