import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createAssets } from '../../electron/assets.ts';

it('finds everything when running from sources', async () => {
  const assets = createAssets(undefined);
  accessSync(assets.rg, constants.X_OK);
  for (const name of ['web-tree-sitter.wasm', 'tree-sitter-bash.wasm']) {
    expect(
      Buffer.from(await assets.wasm(name))
        .subarray(0, 4)
        .toString('latin1'),
    ).toBe('\0asm');
  }
  expect(readdirSync(assets.sample)).toContain('README.md');
});

it('looks only in the folder it is given', async () => {
  const assets = createAssets('/some/where');
  expect(assets.rg).toMatch(/^[\\/]some[\\/]where[\\/]rg(\.exe)?$/);
  expect(assets.sample).toBe(join('/some/where', 'sample'));
  await expect(assets.wasm('web-tree-sitter.wasm')).rejects.toThrow('ENOENT');
});

it('has a sample whose README holds the one typo that the first example prompt is about', () => {
  const readme = readFileSync(join(createAssets(undefined).sample, 'README.md'), 'utf8');
  expect(readme.match(/\bteh\b/g)).toHaveLength(1);
});
