import assert from 'node:assert/strict';
import { test } from 'node:test';
import { averageDistance, longestWalk, totalDistance } from '../src/stats.js';

const walks = [
  { name: 'Short', distance: 2 },
  { name: 'Long', distance: 9 },
  { name: 'Middle', distance: 4 },
];

test('distances add up', () => {
  assert.equal(totalDistance(walks), 15);
});

test('the average is the total divided by the number of walks', () => {
  assert.equal(averageDistance(walks), 5);
});

test('the longest walk is found', () => {
  assert.equal(longestWalk(walks).name, 'Long');
});
