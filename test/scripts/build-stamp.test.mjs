import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sourceDigest } from '../../scripts/build-stamp.mjs';

let root;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'switchyard-stamp-'));
  await mkdir(join(root, 'electron'));
  await writeFile(join(root, 'electron', 'main.ts'), 'one');
});
afterEach(() => rm(root, { recursive: true }));

test('content counts, times do not', async () => {
  const before = sourceDigest(root);
  await utimes(join(root, 'electron', 'main.ts'), 1, 1);
  expect(sourceDigest(root)).toBe(before);
  await writeFile(join(root, 'electron', 'main.ts'), 'two');
  expect(sourceDigest(root)).not.toBe(before);
});

test('a new file counts, one that goes into no bundle does not', async () => {
  const before = sourceDigest(root);
  await writeFile(join(root, 'README.md'), 'text');
  expect(sourceDigest(root)).toBe(before);
  await writeFile(join(root, 'electron', 'other.ts'), '');
  expect(sourceDigest(root)).not.toBe(before);
});
