import { resolve } from 'node:path';

/**
 * The folder a person asked to open: the first argument that is no flag. Under a development runtime the app's own
 * folder stands before it (`hasAppFolder`).
 */
export function folderToOpen(argv: readonly string[], hasAppFolder: boolean, cwd: string): string | undefined {
  const plain: string[] = [];
  for (let i = 1; i < argv.length; i++) {
    const argument = argv[i] as string;
    if (argument === '-r' || argument === '--require') i++;
    else if (!argument.startsWith('-')) plain.push(argument);
  }
  const folder = plain[hasAppFolder ? 1 : 0];
  return folder === undefined ? undefined : resolve(cwd, folder);
}
