import { formatPatch, type StructuredPatchHunk, structuredPatch } from 'diff';
import type { Detail } from '../../shared/session/parts.ts';
import { count, lineLimit, outputLimit } from './truncate.ts';

type Diff = Extract<Detail, { type: 'diff' }>;

const context = 3;
/** A comparison that finds no short way within these is shown as all old lines replaced by all new ones. */
const maxEdits = 3_000;
const maxCompared = 4_000_000;
const timeoutMs = 100;

/**
 * How a file would change, or changed, as a unified diff. `before` undefined: the file is new. A patch over 100 KiB is cut, which its
 * first line then says; the counts are always those of the whole.
 */
export function diffDetail(path: string, before: Uint8Array | undefined, after: Uint8Array): Diff {
  const hunks = compare(asText(before ?? new Uint8Array()), asText(after));
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const added = lines.filter((line) => line.startsWith('+')).length;
  const removed = lines.filter((line) => line.startsWith('-')).length;
  const shown = keepWithin(hunks);
  const patch = formatPatch(
    {
      oldFileName: before ? `a/${path}` : '/dev/null',
      newFileName: `b/${path}`,
      oldHeader: undefined,
      newHeader: undefined,
      hunks: shown.hunks,
    },
    { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  );
  const note = shown.cut
    ? `Cut: of ${count(lines.length)} lines of this diff the first ${count(shown.lines)} are shown.\n`
    : '';
  const detail: Diff = { type: 'diff', path, patch: note + patch, added, removed };
  return before ? detail : { ...detail, created: true };
}

/** A diff in words: "+3 −1". */
export const changeSummary = ({ added, removed }: Diff): string => `+${added} −${removed}`;

const asText = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

function compare(before: string, after: string): StructuredPatchHunk[] {
  // Most changes are small and most of the time goes into equal lines, so only the part that differs is compared.
  const { start, endBefore, endAfter } = differingPart(before, after);
  const skippedLines = countLines(before, start);
  const left = before.slice(start, endBefore);
  const right = after.slice(start, endAfter);
  const small = left.length + right.length <= maxCompared;
  const found =
    small && structuredPatch('', '', left, right, '', '', { context, maxEditLength: maxEdits, timeout: timeoutMs });
  const { hunks } = found || { hunks: replaceAll(left, right) };
  return hunks.map((hunk) => ({
    ...hunk,
    oldStart: hunk.oldStart + skippedLines,
    newStart: hunk.newStart + skippedLines,
  }));
}

/** Where two texts differ, widened to whole lines and by the lines of context around them. */
function differingPart(before: string, after: string) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let tail = 0;
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail += 1;
  }
  for (let lines = 0; lines <= context && start > 0; lines += 1) start = before.lastIndexOf('\n', start - 2) + 1;
  // Both ends lie in the common tail, so they move together.
  let endBefore = before.length - tail;
  for (let lines = 0; lines <= context && endBefore < before.length; lines += 1) {
    const lineEnd = before.indexOf('\n', endBefore);
    endBefore = lineEnd === -1 ? before.length : lineEnd + 1;
  }
  return { start, endBefore, endAfter: after.length - (before.length - endBefore) };
}

function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

function replaceAll(before: string, after: string): StructuredPatchHunk[] {
  const removed = asLines('-', before);
  const added = asLines('+', after);
  const size = (lines: string[]) => lines.filter((line) => !line.startsWith('\\')).length;
  return [{ oldStart: 1, oldLines: size(removed), newStart: 1, newLines: size(added), lines: [...removed, ...added] }];
}

function asLines(sign: string, text: string): string[] {
  if (text === '') return [];
  const ends = text.endsWith('\n');
  const lines = (ends ? text.slice(0, -1) : text).split('\n').map((line) => sign + line);
  return ends ? lines : [...lines, '\\ No newline at end of file'];
}

/** The hunks as far as there is room, each still a valid hunk. */
function keepWithin(hunks: StructuredPatchHunk[]): { hunks: StructuredPatchHunk[]; lines: number; cut: boolean } {
  const kept: StructuredPatchHunk[] = [];
  let room = outputLimit;
  let total = 0;
  for (const hunk of hunks) {
    const lines: string[] = [];
    for (const line of hunk.lines.map(cutLine)) {
      room -= Buffer.byteLength(line) + 1;
      if (room < 0) break;
      lines.push(line);
    }
    total += lines.length;
    if (lines.length === hunk.lines.length) {
      kept.push({ ...hunk, lines });
      continue;
    }
    if (lines.length > 0) kept.push(shortened(hunk, lines));
    return { hunks: kept, lines: total, cut: true };
  }
  return { hunks: kept, lines: total, cut: false };
}

const cutLine = (line: string) => (line.length > lineLimit ? `${line.slice(0, lineLimit)}… [line cut]` : line);

function shortened(hunk: StructuredPatchHunk, lines: string[]): StructuredPatchHunk {
  const size = (other: string) => lines.filter((line) => !line.startsWith(other) && !line.startsWith('\\')).length;
  return { ...hunk, lines, oldLines: size('+'), newLines: size('-') };
}
