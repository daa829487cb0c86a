import { join } from 'node:path';
import { z } from 'zod';
import { type GlobPattern, globPattern, hiddenFlags } from './glob-pattern.ts';
import { pathArgument } from './path-argument.ts';
import { search } from './ripgrep.ts';
import { explainFileError, withFolder } from './safe-file.ts';
import { defineTool, failure, type ToolContext, type ToolResult } from './tool.ts';
import { count, leftOutNote, truncateOutput } from './truncate.ts';
import { resolveForTool, showPath } from './workspace-path.ts';

const maxFiles = 1_000;

const schema = z.strictObject({
  pattern: z
    .string()
    .min(1)
    .describe('Such as *.ts or src/**/*.{js,ts}; without a slash it matches names at any depth'),
  path: pathArgument.default('.').describe('Folder to look in, relative to the workspace or absolute'),
});
type Args = z.infer<typeof schema>;

/** `rg`: path of the ripgrep program. */
export const createGlobTool = (rg: string) =>
  defineTool<Args>({
    name: 'glob',
    description: `Finds files whose path matches a glob, sorted, at most ${count(maxFiles)}. What ignore files such as .gitignore name is left out; hidden files too, unless the pattern names them (.github/**). Links are not followed.`,
    schema,
    kind: 'search',
    effects: { reads: true, writes: false, runs: false, network: false },
    concurrent: true,
    describe: async ({ pattern, path }) => ({
      title: path === '.' ? pattern : `${pattern} in ${path}`,
      detail: path === '.' ? { type: 'query', pattern } : { type: 'query', pattern, path },
    }),
    execute: (args, context) => execute(rg, args, context),
  });

async function execute(rg: string, args: Args, context: ToolContext): Promise<ToolResult> {
  const pattern = globPattern(args.pattern);
  if (!pattern.ok) return failure(pattern.error);
  const target = await resolveForTool(context.workspace, args.path, 'read', context.approvedPlaces);
  if (!target.ok) return failure(target.error);
  const path = showPath(context.workspace, target.value);
  try {
    return await withFolder(target.value, (folder) =>
      find(rg, pattern.value, { folder, path, real: target.value }, context),
    );
  } catch (error) {
    return failure(explainFileError(path, error));
  }
}

async function find(
  rg: string,
  pattern: GlobPattern,
  at: { folder: string; path: string; real: string },
  context: ToolContext,
): Promise<ToolResult> {
  const files: string[] = [];
  let more = false;
  let leftOut = false;
  const { end, exitCode, errors } = await search({
    rg,
    args: ['--files', '--null', ...hiddenFlags(pattern), './'],
    folder: at.folder,
    separator: 0,
    signal: context.signal,
    onRecord: (record) => {
      const file = record.toString().replace(/^\.\//, '');
      if (!pattern.matches(file)) return true;
      if (context.leftOut?.(join(at.real, file), true)) {
        leftOut = true;
        return true;
      }
      more = files.length === maxFiles;
      if (!more) files.push(at.path === '.' ? file : `${at.path}/${file}`);
      return !more;
    },
  });
  if (end === 'cancelled') return { status: 'cancelled', output: 'Cancelled.' };
  if (exitCode === 2 && files.length === 0) return failure(errors);
  const notes: string[] = [];
  if (files.length === 0) notes.push('No files match.');
  if (more) notes.push(`[There are more than ${count(maxFiles)}; narrow the pattern or give a path.]`);
  if (leftOut) notes.push(leftOutNote);
  if (end === 'timedOut') notes.push('[The search took too long and was ended; there may be more.]');
  if (exitCode === 2) notes.push(`[Some folders could not be read: ${errors.split('\n')[0]}]`);
  return {
    status: end === 'timedOut' ? 'timedOut' : 'ok',
    output: truncateOutput([...files, ...notes].join('\n')),
    summary: files.length === 1 ? '1 file' : `${count(files.length)}${more ? '+' : ''} files`,
  };
}
