import { describe, expect, it } from 'vitest';
import { isShortName, refusedOnWindows } from '../../../electron/permissions/windows-names.ts';

describe('refusedOnWindows', () => {
  it.each([
    'file.txt:stream',
    'file.txt::$DATA',
    '.git::$INDEX_ALLOCATION\\config',
    'C:\\work\\a.txt:x',
    'C:file.txt',
    '\\\\?\\C:\\work\\a.txt',
    '\\\\.\\C:\\work',
    '//?/C:/work',
    'con',
    'NUL',
    'src/aux.txt',
    'src\\Com1',
    'lpt\u00b9.log',
    'CONIN$',
    'name.',
    'name ',
    'folder. /file',
    '.git./config',
  ])('%j is refused', (path) => {
    expect(refusedOnWindows(path)).toBeDefined();
  });

  it.each([
    'src/a.ts',
    '..\\a',
    './a',
    'C:\\work\\a.txt',
    'C:/work',
    'console.ts',
    'com10.txt',
    '.gitignore',
    'a b.txt',
  ])('%j is taken', (path) => {
    expect(refusedOnWindows(path)).toBeUndefined();
  });
});

describe('isShortName', () => {
  it('knows what may stand for a longer name', () => {
    expect(['PROGRA~1', 'GIT~1', 'SSH~1', 'NPMRC~1.TXT', 'A~12'].map(isShortName)).not.toContain(false);
    expect(['program', 'a~b', '~1', 'backup~', 'longername~1'].map(isShortName)).not.toContain(true);
  });
});
