import { z } from 'zod';
import { fail, ok, type Result } from '../../shared/errors.ts';
import { redactionMark } from '../redact.ts';
import { findSpans, lineEndAt, maxPlaces, type Span, withoutOverlaps } from './exact-match.ts';
import { pathArgument } from './path-argument.ts';
import { explainFileError, readWhole, replaceFile } from './safe-file.ts';
import { changeSummary, diffDetail } from './text-patch.ts';
import { type Description, defineTool, failure, type ToolContext, type ToolResult } from './tool.ts';
import { locate, resolveForTool, showPath } from './workspace-path.ts';

const maxBytes = 16 * 1024 * 1024;

const schema = z.strictObject({
  file_path: pathArgument.describe('File to change, relative to the workspace or absolute'),
  old_string: z.string().describe('The exact text to replace, with its whitespace, without line numbers'),
  new_string: z
    .string()
    .refine((text) => !text.includes(redactionMark), `holds ${redactionMark}, which stands for a hidden secret`)
    .describe('The text to put in its place'),
  replace_all: z.boolean().default(false).describe('Replace every occurrence instead of the only one'),
});
type Args = z.infer<typeof schema>;

export const editTool = defineTool<Args>({
  name: 'edit',
  description: `Replaces exact text in a file. old_string must occur exactly once, unless replace_all is true; add lines around it until it is unique. A line end in old_string matches the file's own line ends, which are kept. Files up to 16 MiB. To make a file or replace all of it use write.`,
  schema,
  kind: 'edit',
  effects: { reads: true, writes: true, runs: false, network: false },
  concurrent: false,
  describe,
  editing: async () => ({ after: 'new_string', before: { argument: 'old_string' } }),
  execute,
});

export interface Edit {
  old_string: string;
  new_string: string;
  replace_all?: boolean;
}

/**
 * Replaces the only occurrence of a text, or every one with `replace_all`. What is not replaced stays byte for byte: byte order mark,
 * line ends, a missing last one, bytes that are no UTF-8. Line ends in the new text become those of the place it goes to. Errors
 * (`invalid`) tell what to do instead.
 */
export function applyEdit(bytes: Uint8Array, edit: Edit): Result<{ bytes: Uint8Array; count: number }> {
  const unusable = refuse(edit);
  if (unusable) return fail('invalid', unusable);
  // One character a byte, so that nothing is lost whatever the file holds.
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const mark = file.startsWith(utf8Mark) ? utf8Mark : '';
  const text = file.slice(mark.length);
  const wanted = toBytes(mark ? withoutMark(edit.old_string) : edit.old_string);
  const replacement = toBytes(
    mark && edit.old_string.startsWith('\uFEFF') ? withoutMark(edit.new_string) : edit.new_string,
  );
  const found = wanted === '' ? [] : findSpans(text, wanted);
  const [first, second] = found;
  if (!first) return fail('invalid', `old_string was not found. ${hintFor(text, edit.old_string)}`);
  if (second && !edit.replace_all) return fail('invalid', ambiguous(text, found));
  if (found.length > maxPlaces) return fail('limit', 'old_string occurs more than a million times. Use a longer one.');
  const spans = edit.replace_all ? withoutOverlaps(found) : [first];
  return ok({ bytes: Buffer.from(mark + replaceSpans(text, spans, replacement), 'latin1'), count: spans.length });
}

const utf8Mark = '\xEF\xBB\xBF';
const toBytes = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const withoutMark = (text: string) => text.replace(/^\uFEFF/, '');

function refuse({ old_string, new_string }: Edit): string | undefined {
  if (old_string === '') {
    return 'old_string is empty. Give the text to replace; to insert, repeat the text beside the place in new_string. To make a file use write.';
  }
  if (old_string === new_string) return 'old_string and new_string are the same, so nothing would change.';
  if (/\p{Surrogate}/u.test(old_string + new_string)) return 'The text holds half a character (a lone surrogate).';
  return undefined;
}

function replaceSpans(text: string, spans: Span[], replacement: string): string {
  const parts: string[] = [];
  const severalLines = replacement.includes('\n');
  let done = 0;
  for (const span of spans) {
    const lineEnd = severalLines ? lineEndAt(text, span) : '\n';
    parts.push(
      text.slice(done, span.start),
      replacement.replace(/\r?\n/g, (end) => (end === '\n' ? lineEnd : end)),
    );
    done = span.end;
  }
  return parts.join('') + text.slice(done);
}

function ambiguous(text: string, found: Span[]): string {
  const lines = found.slice(0, 10).map(({ start }) => lineOf(text, start));
  const more = found.length > lines.length ? ', …' : '';
  return `old_string occurs ${found.length} times (lines ${lines.join(', ')}${more}). Add lines around it until it is unique, or set replace_all to true.`;
}

/** Why the text may not have been found, and what to do. */
function hintFor(text: string, wanted: string): string {
  if (/^\s*\d+\t/.test(wanted))
    return 'It begins with a line number: leave out the numbers and tabs that read puts before each line.';
  const line = wanted.split(/\r?\n/).find((part) => part.trim() !== '');
  const near = line ? text.indexOf(toBytes(line.trim())) : -1;
  if (near === -1) return 'Read the file again and copy the text exactly, whitespace included.';
  return `Similar text is on line ${lineOf(text, near)}, but whitespace or what follows differs. Read it again and copy it exactly.`;
}

const lineOf = (text: string, position: number) => text.slice(0, position).split('\n').length;

async function describe(args: Args, { workspace }: { workspace: string }): Promise<Description> {
  const place = await locate(workspace, args.file_path);
  if (!place.ok)
    return { title: args.file_path, detail: { type: 'path', path: args.file_path, note: place.error.message } };
  const path = showPath(workspace, place.value.path);
  if (!place.value.inside) {
    // Nothing outside is opened before somebody allows it, so only the texts themselves can be compared.
    return { title: path, detail: diffDetail(path, Buffer.from(args.old_string), Buffer.from(args.new_string)) };
  }
  try {
    const { bytes } = await readWhole(place.value.path, maxBytes);
    const edited = applyEdit(bytes, args);
    if (edited.ok) return { title: path, detail: diffDetail(path, bytes, edited.value.bytes) };
    return { title: path, detail: { type: 'path', path, note: edited.error.message } };
  } catch (error) {
    return { title: path, detail: { type: 'path', path, note: explainFileError(path, error) } };
  }
}

async function execute(args: Args, context: ToolContext): Promise<ToolResult> {
  const target = await resolveForTool(context.workspace, args.file_path, 'read', context.approvedPlaces);
  if (!target.ok) return failure(target.error);
  const path = showPath(context.workspace, target.value);
  try {
    const { bytes, stamp } = await readWhole(target.value, maxBytes);
    const edited = applyEdit(bytes, args);
    if (!edited.ok) return failure(`${path}: ${edited.error.message}`);
    if (context.signal.aborted) return { status: 'cancelled', output: 'Cancelled; nothing was changed.' };
    await replaceFile(target.value, edited.value.bytes, stamp);
    const detail = diffDetail(path, bytes, edited.value.bytes);
    const { count } = edited.value;
    const output = `Edited ${path}: ${count} ${count === 1 ? 'replacement' : 'replacements'} (${changeSummary(detail)} lines).`;
    return { status: 'ok', output, summary: changeSummary(detail), detail };
  } catch (error) {
    return failure(explainFileError(path, error));
  }
}
