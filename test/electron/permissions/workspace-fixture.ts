import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyInput } from '../../../electron/permissions/policy.ts';
import type { Mode } from '../../../shared/session/config.ts';

export interface Folders {
  workspace: string;
  home: string;
  outside: string;
  remove(): Promise<void>;
}

/** A workspace with a repository, some files, secrets, and links that lead inside and out. */
export async function makeFolders(): Promise<Folders> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'permissions-')));
  const [workspace, home, outside] = ['workspace', 'home', 'outside'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  const folders = [
    join(workspace, '.git/hooks'),
    join(workspace, 'src/deep'),
    join(workspace, 'docs'),
    join(home, '.ssh'),
    outside,
  ];
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const files: Record<string, string> = {
    [join(workspace, '.git/HEAD')]: 'ref: refs/heads/main\n',
    [join(workspace, '.env')]: 'KEY=1\n',
    [join(workspace, 'README.md')]: 'hello\n',
    [join(workspace, 'package.json')]: '{}\n',
    [join(workspace, 'src/app.ts')]: 'app\n',
    [join(workspace, 'src/deep/b.ts')]: 'b\n',
    [join(workspace, 'docs/guide.md')]: 'guide\n',
    [join(outside, 'secret.txt')]: 'secret\n',
    [join(home, 'notes.txt')]: 'notes\n',
  };
  for (const [path, text] of Object.entries(files)) await writeFile(path, text);
  await symlink(outside, join(workspace, 'way-out'));
  await symlink(join(outside, 'secret.txt'), join(workspace, 'docs/leak.md'));
  await symlink(join(outside, 'not-there-yet'), join(workspace, 'dangling'));
  await symlink(join(workspace, 'src/deep'), join(workspace, 'inner'));
  return { workspace, home, outside, remove: () => rm(root, { recursive: true, force: true }) };
}

export const policy = (mode: Mode, rules: Partial<PolicyInput> = {}): PolicyInput => ({
  allow: [],
  ask: [],
  deny: [],
  ...rules,
  mode,
});

export const bash = (command: string) => ({ tool: 'bash', args: { command } });
