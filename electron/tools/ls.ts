import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { pathArgument } from './path-argument.ts';
import { explainFileError, withFolder } from './safe-file.ts';
import { defineTool, failure, type ToolContext, type ToolResult } from './tool.ts';
import { count, leftOutNote, truncateOutput } from './truncate.ts';
import { locate, resolveForTool, showPath } from './workspace-path.ts';

const maxEntries = 1_000;

const schema = z.strictObject({
  path: pathArgument.default('.').describe('Folder to list, relative to the workspace or absolute'),
});
type Args = z.infer<typeof schema>;

export const lsTool = defineTool<Args>({
  name: 'ls',
  description: `Lists one folder, hidden files too: size in bytes and name, folders with a slash at the end, links with their target. At most ${count(maxEntries)} entries. To look deeper use glob.`,
  schema,
  kind: 'read',
  effects: { reads: true, writes: false, runs: false, network: false },
  concurrent: true,
  describe: async (args, { workspace }) => {
    const place = await locate(workspace, args.path);
    const path = place.ok ? showPath(workspace, place.value.path) : args.path;
    const title = path === '.' ? './' : path;
    if (place.ok) return { title, detail: { type: 'path', path } };
    return { title, detail: { type: 'path', path, note: place.error.message } };
  },
  execute,
});

async function execute(args: Args, context: ToolContext): Promise<ToolResult> {
  const target = await resolveForTool(context.workspace, args.path, 'read', context.approvedPlaces);
  if (!target.ok) return failure(target.error);
  const path = showPath(context.workspace, target.value);
  try {
    return await withFolder(target.value, (folder) =>
      list(folder, path, (name) => context.leftOut?.(join(target.value, name), true) ?? false),
    );
  } catch (error) {
    return failure(explainFileError(path, error));
  }
}

async function list(folder: string, path: string, isLeftOut: (name: string) => boolean): Promise<ToolResult> {
  const all = (await readdir(folder)).sort();
  const names = all.filter((name) => !isLeftOut(name));
  const summary = names.length === 1 ? '1 entry' : `${count(names.length)} entries`;
  if (all.length === 0) return { status: 'ok', output: `${path} is empty.`, summary };
  const lines = await Promise.all(names.slice(0, maxEntries).map((name) => lineFor(folder, name)));
  if (names.length > maxEntries) lines.push(`[${count(names.length - maxEntries)} more entries are not shown.]`);
  if (names.length < all.length) lines.push(leftOutNote);
  return { status: 'ok', output: truncateOutput(lines.join('\n')), summary };
}

async function lineFor(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const shown = visible(name);
  try {
    const found = await lstat(path);
    if (found.isDirectory()) return entry('', `${shown}/`);
    if (found.isSymbolicLink()) return entry('', `${shown} -> ${visible(await readlink(path))}`);
    return entry(found.isFile() ? count(found.size) : 'special', shown);
  } catch {
    return entry('gone', shown);
  }
}

const entry = (size: string, name: string) => `${size.padStart(12)}  ${name}`;

/** A name that could pass for other lines is quoted. */
function visible(name: string): string {
  return /\p{Cc}/u.test(name) ? JSON.stringify(name) : name;
}
