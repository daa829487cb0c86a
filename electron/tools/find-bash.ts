import { dirname, join } from 'node:path';
import { isProgram, pathFolders } from '../programs.ts';

/**
 * A real bash, or undefined when there is none. On Windows only Git's: the one in System32 starts a virtual machine with other
 * paths.
 */
export function findBash(
  env: Record<string, string | undefined>,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  return (platform === 'win32' ? onWindows(env) : onPosix(env)).find(isProgram);
}

const onPosix = (env: Record<string, string | undefined>) => [
  '/bin/bash',
  '/usr/bin/bash',
  ...pathFolders(env).map((folder) => join(folder, 'bash')),
];

function onWindows(env: Record<string, string | undefined>): string[] {
  const besideGit = pathFolders(env)
    .filter((folder) => /[\\/]git[\\/](cmd|bin)$/i.test(folder))
    .map(dirname);
  const programs = [env.ProgramW6432, env.ProgramFiles, env.LOCALAPPDATA && join(env.LOCALAPPDATA, 'Programs')];
  const installed = programs.flatMap((folder) => (folder ? [join(folder, 'Git')] : []));
  return [...installed, ...besideGit].map((git) => join(git, 'bin', 'bash.exe'));
}
