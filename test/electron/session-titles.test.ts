import { expect, it } from 'vitest';
import { titleOf } from '../../electron/session/titler.ts';

it.each([
  ['Fix the login page', 'Fix the login page'],
  ['"Fix the login page."', 'Fix the login page'],
  ['**Title: Fix the login page**\n\nThis says it.', 'Fix the login page'],
  ['<think>hm, a title</think>\n\n# Fix the login page', 'Fix the login page'],
  ['\n  \n', ''],
])('takes the title out of what a model says: %j', (reply, title) => {
  expect(titleOf(reply)).toBe(title);
});

it('cuts what is too long for a tab', () => {
  expect(titleOf('word '.repeat(40))).toHaveLength(60);
});
