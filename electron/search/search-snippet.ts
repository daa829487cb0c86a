import type { Snippet } from '../../shared/ipc/contract.ts';

const before = 40;
const length = 180;

/** The part of a text around the first of the terms, on one line, with the places of all terms in it. */
export function snippetOf(text: string, terms: readonly string[]): Snippet {
  const line = text.replace(/\s+/g, ' ').trim();
  const pattern = termPattern(terms);
  const first = pattern ? line.search(pattern) : -1;
  const start = Math.max(0, first - before);
  const cut = line.slice(start, start + length);
  const shown = `${start > 0 ? '…' : ''}${cut}${start + length < line.length ? '…' : ''}`;
  const marks = pattern
    ? [...shown.matchAll(new RegExp(pattern, 'giu'))].map((found): [number, number] => [found.index, found[0].length])
    : [];
  return { text: shown, marks };
}

function termPattern(terms: readonly string[]): RegExp | undefined {
  const escaped = terms.filter((term) => term !== '').map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return escaped.length > 0 ? new RegExp(escaped.sort((a, b) => b.length - a.length).join('|'), 'iu') : undefined;
}
