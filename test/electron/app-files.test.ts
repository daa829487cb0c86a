import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentPolicy, fileOfUrl, isAppUrl, serveFile } from '../../electron/app-files.ts';

let root: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-files-'));
  root = join(folder, 'renderer');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(root, 'index.html'), '<p>hello</p>');
  await writeFile(join(folder, 'renderer-secret.js'), 'secret');
  await writeFile(join(folder, 'secret.js'), 'secret');
});
afterEach(() => rm(join(root, '..'), { recursive: true }));

describe('which file an address names', () => {
  test('one below the folder', () => {
    expect(fileOfUrl(root, 'app://workbench/assets/a.js?v=1#x')).toBe(join(root, 'assets', 'a.js'));
  });

  test.each([
    'app://workbench/..%2fsecret.js',
    'app://workbench/assets/..%2f..%2frenderer-secret.js',
    'app://workbench/..%5csecret.js',
    'app://workbench/a%00.js',
    'app://workbench/%',
    'app://elsewhere/index.html',
    'file:///etc/hostname.json',
    'app://workbench/',
    'app://workbench/notes.unknown',
    'nonsense',
  ])('never one outside, nor of an unknown kind: %s', (url) => {
    expect(fileOfUrl(root, url)).toBeUndefined();
  });

  test('steps upward end at the folder', () => {
    expect(fileOfUrl(root, 'app://workbench/../secret.js')).toBe(join(root, 'secret.js'));
    expect(fileOfUrl(root, 'app://workbench/%2e%2e/secret.js')).toBe(join(root, 'secret.js'));
  });
});

test('a file comes with the content policy and its type', async () => {
  const response = await serveFile(root, { url: 'app://workbench/index.html', method: 'GET' });
  expect(await response.text()).toBe('<p>hello</p>');
  expect(response.headers.get('content-security-policy')).toBe(contentPolicy);
  expect(response.headers.get('content-type')).toContain('text/html');
});

test('what is missing, and what only changes things, is answered with 404', async () => {
  expect((await serveFile(root, { url: 'app://workbench/none.js', method: 'GET' })).status).toBe(404);
  expect((await serveFile(root, { url: 'app://workbench/index.html', method: 'POST' })).status).toBe(404);
});

test('the policy allows no evaluation and no source from elsewhere', () => {
  expect(contentPolicy).toContain("default-src 'none'");
  expect(contentPolicy).toMatch(/script-src 'self';/);
  expect(contentPolicy).not.toMatch(/eval|https?:|\*/);
});

test('an address that only begins alike is not ours', () => {
  expect(isAppUrl('app://workbench/index.html')).toBe(true);
  expect(isAppUrl('app://workbench.example/index.html')).toBe(false);
  expect(isAppUrl('https://workbench/index.html')).toBe(false);
});
