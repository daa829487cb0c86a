import { describe, expect, test } from 'vitest';
import { hasDisplay, missingLibraries } from '../../scripts/system-libraries.mjs';

const line = (soname, arch) => `\t${soname} (libc6,${arch}) => /usr/lib/${soname}`;
const all = ['libgtk-3.so.0', 'libnss3.so', 'libasound.so.2', 'libgbm.so.1'];
const names = (missing) => missing.map(({ soname }) => soname);

describe('missing libraries', () => {
  test('none when the loader knows all of them', () => {
    expect(missingLibraries(all.map((soname) => line(soname, 'x86-64')).join('\n'), 'x64')).toEqual([]);
  });

  test('a longer name is not the library', () => {
    const cache = all.map((soname) => line(soname === 'libnss3.so' ? 'libnss3.so.9' : soname, 'x86-64')).join('\n');
    expect(names(missingLibraries(cache, 'x64'))).toEqual(['libnss3.so']);
  });

  test('libraries of another architecture do not count', () => {
    const cache = all.map((soname) => line(soname, soname === 'libgbm.so.1' ? 'AArch64' : 'x86-64')).join('\n');
    expect(names(missingLibraries(cache, 'x64'))).toEqual(['libgbm.so.1']);
  });
});

test('a display is an X or a Wayland one, and always there elsewhere', () => {
  expect(hasDisplay({}, 'linux')).toBe(false);
  expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
  expect(hasDisplay({}, 'darwin')).toBe(true);
});
