import { expect, test } from 'vitest';
import { folderToOpen } from '../../electron/start-arguments.ts';

test('under a development runtime the app folder stands first', () => {
  expect(folderToOpen(['electron', '--no-sandbox', '/repo', 'project'], true, '/home/me')).toBe('/home/me/project');
  expect(folderToOpen(['electron', '/repo'], true, '/home/me')).toBeUndefined();
});

test('a packaged app takes the first folder', () => {
  expect(folderToOpen(['switchyard', '--log-level=3', '/work/project'], false, '/')).toBe('/work/project');
  expect(folderToOpen(['switchyard'], false, '/')).toBeUndefined();
});

test('a preloaded file is not a folder', () => {
  expect(folderToOpen(['electron', '-r', 'loader.js', '/repo', '/project'], true, '/')).toBe('/project');
});
