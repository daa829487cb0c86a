import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseWalk } from '../src/walks.js';

test('a line becomes a walk', () => {
  assert.deepEqual(parseWalk('2024-05-01 Lake loop 7.4'), { date: '2024-05-01', name: 'Lake loop', distance: 7.4 });
});

test('anything else is refused', () => {
  assert.throws(() => parseWalk('a lovely day'), /Not a walk/);
});
