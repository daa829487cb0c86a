import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readFirstPaint } from '../../electron/first-paint.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'switchyard-paint-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

test('theme and bounds are as saved', async () => {
  const bounds = { x: 10, y: -20, width: 900, height: 600, maximized: true };
  await write('settings.json', '{"theme":"dark"}');
  await write('workbench.json', JSON.stringify({ windows: [{ id: 1, bounds }] }));
  expect(readFirstPaint(folder)).toEqual({ theme: 'dark', bounds });
});

test.each([
  ['missing', undefined, undefined],
  ['damaged', '{"theme":"dar', '{"windows":[{"bou'],
  ['of another shape', '{"theme":7}', '{"windows":[{"bounds":{"x":1,"y":2,"width":"wide","height":3}}]}'],
  ['not an object', 'null', '[]'],
])('documents that are %s count as not set', async (_what, settings, workbench) => {
  if (settings) await write('settings.json', settings);
  if (workbench) await write('workbench.json', workbench);
  expect(readFirstPaint(folder)).toEqual({ theme: 'system', bounds: undefined });
});
