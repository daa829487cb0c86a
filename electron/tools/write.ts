import { z } from 'zod';
import type { Comparison } from '../../shared/approvals/editing.ts';
import { redactionMark } from '../redact.ts';
import { fileKind, sampleBytes } from './file-kind.ts';
import { pathArgument } from './path-argument.ts';
import { explainFileError, readWhole, replaceFile } from './safe-file.ts';
import { changeSummary, diffDetail } from './text-patch.ts';
import { type Description, defineTool, failure, type ToolContext, type ToolResult } from './tool.ts';
import { count } from './truncate.ts';
import { locate, type Place, resolveForTool, showPath } from './workspace-path.ts';

/** Larger files are replaced without showing how they differ. */
const maxCompared = 4 * 1024 * 1024;

const schema = z.strictObject({
  file_path: pathArgument.describe('File to write, relative to the workspace or absolute'),
  content: z
    .string()
    .refine((text) => !text.includes(redactionMark), `holds ${redactionMark}, which stands for a hidden secret`)
    .describe('The whole new content'),
});
type Args = z.infer<typeof schema>;

export const writeTool = defineTool<Args>({
  name: 'write',
  description:
    'Writes a text file: makes it, with missing folders, or replaces all of it at once. To change a part of a file use edit.',
  schema,
  kind: 'edit',
  effects: { reads: true, writes: true, runs: false, network: false },
  concurrent: false,
  describe,
  editing,
  execute,
});

async function describe(args: Args, { workspace }: { workspace: string }): Promise<Description> {
  const place = await locate(workspace, args.file_path);
  if (!place.ok)
    return { title: args.file_path, detail: { type: 'path', path: args.file_path, note: place.error.message } };
  const path = showPath(workspace, place.value.path);
  try {
    return { title: path, detail: compare(path, await contentOf(place.value), Buffer.from(args.content)) };
  } catch (error) {
    return { title: path, detail: { type: 'path', path, note: explainFileError(path, error) } };
  }
}

/** A file larger than this is not edited beside its old content. */
const maxBeside = 200 * 1024;

async function editing(args: Args, { workspace }: { workspace: string }): Promise<Comparison> {
  const after = 'content';
  const place = await locate(workspace, args.file_path);
  if (!place.ok) return { after, before: { note: place.error.message } };
  const path = showPath(workspace, place.value.path);
  if (!place.value.exists) return { after, before: { note: `${path} is a new file.` } };
  if (!place.value.inside) return { after, before: { note: `What ${path} holds now is not read: it lies outside.` } };
  try {
    const { bytes } = await readWhole(place.value.path, maxBeside);
    const found = fileKind(bytes.subarray(0, sampleBytes));
    if (found.kind === 'text') return { after, before: { path, text: bytes.toString('utf8') } };
    const what = found.kind === 'binary' ? found.name : 'an image';
    return { after, before: { note: `${path} holds ${what} now; all of it would be replaced.` } };
  } catch (error) {
    if ((error as { code?: string }).code !== 'limit')
      return { after, before: { note: explainFileError(path, error) } };
    return {
      after,
      before: { note: `${path} is too large to be shown beside the new text; all of it would be replaced.` },
    };
  }
}

/** What is there now. `hidden`: a file outside, which nobody has allowed to be read, or one too large or not of text. */
type Current = { bytes?: Buffer; stamp?: string; hidden?: boolean };

async function contentOf(place: Place): Promise<Current> {
  if (!place.exists) return {};
  return place.inside ? read(place.path) : { hidden: true };
}

async function read(path: string): Promise<Current> {
  try {
    const { bytes, stamp } = await readWhole(path, maxCompared);
    return bytes.subarray(0, 8192).includes(0) ? { stamp, hidden: true } : { bytes, stamp };
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return {};
    if ((error as { code?: string }).code === 'limit') return { hidden: true };
    throw error;
  }
}

function compare(path: string, current: Current, after: Buffer) {
  const detail = diffDetail(path, current.hidden ? Buffer.alloc(0) : current.bytes, after);
  if (!current.hidden) return detail;
  return { ...detail, patch: `Replaces a file whose content is not shown.\n${detail.patch}` };
}

async function execute(args: Args, context: ToolContext): Promise<ToolResult> {
  const target = await resolveForTool(context.workspace, args.file_path, 'write', context.approvedPlaces);
  if (!target.ok) return failure(target.error);
  const path = showPath(context.workspace, target.value);
  const after = Buffer.from(args.content);
  try {
    const before = await read(target.value);
    if (context.signal.aborted) return { status: 'cancelled', output: 'Cancelled; nothing was written.' };
    await replaceFile(target.value, after, before.stamp);
    const detail = compare(path, before, after);
    const size = `${count(after.length)} bytes, ${linesOf(args.content)}`;
    const output = `${detail.created ? 'Made' : 'Replaced'} ${path} (${size}).`;
    return { status: 'ok', output, summary: detail.created ? linesOf(args.content) : changeSummary(detail), detail };
  } catch (error) {
    return failure(explainFileError(path, error));
  }
}

function linesOf(content: string): string {
  const lines = content.split('\n').length - (content === '' || content.endsWith('\n') ? 1 : 0);
  return lines === 1 ? '1 line' : `${count(lines)} lines`;
}
