import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** A program by its name: where systems put it, then on PATH. Relative entries are skipped, so that a workspace cannot bring its own. */
export function findProgram(name: string, env: Record<string, string | undefined>): string | undefined {
  const folders = ['/usr/bin', '/bin', '/usr/local/bin', ...(env.PATH ?? '').split(delimiter).filter(isAbsolute)];
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
