import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { fileKind, sampleBytes } from './file-kind.ts';
import { type LineWindow, readLines, readStart } from './line-window.ts';
import { pathArgument } from './path-argument.ts';
import { explainFileError, type OpenedFile, openFile } from './safe-file.ts';
import { type Description, defineTool, failure, type ToolContext, type ToolResult } from './tool.ts';
import { count, lineLimit, outputLimit } from './truncate.ts';
import { locate, resolveForTool, showPath } from './workspace-path.ts';

const maxLines = 2_000;
const maxImageBytes = 5 * 1024 * 1024;
/** Room for the notes below the lines. */
const notesLimit = 1_000;

const schema = z.strictObject({
  file_path: pathArgument.describe('File to read, relative to the workspace or absolute'),
  offset: z.number().int().min(0).default(0).describe('Lines to skip from the start'),
  limit: z.number().int().min(1).default(maxLines).describe(`Most lines to return, at most ${maxLines}`),
});
type Args = z.infer<typeof schema>;

export const readTool = defineTool<Args>({
  name: 'read',
  description: `Reads a text file, each line with its number and a tab before it, or shows an image (png, jpeg, gif, webp, up to 5 MiB). Returns at most ${maxLines} lines and 100 KiB; a note tells how to go on. Lines over ${count(lineLimit)} bytes are cut. For folders use ls.`,
  schema,
  kind: 'read',
  effects: { reads: true, writes: false, runs: false, network: false },
  concurrent: true,
  describe,
  execute,
});

async function describe(args: Args, { workspace }: { workspace: string }): Promise<Description> {
  const place = await locate(workspace, args.file_path);
  const path = place.ok ? showPath(workspace, place.value.path) : args.file_path;
  if (!place.ok) return { title: path, detail: { type: 'path', path, note: place.error.message } };
  if (args.offset === 0 && args.limit >= maxLines) return { title: path, detail: { type: 'path', path } };
  const note = `lines ${count(args.offset + 1)} to ${count(args.offset + Math.min(args.limit, maxLines))}`;
  return { title: path, detail: { type: 'path', path, note } };
}

async function execute(args: Args, context: ToolContext): Promise<ToolResult> {
  const target = await resolveForTool(context.workspace, args.file_path, 'read', context.approvedPlaces);
  if (!target.ok) return failure(target.error);
  const path = showPath(context.workspace, target.value);
  let file: OpenedFile | undefined;
  try {
    file = await openFile(target.value);
    return await readOpened(file, path, args, context);
  } catch (error) {
    return failure(explainFileError(path, error));
  } finally {
    await file?.handle.close();
  }
}

async function readOpened(file: OpenedFile, path: string, args: Args, context: ToolContext): Promise<ToolResult> {
  const start = await readStart(file);
  const found = fileKind(start.subarray(0, sampleBytes));
  if (found.kind === 'binary') return failure(`${path} cannot be shown: it is ${found.name}.`);
  if (found.kind === 'image') return readImage(file.handle, path, found.mediaType, context);
  const limit = Math.min(args.limit, maxLines);
  const shown = await readLines(
    file,
    start,
    { offset: args.offset, limit, room: outputLimit - notesLimit },
    context.signal,
  );
  if (context.signal.aborted) return { status: 'cancelled', output: 'Cancelled.' };
  if (args.offset > shown.total) {
    return failure(`${path} has ${linesIn(shown.total)}; offset ${count(args.offset)} is beyond its end.`);
  }
  const lines = shown.lines.map((line, index) => `${String(args.offset + index + 1).padStart(6)}\t${line}`);
  const notes = notesFor(args.offset, shown).map((note) => `[${note}]`);
  return { status: 'ok', output: [...lines, ...notes].join('\n'), summary: linesIn(shown.lines.length) };
}

async function readImage(
  handle: FileHandle,
  path: string,
  mediaType: string,
  context: ToolContext,
): Promise<ToolResult> {
  const { size } = await handle.stat();
  if (size > maxImageBytes) return failure(`${path} is an image of ${count(size)} bytes; at most 5 MiB can be shown.`);
  const bytes = Buffer.alloc(size);
  await handle.read(bytes, 0, size, 0);
  const blob = await context.saveBlob(bytes);
  return {
    status: 'ok',
    output: `${path}: ${mediaType}, ${count(size)} bytes.`,
    summary: 'image',
    images: [{ blob, mediaType }],
  };
}

/** What the lines alone do not tell, and what an edit may have to know. */
function notesFor(offset: number, shown: LineWindow): string[] {
  const notes: string[] = [];
  const next = offset + shown.lines.length;
  const rest = shown.total - next;
  if (shown.total === 0) notes.push('The file is empty.');
  else if (offset === shown.total) notes.push(`End of file: it has ${linesIn(shown.total)}.`);
  if (rest > 0) {
    const more = shown.countedAll ? linesIn(rest) : `more than ${linesIn(rest)}`;
    const why = shown.full ? ' (100 KiB reached)' : '';
    notes.push(`${more} more${why}. Go on with offset ${next}.`);
  }
  if (shown.crlf > 0) notes.push(shown.lf > 0 ? 'Lines end in CRLF and LF, mixed.' : 'Lines end in CRLF.');
  if (shown.byteOrderMark) notes.push('The file begins with a byte order mark.');
  if (rest === 0 && !shown.endsWithNewline) notes.push('No newline at the end of the file.');
  if (shown.damaged) notes.push('Some bytes are not UTF-8; they are shown as \uFFFD.');
  return notes;
}

const linesIn = (lines: number) => (lines === 1 ? '1 line' : `${count(lines)} lines`);
