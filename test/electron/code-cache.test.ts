import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cacheSuffix, installCodeCache } from '../../electron/code-cache.ts';

const { _extensions: extensions } = Module as unknown as { _extensions: Record<string, unknown> };
const require = createRequire(import.meta.url);
let folder: string;
let scripts: Script[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-code-'));
  scripts = [];
  installCodeCache((_file, script) => scripts.push(script));
});
afterEach(async () => {
  delete extensions['.cjs'];
  await rm(folder, { recursive: true });
});

const source = `const { join } = require('node:path');
exports.at = join('a', 'b');
exports.name = () => __filename;
`;

/** Loads the bundle and uses all of it: what it requires and what it exports. */
async function load(text = source): Promise<unknown> {
  const file = join(folder, 'bundle.cjs');
  await writeFile(file, text);
  delete require.cache[file];
  const { at, name } = require(file);
  return { at, name: name() === file };
}

const writeCache = (bytes: Buffer) => writeFile(join(folder, `bundle.cjs${cacheSuffix}`), bytes);
const whole = { at: join('a', 'b'), name: true };

test('a bundle is the same from its byte code', async () => {
  expect(await load()).toEqual(whole);
  await writeCache(scripts[0]!.createCachedData());
  expect(await load()).toEqual(whole);
  expect(scripts[1]!.cachedDataRejected).toBe(false);
});

test('byte code that V8 does not know is left aside', async () => {
  await writeCache(Buffer.from('not byte code'));
  expect(await load()).toEqual(whole);
  expect(scripts[0]!.cachedDataRejected).toBe(true);
});

test('byte code of a longer source is left aside', async () => {
  await load(`// longer\n${source}`);
  await writeCache(scripts[0]!.createCachedData());
  expect(await load()).toEqual(whole);
  expect(scripts[1]!.cachedDataRejected).toBe(true);
});
