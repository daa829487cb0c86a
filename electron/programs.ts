import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The folders of PATH. Relative ones are left out, so that a workspace cannot bring programs of its own. */
export const pathFolders = (env: Record<string, string | undefined>): string[] =>
  (env.PATH ?? env.Path ?? '').split(delimiter).filter(isAbsolute);

/** A program by its name: where systems put it, then on PATH. */
export function findProgram(name: string, env: Record<string, string | undefined>): string | undefined {
  const folders = ['/usr/bin', '/bin', '/usr/local/bin', ...pathFolders(env)];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
