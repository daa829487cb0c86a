import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { say } from '../fakes/model-server.ts';
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

it('a start with a folder brings up the session there that nothing was done in yet, or a new one', async () => {
  let time = Date.UTC(2030, 0, 1);
  const now = () => {
    time += 1000;
    return time;
  };
  const folderToOpen = await tempFolder();
  const first = await startBench({ folderToOpen, now });
  const made = first.window.app.focus?.id;
  expect(first.window.app.sessions[made as string]?.workspace).toBe(folderToOpen);

  const second = await first.restart();
  expect(second.window.app.focus?.id).toBe(made);
  expect(Object.keys(second.window.app.sessions)).toEqual([made]);

  second.server.script(say('Done.'));
  await second.window.openSession(made as string);
  await second.send(made as string, 'Do something');
  await second.window.untilIdle(made as string);
  const { window } = await second.restart();
  expect(window.app.focus?.id).not.toBe(made);
  expect(Object.keys(window.app.sessions)).toHaveLength(2);
});
