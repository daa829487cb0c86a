import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locate, resolveForTool, resolveInWorkspace, showPath } from '../../../electron/tools/workspace-path.ts';
import { tempFolder } from './tool-bench.ts';

function arena() {
  const base = tempFolder();
  const workspace = join(base, 'ws');
  const outside = join(base, 'ws-outside');
  mkdirSync(join(workspace, 'src'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(workspace, 'src', 'a.txt'), 'a');
  writeFileSync(join(outside, 'secret.txt'), 's');
  symlinkSync(outside, join(workspace, 'out'));
  symlinkSync('/etc', join(workspace, 'etc'));
  symlinkSync(join(outside, 'secret.txt'), join(workspace, 'secret'));
  symlinkSync(join(outside, 'new.txt'), join(workspace, 'dangling-out'));
  symlinkSync('src/new.txt', join(workspace, 'dangling-in'));
  symlinkSync('out/../new.txt', join(workspace, 'dangling-up'));
  symlinkSync('missing/../src/a.txt', join(workspace, 'through-missing'));
  symlinkSync('source/../new.txt', join(workspace, 'dangling-round'));
  symlinkSync('src', join(workspace, 'source'));
  symlinkSync('loop-b', join(workspace, 'loop-a'));
  symlinkSync('loop-a', join(workspace, 'loop-b'));
  return { base, workspace, outside };
}

describe('resolveInWorkspace', () => {
  const inside: [path: string, access: 'read' | 'write', leads: string][] = [
    ['src/a.txt', 'read', 'src/a.txt'],
    ['./src/../src/a.txt', 'read', 'src/a.txt'],
    ['source/a.txt', 'read', 'src/a.txt'],
    ['.', 'read', ''],
    ['new/deep/file.txt', 'write', 'new/deep/file.txt'],
    ['dangling-in', 'write', 'src/new.txt'],
    ['source/new.txt', 'write', 'src/new.txt'],
    ['dangling-round', 'write', 'new.txt'],
    ['..name', 'write', '..name'],
  ];
  it.each(inside)('%s for %s is inside', async (path, access, leads) => {
    const { workspace } = arena();
    expect(await resolveInWorkspace(workspace, path, access)).toEqual({ ok: true, value: join(workspace, leads) });
  });

  const refused: [path: string, access: 'read' | 'write'][] = [
    ['..', 'read'],
    ['../ws-outside/secret.txt', 'read'],
    ['../ws-outside/new.txt', 'write'],
    ['src/../../ws-outside/secret.txt', 'read'],
    ['/etc/passwd', 'read'],
    ['etc/passwd', 'read'],
    ['out/secret.txt', 'read'],
    ['out/new.txt', 'write'],
    ['out/deep/new.txt', 'write'],
    ['secret', 'read'],
    ['secret', 'write'],
    ['dangling-out', 'write'],
    ['dangling-up', 'write'],
    ['through-missing', 'write'],
    ['~/somewhere', 'write'],
    ['~', 'read'],
    ['loop-a', 'read'],
    ['loop-a', 'write'],
    ['src/a.txt/below', 'write'],
    ['src/a\0.txt', 'write'],
    ['', 'read'],
    ['missing.txt', 'read'],
    ['dangling-in', 'read'],
  ];
  it.each(refused)('%s for %s is refused', async (path, access) => {
    const { workspace } = arena();
    expect(await resolveInWorkspace(workspace, path, access)).toMatchObject({ ok: false });
  });

  it('takes absolute paths into the workspace, and a workspace that is itself a link', async () => {
    const { base, workspace } = arena();
    symlinkSync(workspace, join(base, 'link'));
    const file = join(workspace, 'src', 'a.txt');
    expect(await resolveInWorkspace(workspace, file, 'read')).toEqual({ ok: true, value: file });
    expect(await resolveInWorkspace(join(base, 'link'), 'src/a.txt', 'read')).toEqual({ ok: true, value: file });
  });

  it('says that the workspace is gone', async () => {
    const { workspace } = arena();
    rmSync(workspace, { recursive: true });
    const found = await resolveInWorkspace(workspace, 'src/a.txt', 'write');
    expect(found).toMatchObject({
      ok: false,
      error: { code: 'notFound', message: expect.stringContaining(workspace) },
    });
  });

  it('refuses a workspace that became a file', async () => {
    const { workspace } = arena();
    rmSync(workspace, { recursive: true });
    writeFileSync(workspace, '');
    expect(await resolveInWorkspace(workspace, 'x', 'write')).toMatchObject({ ok: false });
  });
});

describe('resolveForTool', () => {
  it('leaves the workspace only for a place that was approved', async () => {
    const { workspace, outside } = arena();
    const file = join(outside, 'secret.txt');
    expect(await resolveForTool(workspace, 'secret', 'read', undefined)).toMatchObject({ error: { code: 'denied' } });
    expect(await resolveForTool(workspace, 'secret', 'read', [])).toMatchObject({ error: { code: 'stale' } });
    expect(await resolveForTool(workspace, 'secret', 'read', [file])).toEqual({ ok: true, value: file });
    expect(await resolveForTool(workspace, 'etc/passwd', 'read', [file])).toMatchObject({ error: { code: 'stale' } });
  });

  it('does not follow a link that was swapped after the approval, inside the workspace neither [I7]', async () => {
    const { workspace } = arena();
    const approved = [join(workspace, 'src', 'a.txt')];
    writeFileSync(join(workspace, 'other.txt'), 'o');
    expect(await resolveForTool(workspace, 'source/a.txt', 'write', approved)).toMatchObject({ ok: true });
    rmSync(join(workspace, 'source'));
    symlinkSync('../ws-outside', join(workspace, 'source'));
    expect(await resolveForTool(workspace, 'source/a.txt', 'write', approved)).toMatchObject({
      error: { code: 'stale' },
    });
    symlinkSync('other.txt', join(workspace, 'late'));
    expect(await resolveForTool(workspace, 'late', 'write', [join(workspace, 'late')])).toMatchObject({
      error: { code: 'stale' },
    });
  });
});

describe('locate', () => {
  it('tells where a path leads without judging it', async () => {
    const { workspace, outside } = arena();
    expect(await locate(workspace, 'dangling-out')).toEqual({
      ok: true,
      value: { path: join(outside, 'new.txt'), inside: false, exists: false },
    });
    const home = await locate(workspace, '~');
    expect(home).toMatchObject({ ok: true, value: { path: realpathSync(homedir()), inside: false } });
  });
});

describe('showPath', () => {
  it.each([
    ['/ws', '/ws/src/a.ts', 'src/a.ts'],
    ['/ws', '/ws', '.'],
    ['/ws', '/ws2/a.ts', '/ws2/a.ts'],
    ['/', '/etc/hosts', 'etc/hosts'],
  ])('in %s, %s is shown as %s', (workspace, path, shown) => {
    expect(showPath(workspace, path)).toBe(shown);
  });
});
