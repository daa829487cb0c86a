import { expect, test } from 'vitest';
import { safeLink } from '../../../renderer/markdown/links.ts';

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'file:///etc/passwd',
  'data:text/html,x',
  'app://workbench/',
  'vscode://x',
  '/relative',
  '',
  undefined,
])('%s is not a link', (href) => {
  expect(safeLink(href)).toBeUndefined();
});

test('a look-alike host shows its real form', () => {
  expect(safeLink('https://аpple.com/')).toBe('https://xn--pple-43d.com/');
  expect(safeLink('mailto:a@example.com')).toBe('mailto:a@example.com');
});
