import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileStore } from '../../../electron/storage/file-store.ts';
import { bundleChild, startChild } from './children/run-child.ts';
import { silentLog, temporaryFolder } from './storage-fixture.ts';

const kills = 50;

/** Starts a writer, kills it after a random number of acknowledgements, and returns the last acknowledged `seq`. */
async function writeUntilKilled(script: string, root: string): Promise<number> {
  const enough = 1 + Math.floor(Math.random() * 12);
  const { child, ended } = startChild(script, [root, 's1'], (output) => {
    if (output.split('\n').length > enough) child.kill('SIGKILL');
  });
  const { output } = await ended;
  expect(output).not.toContain('failed');
  const whole = output.slice(0, output.lastIndexOf('\n'));
  return Number(whole.slice(whole.lastIndexOf('\n') + 1));
}

it(`finds every acknowledged line again after each of ${kills} kills`, { timeout: 120_000 }, async () => {
  const root = await temporaryFolder();
  const script = await bundleChild('journal-writer');
  const store = createFileStore({ root, log: silentLog });
  let before = 0;
  for (let kill = 0; kill < kills; kill++) {
    const acknowledged = await writeUntilKilled(script, root);
    expect(acknowledged).toBeGreaterThan(before);
    const { envelopes } = await store.read('s1');
    const seqs = envelopes.map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
    expect(seqs.length).toBeGreaterThanOrEqual(acknowledged);
    before = seqs.length;
  }
  const log = await store.open('s1');
  const { envelopes } = await log.load();
  expect(envelopes).toHaveLength(before);
  await log.close(1000);
  expect((await readdir(join(root, 'sessions', 's1'))).sort()).toEqual(['journal']);
});
