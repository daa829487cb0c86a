import type { FileHandle } from 'node:fs/promises';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failureText } from '../../shared/errors.ts';
import { type GlobPattern, globPattern, hiddenFlags } from './glob-pattern.ts';
import { collectMatches, type Matches } from './grep-lines.ts';
import { pathArgument } from './path-argument.ts';
import { type SearchEnd, search } from './ripgrep.ts';
import { explainFileError, openFile, withFolder } from './safe-file.ts';
import { defineTool, failure, type ToolContext, type ToolResult } from './tool.ts';
import { count, leftOutNote, lineLimit } from './truncate.ts';
import { resolveForTool, showPath } from './workspace-path.ts';

const maxMatches = 1_000;

/** ripgrep is given these as arguments. */
const plain = z
  .string()
  .min(1)
  .refine((text) => !text.includes('\0'), 'holds a NUL character');

const schema = z.strictObject({
  pattern: plain.describe('Regular expression (Rust syntax: no look-around, no back-references)'),
  path: pathArgument.default('.').describe('Folder or file to search, relative to the workspace or absolute'),
  glob: plain.optional().describe('Only files whose path matches, such as *.ts'),
  context: z.number().int().min(0).max(50).default(0).describe('Lines to show before and after each match'),
  '-i': z.boolean().default(false).describe('Ignore case'),
});
type Args = z.infer<typeof schema>;

/** `rg`: path of the ripgrep program. */
export const createGrepTool = (rg: string) =>
  defineTool<Args>({
    name: 'grep',
    description: `Searches file contents with a regular expression. Returns path:line:text for matches and path-line-text for context, sorted by path, at most ${count(maxMatches)} matches and 100 KiB. What ignore files such as .gitignore name is left out; hidden and binary files too. A file given as path is always searched.`,
    schema,
    kind: 'search',
    effects: { reads: true, writes: false, runs: false, network: false },
    concurrent: true,
    describe: async ({ pattern, path, glob }) => {
      const where = [path === '.' ? '' : path, glob ?? ''].filter(Boolean).join('/');
      const detail = { type: 'query' as const, pattern };
      return { title: pattern, detail: where ? { ...detail, path: where } : detail };
    },
    execute: (args, context) => execute(rg, args, context),
  });

async function execute(rg: string, args: Args, context: ToolContext): Promise<ToolResult> {
  const glob = args.glob === undefined ? undefined : globPattern(args.glob);
  if (glob && !glob.ok) return failure(`glob: ${failureText(glob.error)}`);
  const target = await resolveForTool(context.workspace, args.path, 'read', context.approvedPlaces);
  if (!target.ok) return failure(target.error);
  const path = showPath(context.workspace, target.value);
  const filter = glob?.value;
  try {
    if ((await stat(target.value)).isDirectory()) {
      return await withFolder(target.value, (folder) =>
        searchFolder(rg, args, filter, { folder, path, real: target.value }, context),
      );
    }
    const { handle } = await openFile(target.value);
    try {
      return await searchFile(rg, args, filter, { handle, path }, context);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return failure(explainFileError(path, error));
  }
}

async function searchFolder(
  rg: string,
  args: Args,
  glob: GlobPattern | undefined,
  at: { folder: string; path: string; real: string },
  context: ToolContext,
): Promise<ToolResult> {
  let leftOut = false;
  const matches = collectMatches(maxMatches, (found) => {
    const file = found.replace(/^\.\//, '');
    if (glob && !glob.matches(file)) return undefined;
    if (context.leftOut?.(join(at.real, file), false)) {
      leftOut = true;
      return undefined;
    }
    return at.path === '.' ? file : `${at.path}/${file}`;
  });
  const end = await search({
    rg,
    args: [...hiddenFlags(glob), ...flags(args), './'],
    folder: at.folder,
    separator: 10,
    signal: context.signal,
    onRecord: matches.add,
  });
  return resultOf(matches.get(), end, leftOut);
}

/** The file goes in as standard input, so what is searched is what was opened. */
async function searchFile(
  rg: string,
  args: Args,
  glob: GlobPattern | undefined,
  at: { handle: FileHandle; path: string },
  context: ToolContext,
): Promise<ToolResult> {
  const matches = collectMatches(maxMatches, () => (glob && !glob.matches(at.path) ? undefined : at.path));
  const end = await search({
    rg,
    args: [...flags(args), '-'],
    folder: context.workspace,
    input: at.handle.fd,
    separator: 10,
    signal: context.signal,
    onRecord: matches.add,
  });
  return resultOf(matches.get(), end);
}

function flags(args: Args): string[] {
  const shape = ['--line-number', '--with-filename', '--null', '--no-heading'];
  const width = ['--max-columns', String(lineLimit), '--max-columns-preview'];
  const wanted = [...(args['-i'] ? ['--ignore-case'] : []), '--context', String(args.context)];
  return [...shape, ...width, ...wanted, '--regexp', args.pattern, '--'];
}

function resultOf(found: Matches, { end, exitCode, errors }: SearchEnd, leftOut = false): ToolResult {
  if (end === 'cancelled') return { status: 'cancelled', output: 'Cancelled.' };
  const unreadable = errors.split('\n').every((line) => /\(os error \d+\)$/.test(line));
  if (exitCode === 2 && !unreadable) return failure(errors.replace(/^rg: /, ''));
  const notes: string[] = [];
  if (found.matches === 0) notes.push('No matches.');
  if (found.full) notes.push('[There are more matches; narrow the pattern, the path or the glob.]');
  if (leftOut) notes.push(leftOutNote);
  if (end === 'timedOut') notes.push('[The search took too long and was ended; there may be more.]');
  if (exitCode === 2) notes.push(`[Some files could not be read: ${errors.split('\n')[0]}]`);
  return {
    status: end === 'timedOut' ? 'timedOut' : 'ok',
    output: [...found.lines, ...notes].join('\n'),
    summary: summaryOf(found),
  };
}

function summaryOf({ matches, files, full }: Matches): string {
  if (matches === 0) return 'no matches';
  const lines = matches === 1 && !full ? '1 match' : `${count(matches)}${full ? '+' : ''} matches`;
  return `${lines} in ${files === 1 ? '1 file' : `${count(files)} files`}`;
}
