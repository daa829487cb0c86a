import { join, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answerWithFile, contentPolicy, fileOfUrl, isAppUrl } from '../../electron/app-files.ts';

const root = join(sep, 'renderer');

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

test('a file is answered with the content policy and its type', () => {
  const answer = answerWithFile(root, { url: 'app://workbench/index.html', method: 'GET' });
  expect(answer).toEqual({
    path: join(root, 'index.html'),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
    },
  });
});

test('what lies outside, and what only changes things, is answered with an error', () => {
  const missing = { error: expect.any(Number) };
  expect(answerWithFile(root, { url: 'app://workbench/..%2fsecret.js', method: 'GET' })).toEqual(missing);
  expect(answerWithFile(root, { url: 'app://workbench/index.html', method: 'POST' })).toEqual(missing);
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
