import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractFile, listPackage } from '@electron/asar';
import { expect, test } from 'vitest';
import { packAsar } from '../../scripts/asar.mjs';

test('what we pack, the reference reader reads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-asar-'));
  try {
    const file = join(folder, 'a.asar');
    await writeFile(file, packAsar({ 'package.json': '{"main":"main.js"}', 'main.js': 'grüß()' }));
    expect(listPackage(file).map((name) => name.replace(/^[\\/]/, ''))).toEqual(['package.json', 'main.js']);
    expect(extractFile(file, 'main.js').toString('utf8')).toBe('grüß()');
    expect(extractFile(file, 'package.json').toString('utf8')).toBe('{"main":"main.js"}');
  } finally {
    await rm(folder, { recursive: true });
  }
});
