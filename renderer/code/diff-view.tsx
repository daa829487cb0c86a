import './code.css';
import clsx from 'clsx';
import { memo, useMemo, useState } from 'react';
import { tokensFor } from './code-lines.tsx';
import { type DiffLine, type DiffRow, diffRows, lineText } from './diff-rows.ts';
import type { CodeToken } from './highlight-client.ts';
import { languageOfPath } from './languages.ts';
import { TerminalOutput } from './terminal-output.tsx';
import { useHighlight } from './use-highlight.ts';

/** More rows than this are shown when asked for. */
const shownAtFirst = 300;

export interface DiffViewProps {
  path: string;
  /** A unified diff of one file. */
  patch: string;
  maxHeight?: string;
}

/** A unified diff as a table: old and new line numbers, a sign, the line; changed words are marked. */
export const DiffView = memo(function DiffView({ path, patch, maxHeight = 'max-h-96' }: DiffViewProps) {
  const rows = useMemo(() => diffRows(patch), [patch]);
  const [whole, setWhole] = useState(false);
  if (!rows) return patch === '' ? null : <TerminalOutput text={patch} />;
  const shown = whole ? rows : rows.slice(0, shownAtFirst);
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={clsx('overflow-auto rounded-md border border-border bg-bg outline-offset-[-2px]', maxHeight)}
    >
      <DiffTable path={path} rows={shown} />
      {rows.length > shown.length && (
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="sticky left-0 h-7 w-full border-t border-border text-sm text-muted hover:bg-hover hover:text-text"
        >
          Show {rows.length - shown.length} more lines
        </button>
      )}
    </div>
  );
});

function DiffTable({ path, rows }: { path: string; rows: readonly DiffRow[] }) {
  const language = languageOfPath(path);
  const sides = useMemo(() => sidesOf(rows), [rows]);
  const before = useHighlight(sides.before, language);
  const after = useHighlight(sides.after, language);
  return (
    <table className="w-full border-collapse font-mono text-sm">
      <caption className="sr-only">Changes to {path}</caption>
      <thead className="sr-only">
        <tr>
          <th>Old line</th>
          <th>New line</th>
          <th>Change</th>
          <th>Text</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => {
          const key = place;
          if (row.kind === 'gap') return <GapRow key={key} skipped={row.skipped} />;
          const side = sides.places[place];
          const lines = row.kind === 'removed' ? before : after;
          const tokens = side === undefined ? undefined : tokensFor(lines, side, lineText(row));
          return <LineRow key={key} line={row} tokens={tokens} />;
        })}
      </tbody>
    </table>
  );
}

/** The text before and after, as far as the rows show it, and each row's line in its side: a highlighter needs more than a line. */
function sidesOf(rows: readonly DiffRow[]) {
  const before: string[] = [];
  const after: string[] = [];
  const places = rows.map((row) => {
    if (row.kind === 'gap') return undefined;
    if (row.kind !== 'added') before.push(lineText(row));
    if (row.kind !== 'removed') after.push(lineText(row));
    return (row.kind === 'removed' ? before.length : after.length) - 1;
  });
  return { before: before.join('\n'), after: after.join('\n'), places };
}

const signs = { added: '+', removed: '−', context: '' } as const;
const grounds = { added: 'bg-(--diff-added)', removed: 'bg-(--diff-removed)', context: '' } as const;
const wordGrounds = { added: 'bg-(--diff-added-word)', removed: 'bg-(--diff-removed-word)', context: '' } as const;
const numberCell = 'w-px pr-2 pl-2 text-right align-top text-xs leading-[18px] text-faint select-none';

const LineRow = memo(function LineRow({ line, tokens }: { line: DiffLine; tokens?: readonly CodeToken[] }) {
  return (
    <tr className={grounds[line.kind]}>
      <td className={numberCell}>{line.oldNumber}</td>
      <td className={numberCell}>{line.newNumber}</td>
      <td className="w-px px-1 align-top text-muted select-none">
        {line.kind !== 'context' && <span className="sr-only">{line.kind}</span>}
        <span aria-hidden="true">{signs[line.kind]}</span>
      </td>
      <td className="selectable pr-3 whitespace-pre-wrap wrap-anywhere">
        <LineParts line={line} tokens={tokens} />
        {line.noNewline && <span className="text-faint select-none"> (no newline at the end)</span>}
      </td>
    </tr>
  );
});

function LineParts({ line, tokens }: { line: DiffLine; tokens?: readonly CodeToken[] }) {
  if (line.parts.length > 1 || !tokens) {
    return line.parts.map((part, place) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a part's place is its identity
      <span key={place} className={part.changed ? clsx('rounded-[2px]', wordGrounds[line.kind]) : undefined}>
        {part.text}
      </span>
    ));
  }
  return tokens.map((token, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a token's place is its identity
    <span key={place} style={{ color: token.color }}>
      {token.text}
    </span>
  ));
}

const GapRow = ({ skipped }: { skipped: number }) => (
  <tr className="bg-sunken text-xs text-faint">
    <td colSpan={3} />
    <td className="py-px select-none">
      {skipped} unchanged {skipped === 1 ? 'line' : 'lines'}
    </td>
  </tr>
);
