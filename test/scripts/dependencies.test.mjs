import { expect, test } from 'vitest';
import { matchesLock } from '../../scripts/dependencies.mjs';

const entry = (version, more = {}) => ({ version, integrity: `sha512-${version}`, ...more });
const locked = {
  '': { name: 'app' },
  'node_modules/a': entry('1.0.0'),
  'node_modules/b-darwin': entry('1.0.0', { optional: true }),
};

test('what is installed may lack packages of other platforms', () => {
  expect(matchesLock(locked, { 'node_modules/a': entry('1.0.0') })).toBe(true);
});

test('a missing package, another version or another content does not match', () => {
  expect(matchesLock(locked, {})).toBe(false);
  expect(matchesLock(locked, { 'node_modules/a': entry('1.0.1') })).toBe(false);
  expect(matchesLock(locked, { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-other' } })).toBe(false);
});
