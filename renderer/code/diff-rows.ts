import { diffWordsWithSpace, parsePatch, type StructuredPatchHunk } from 'diff';

/** A stretch of a changed line; `changed` marks the words that differ from its counterpart. */
export interface DiffPart {
  text: string;
  changed: boolean;
}

export interface DiffLine {
  kind: 'context' | 'added' | 'removed';
  oldNumber?: number;
  newNumber?: number;
  parts: readonly DiffPart[];
  /** The file ends here without a newline. */
  noNewline?: boolean;
}

/** `gap`: the number of unchanged lines left out before the hunk that follows; unknown before the first line's hunk is 0. */
export type DiffRow = DiffLine | { kind: 'gap'; skipped: number };

/** Word marks are worth their time on short runs of short lines only. */
const longestMarkedLine = 400;
const longestMarkedRun = 40;

/** The rows of a unified diff, or `undefined` when `patch` is not one. */
export function diffRows(patch: string): DiffRow[] | undefined {
  let hunks: StructuredPatchHunk[];
  try {
    hunks = parsePatch(patch).flatMap((file) => file.hunks);
  } catch {
    return undefined;
  }
  if (hunks.length === 0) return undefined;
  const rows: DiffRow[] = [];
  let nextOld = 1;
  for (const hunk of hunks) {
    const skipped = Math.max(0, hunk.oldStart - nextOld);
    if (skipped > 0) rows.push({ kind: 'gap', skipped });
    rows.push(...markWords(hunkLines(hunk)));
    nextOld = hunk.oldStart + hunk.oldLines;
  }
  return rows;
}

function hunkLines(hunk: StructuredPatchHunk): DiffLine[] {
  const lines: DiffLine[] = [];
  let oldNumber = hunk.oldStart;
  let newNumber = hunk.newStart;
  for (const line of hunk.lines) {
    const parts = [{ text: line.slice(1), changed: false }];
    if (line.startsWith('+')) lines.push({ kind: 'added', newNumber: newNumber++, parts });
    else if (line.startsWith('-')) lines.push({ kind: 'removed', oldNumber: oldNumber++, parts });
    else if (line.startsWith('\\')) markNoNewline(lines);
    else lines.push({ kind: 'context', oldNumber: oldNumber++, newNumber: newNumber++, parts });
  }
  return lines;
}

function markNoNewline(lines: DiffLine[]): void {
  const last = lines.at(-1);
  if (last) lines[lines.length - 1] = { ...last, noNewline: true };
}

/** Pairs each run of removed lines with the run of added lines after it, line by line. */
function markWords(lines: DiffLine[]): DiffLine[] {
  const marked = lines.slice();
  for (let place = 0; place < marked.length; place += 1) {
    const removed = runLength(marked, place, 'removed');
    if (removed === 0) continue;
    const added = runLength(marked, place + removed, 'added');
    if (removed === added && removed <= longestMarkedRun) {
      for (let offset = 0; offset < removed; offset += 1) markPair(marked, place + offset, place + removed + offset);
    }
    place += removed + added - 1;
  }
  return marked;
}

function runLength(lines: DiffLine[], from: number, kind: DiffLine['kind']): number {
  let length = 0;
  while (lines[from + length]?.kind === kind) length += 1;
  return length;
}

function markPair(lines: DiffLine[], oldPlace: number, newPlace: number): void {
  const before = lines[oldPlace];
  const after = lines[newPlace];
  if (!before || !after) return;
  const [oldText, newText] = [lineText(before), lineText(after)];
  if (oldText.length > longestMarkedLine || newText.length > longestMarkedLine) return;
  const changes = diffWordsWithSpace(oldText, newText);
  const same = changes.reduce((sum, part) => sum + (part.added || part.removed ? 0 : part.value.trim().length), 0);
  // Two lines that share next to nothing read better without marks.
  if (same * 4 < Math.max(oldText.length, newText.length)) return;
  const side = (skip: 'added' | 'removed') =>
    changes.filter((p) => !p[skip]).map((p) => ({ text: p.value, changed: p.added || p.removed }));
  lines[oldPlace] = { ...before, parts: side('added') };
  lines[newPlace] = { ...after, parts: side('removed') };
}

export const lineText = (line: DiffLine): string => line.parts.map((part) => part.text).join('');
