import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { WorkbenchError } from '../../shared/errors.ts';

/** The canonical folder behind what a person typed. Throws `invalid` when it is not a folder that can be read. */
export async function canonicalWorkspace(typed: string): Promise<string> {
  const text = typed.trim();
  const path = text === '~' || text.startsWith('~/') ? join(homedir(), text.slice(1)) : text;
  if (!isAbsolute(path)) {
    throw new WorkbenchError('invalid', `"${typed}" is not a full path.`, 'Type the folder from its root, or from ~/.');
  }
  try {
    const canonical = await realpath(resolve(path));
    if ((await stat(canonical)).isDirectory()) return canonical;
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'EACCES')
      throw new WorkbenchError('invalid', `The folder ${path} may not be read.`, 'Check its permissions.');
    throw new WorkbenchError('invalid', `There is no folder ${path}.`, 'Check the path, or make the folder first.');
  }
  throw new WorkbenchError('invalid', `${path} is a file, not a folder.`);
}

/**
 * Why nothing can be done in a session's workspace: the folder is gone, or its path leads elsewhere by now. Whatever is there then is not
 * what the person opened. Undefined when all is as it was. `workspace` is canonical.
 */
export async function whyUnusable(workspace: string): Promise<string | undefined> {
  // With the dot, the one question that every call asks fails for what is no folder.
  const real = await realpath(`${workspace}${sep}.`).catch(() => undefined);
  if (real === workspace) return undefined;
  if (real === undefined) return `The workspace ${workspace} is no longer there.`;
  return `The workspace ${workspace} leads to ${real} now, which is another folder than the one that was opened.`;
}
