import type { TreeRow } from './tree-rows.ts';

/** What a key does in the tree: `focus` and the rest name a session. */
export type TreeMove = { focus: string } | { expand: string } | { collapse: string } | { open: string };

/** The keys of the WAI-ARIA tree pattern over the rows that are shown. `undefined`: the key means nothing here. */
export function treeMove(key: string, rows: readonly TreeRow[], focused: string | undefined): TreeMove | undefined {
  const place = rows.findIndex((row) => row.session.id === focused);
  const row = rows[place];
  const to = (target: TreeRow | undefined): TreeMove | undefined => target && { focus: target.session.id };
  if (key === 'Home') return to(rows[0]);
  if (key === 'End') return to(rows.at(-1));
  if (!row) return key === 'ArrowDown' ? to(rows[0]) : undefined;
  const { id } = row.session;
  switch (key) {
    case 'ArrowDown':
      return to(rows[place + 1]);
    case 'ArrowUp':
      return to(rows[place - 1]);
    case 'ArrowRight':
      if (row.expanded === false) return { expand: id };
      return row.expanded ? to(rows[place + 1]) : undefined;
    case 'ArrowLeft':
      if (row.expanded) return { collapse: id };
      return to(rows.slice(0, place).findLast((above) => above.level === row.level - 1 && row.level > 1));
    case 'Enter':
    case ' ':
      return { open: id };
  }
  return undefined;
}

/** The next row after the focused one whose title begins with the typed text; a repeated letter goes round. */
export function typeAhead(text: string, rows: readonly TreeRow[], focused: string | undefined): string | undefined {
  const place = rows.findIndex((row) => row.session.id === focused);
  const first = text[0] ?? '';
  const repeated = [...text].every((letter) => letter === first);
  const wanted = repeated ? first : text;
  // A longer text may still be the row that its first letters found.
  const from = repeated ? place + 1 : Math.max(0, place);
  const round = [...rows.slice(from), ...rows.slice(0, from)];
  return round.find((row) => row.session.title.toLowerCase().startsWith(wanted))?.session.id;
}
