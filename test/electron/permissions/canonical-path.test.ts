import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalPaths, expandWildcards, spelledAsOnDisk } from '../../../electron/permissions/canonical-path.ts';
import { protectedReason } from '../../../electron/permissions/protected-paths.ts';

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'canonical-')));
  await mkdir(join(root, 'a/b'), { recursive: true });
  await writeFile(join(root, 'a/file'), '');
  await symlink('a/b', join(root, 'link'));
  await symlink('../gone/deep', join(root, 'a/dangling'));
  await symlink('loop', join(root, 'loop'));
  await symlink('/', join(root, 'top'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('canonicalPaths', () => {
  it.each<[string, string[] | undefined]>([
    ['a/b', ['a/b']],
    ['./a//b/.', ['a/b']],
    ['a/../a/b', ['a/b']],
    ['new/file', ['new/file']],
    ['link/x', ['a/b/x']],
    // The kernel goes up from the target, a program that tidies the text first from the link.
    ['link/../x', ['a/x', 'x']],
    ['a/dangling', ['gone/deep']],
    ['a/dangling/x', ['gone/deep/x']],
    ['a/file/x', ['a/file/x']],
    ['loop', undefined],
    ['loop/x', undefined],
    ['a\0b', undefined],
  ])('%j', async (path, expected) => {
    const places = expected?.map((place) => join(root, place));
    expect(await canonicalPaths(root, path)).toEqual(places);
  });

  it('follows links out and takes absolute paths as they are', async () => {
    expect(await canonicalPaths(root, 'top/etc')).toEqual(['/etc']);
    expect(await canonicalPaths(root, '/etc/../etc')).toEqual(['/etc']);
    expect(await canonicalPaths('/', 'etc')).toEqual(['/etc']);
  });
});

describe('expandWildcards', () => {
  it.each<[string, string[] | undefined]>([
    ['a/*', ['a/b', 'a/dangling', 'a/file', 'a/*']],
    ['a/f?le', ['a/file', 'a/f?le']],
    ['*/fil[a-e]', ['a/file', '*/fil[a-e]']],
    ['a/[', ['a/[']],
    ['nothing*', ['nothing*']],
    ['../*', undefined],
    ['*a*b*c*d*e*f*', undefined],
  ])('%j', async (pattern, expected) => {
    const found = await expandWildcards(root, pattern);
    expect(found?.sort()).toEqual(expected?.sort());
  });
});

describe('protectedReason', () => {
  const context = { workspace: '/w', home: '/home/me', protectedFolders: ['/home/me/.config/app'] };

  it.each<[string, 'read' | 'write', string | undefined]>([
    ['/w/.git/hooks/pre-commit', 'write', '`.git/hooks/pre-commit` is protected: programs there run by themselves'],
    ['/w/.git/hooks/pre-commit', 'read', undefined],
    ['/w/.GIT/Config', 'write', "`.GIT/Config` is protected: Git's own files decide which programs Git runs"],
    ['/w/.git./config', 'write', "`.git./config` is protected: Git's own files decide which programs Git runs"],
    ['/w/.gitignore', 'write', undefined],
    ['/w/sub/.env', 'read', '`sub/.env` is protected: it may hold keys or passwords'],
    ['/w/.env.production', 'read', '`.env.production` is protected: it may hold keys or passwords'],
    ['/w/.env.example', 'write', undefined],
    ['/w/environment.ts', 'write', undefined],
    ['/home/me/.bashrc', 'write', '`~/.bashrc` is protected: every new shell runs it'],
    ['/home/me/.bashrc', 'read', undefined],
    ['/home/me/.ssh/id_rsa', 'read', '`~/.ssh/id_rsa` is protected: it holds keys or passwords'],
    [
      '/home/me/.config/app/settings.json',
      'read',
      '`~/.config/app/settings.json` is protected: Switchyard keeps its settings and sessions there',
    ],
    ['/home/me', 'write', '`/home/me` is protected: it holds the whole home folder'],
    ['/', 'write', '`/` is protected: it holds the whole home folder'],
    ['/dev/sda', 'write', '`/dev/sda` is protected: it is a device'],
    ['/dev/null', 'write', undefined],
    ['/w/dev/x', 'write', undefined],
    ['/w/proc/x', 'read', undefined],
    ['/w/src/app.ts', 'write', undefined],
  ])('%s (%s)', (path, access, reason) => {
    expect(protectedReason(path, access, context)).toBe(reason);
  });
});

describe('spelledAsOnDisk', () => {
  it('keeps what does not exist yet behind what does', async () => {
    expect(await spelledAsOnDisk(join(root, 'a/new/deep'))).toBe(join(root, 'a/new/deep'));
    expect(await spelledAsOnDisk(join(root, 'link/new'))).toBe(join(root, 'a/b/new'));
    expect(await spelledAsOnDisk('/')).toBe('/');
  });
});

describe('names of one protected place', () => {
  const place = { workspace: '/work', home: '/home/me', protectedFolders: [] };
  it.each([
    '.GIT/hooks/x',
    '.git./config',
    '.git /config',
    '.git::$INDEX_ALLOCATION/config',
    '.git/config::$DATA',
    '.g\u200cit/config',
    '\uff0egit/config',
    '.env:stream',
    '.ENV',
    '.ſsh/id',
  ])('%j is protected as written', (path) => {
    expect(protectedReason(`/work/${path}`, 'write', place)).toBeDefined();
  });
  it.each(['src/a.ts', 'git/config', 'gitlab.md', 'a:b'])('%j is not', (path) => {
    expect(protectedReason(`/work/${path}`, 'write', place)).toBeUndefined();
  });
});

describe('a deny rule', () => {
  it.each([
    ['Read(Caf\u00e9/**)', 'cafe\u0301/x'],
    ['Read(cafe\u0301/**)', 'CAF\u00c9/x'],
    ['Read(Secret.TXT)', 'secret.txt'],
  ])('%s covers %j, another spelling of the same name', async (rule, path) => {
    const { decide } = await import('../../../electron/permissions/evaluate.ts');
    const policy = { allow: [], ask: [], deny: [rule], mode: 'manual' as const };
    const decision = await decide({ tool: 'read', args: { file_path: path } }, policy, { workspace: root, home: root });
    expect(decision.decision).toBe('deny');
  });
});
