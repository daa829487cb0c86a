import { expect, test } from 'vitest';
import { guardMs, queueKeyAction } from '../../../renderer/approvals/queue-keys.ts';

const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  ...more,
});
const settled = { inTextField: false, changedAt: 0, now: 10_000 };

test('the letters answer the card that has the focus', () => {
  expect(['a', 'D', 'e', 'l', 'j', 'K'].map((key) => queueKeyAction(press(key), settled))).toEqual([
    'allow',
    'deny',
    'edit',
    'later',
    'next',
    'previous',
  ]);
});

test('nothing is answered while the list has just changed, but moving is free', () => {
  const moved = { inTextField: false, changedAt: 1000, now: 1000 + guardMs - 1 };
  expect(['a', 'd', 'e', 'l'].map((key) => queueKeyAction(press(key), moved))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(queueKeyAction(press('j'), moved)).toBe('next');
  expect(queueKeyAction(press('a'), { ...moved, now: 1000 + guardMs })).toBe('allow');
});

test.each([{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { repeat: true }])('never with %o', (held) => {
  expect(queueKeyAction(press('a', held), settled)).toBeUndefined();
});

test('never in a text field, and Escape and Enter mean nothing', () => {
  expect(queueKeyAction(press('a'), { ...settled, inTextField: true })).toBeUndefined();
  expect(['Escape', 'Enter', ' ', 'y', 'n'].map((key) => queueKeyAction(press(key), settled))).toEqual(
    Array(5).fill(undefined),
  );
});
