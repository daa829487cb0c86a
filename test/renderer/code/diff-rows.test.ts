import { createTwoFilesPatch } from 'diff';
import { expect, test } from 'vitest';
import { type DiffLine, diffRows, lineText } from '../../../renderer/code/diff-rows.ts';

const patchOf = (before: string, after: string) =>
  createTwoFilesPatch('a.ts', 'a.ts', before, after, '', '', { context: 2 });

test('rows carry both line numbers and mark only the words that differ', () => {
  const rows = diffRows(patchOf('one\nthe quick fox\nthree\n', 'one\nthe slow fox\nthree\n')) as DiffLine[];
  expect(rows.map((row) => [row.kind, row.oldNumber, row.newNumber, lineText(row)])).toEqual([
    ['context', 1, 1, 'one'],
    ['removed', 2, undefined, 'the quick fox'],
    ['added', undefined, 2, 'the slow fox'],
    ['context', 3, 3, 'three'],
  ]);
  expect(rows[1]?.parts.filter((part) => part.changed).map((part) => part.text)).toEqual(['quick']);
  expect(rows[2]?.parts.filter((part) => part.changed).map((part) => part.text)).toEqual(['slow']);
});

test('says how many unchanged lines lie between hunks', () => {
  const lines = Array.from({ length: 30 }, (_, place) => `line ${place}`);
  const changed = lines.with(5, 'five').with(25, 'twenty-five');
  const gaps = diffRows(patchOf(`${lines.join('\n')}\n`, `${changed.join('\n')}\n`))?.filter(
    (row) => row.kind === 'gap',
  );
  expect(gaps).toEqual([
    { kind: 'gap', skipped: 3 },
    { kind: 'gap', skipped: 15 },
  ]);
});

test('shows that the last newline is missing', () => {
  const rows = diffRows(patchOf('a\n', 'a')) as DiffLine[];
  expect(rows.map((row) => [row.kind, row.noNewline ?? false])).toEqual([
    ['removed', false],
    ['added', true],
  ]);
});

test('what is not a diff gives nothing', () => {
  expect(diffRows('just some text')).toBeUndefined();
  expect(diffRows('')).toBeUndefined();
  expect(diffRows('@@ -1,9 +1,9 @@\n-a\n')).toBeUndefined();
});
