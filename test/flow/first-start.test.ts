import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startBench, tempFolder } from './harness.ts';

it('the first start brings up a session in a sample workspace, the second what there is', async () => {
  const bench = await startBench();
  const [sample] = Object.values(bench.window.app.sessions);
  expect(sample).toMatchObject({ title: 'Sample workspace', workspace: expect.stringContaining('sample') });
  expect(bench.window.app.focus?.id).toBe(sample?.id);
  expect((await readdir(sample?.workspace as string)).length).toBeGreaterThan(2);

  const { window } = await bench.restart();
  expect(Object.keys(window.app.sessions)).toEqual([sample?.id]);
  expect(window.app.focus).toBeUndefined();
});

it('a sample that cannot be made is told as that; the window works without it', async () => {
  const userDataDir = await tempFolder();
  await writeFile(join(userDataDir, 'sample'), 'not a folder');
  const { window, newSession } = await startBench({ userDataDir });
  expect(window.app.sessions).toEqual({});
  expect(window.app.notices.map(({ text }) => text)).toEqual([
    expect.stringMatching(/^The sample workspace could not be made: .*sample/),
  ]);
  const id = await newSession();
  await window.until(() => window.app.sessions[id]?.status === 'idle');
});
