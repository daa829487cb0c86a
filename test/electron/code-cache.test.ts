import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installCodeCache } from '../../electron/code-cache.ts';

const { _extensions: extensions } = Module as unknown as { _extensions: Record<string, unknown> };
const require = createRequire(import.meta.url);
const source = "const { join } = require('node:path');\nexports.at = join('a', 'b');\nexports.file = __filename;\n";
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-code-'));
  installCodeCache();
});
afterEach(async () => {
  delete extensions['.cjs'];
  await rm(folder, { recursive: true });
});

async function bundle(cache?: Buffer): Promise<unknown> {
  const file = join(folder, 'bundle.cjs');
  await writeFile(file, source);
  if (cache) await writeFile(`${file}.cache`, cache);
  return require(file);
}

const whole = () => ({ at: join('a', 'b'), file: join(folder, 'bundle.cjs') });

test('a bundle is the same with its byte code', async () => {
  const cache = new Script(Module.wrap(source)).createCachedData();
  expect(await bundle(cache)).toEqual(whole());
});

test('a bundle is the same without byte code', async () => {
  expect(await bundle()).toEqual(whole());
});

test('byte code that V8 does not know is left aside', async () => {
  expect(await bundle(Buffer.from('not byte code'))).toEqual(whole());
});

test('byte code of another source is left aside', async () => {
  expect(await bundle(new Script(Module.wrap('exports.at = 1;')).createCachedData())).toEqual(whole());
});
