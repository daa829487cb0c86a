/**
 * What a word becomes when the shell expands it. `text` is known; `glob` is an unquoted wildcard; `home` a leading `~`; `unknown` is
 * settled only when the line runs, and where `split` is set it may become no word or several.
 */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'glob'; text: string }
  | { kind: 'home' }
  | { kind: 'unknown'; split: boolean; variable?: string };

export interface Word {
  /** As written, quotes included. */
  source: string;
  /** Offset in the line that was read; words that were added by us have -1. */
  start: number;
  pieces: Piece[];
}

const METACHARACTERS = new Set([' ', '\t', '\n', ';', '&', '|', '(', ')', '<', '>']);
const ESCAPED_IN_DOUBLE_QUOTES = new Set(['$', '"', '\\', '`']);
const VARIABLE = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\}|([0-9@*?#$!-]))/;

export const isMetacharacter = (char: string): boolean => METACHARACTERS.has(char);

const unknown = (source: string, start: number): Word => ({
  source,
  start,
  pieces: [{ kind: 'unknown', split: true }],
});

/** A word of which nothing is known: it may be anything, several words, or none. */
export const anyWord = (source: string): Word => unknown(source, -1);

export const textWord = (text: string): Word => ({ source: text, start: -1, pieces: [{ kind: 'text', text }] });

/** The one text that the word always is, or undefined. */
export function literal(word: Word | undefined): string | undefined {
  if (!word) return undefined;
  let text = '';
  for (const piece of word.pieces) {
    if (piece.kind !== 'text') return undefined;
    text += piece.text;
  }
  return text;
}

export const mayVanishOrSplit = (word: Word): boolean =>
  word.pieces.some((piece) => piece.kind === 'glob' || (piece.kind === 'unknown' && piece.split));

/** True when the word cannot turn out to be an option. What a wildcard finds is looked at where it is expanded. */
export function cannotBeOption(word: Word): boolean {
  const first = word.pieces[0];
  return (
    first?.kind === 'home' ||
    first?.kind === 'glob' ||
    (first?.kind === 'text' && first.text !== '' && !first.text.startsWith('-'))
  );
}

function addText(pieces: Piece[], text: string): void {
  const last = pieces.at(-1);
  if (last?.kind === 'text') last.text += text;
  else pieces.push({ kind: 'text', text });
}

interface Cursor {
  text: string;
  at: number;
  pieces: Piece[];
}

/** `$x` and `${x}`; anything else that a dollar begins is not plain. */
function readVariable(cursor: Cursor, quoted: boolean): boolean {
  const rest = cursor.text.slice(cursor.at, cursor.at + 128);
  const match = VARIABLE.exec(rest);
  if (match) {
    const name = match[1] ?? match[2] ?? match[3] ?? '';
    const split = !quoted || name === '@' || name === '*';
    cursor.pieces.push({ kind: 'unknown', split, variable: name });
    cursor.at += match[0].length;
    return true;
  }
  const next = rest[1];
  if (next !== undefined && (/[\w({['"]/.test(next) || next === '`') && !(quoted && (next === '"' || next === "'"))) {
    return false;
  }
  addText(cursor.pieces, '$');
  cursor.at += 1;
  return true;
}

function readDoubleQuoted(cursor: Cursor): boolean {
  cursor.at += 1;
  addText(cursor.pieces, '');
  while (cursor.at < cursor.text.length) {
    const char = cursor.text[cursor.at]!;
    if (char === '"') {
      cursor.at += 1;
      return true;
    }
    if (char === '`') return false;
    if (char === '$') {
      if (!readVariable(cursor, true)) return false;
    } else if (char === '\\') {
      const next = cursor.text[cursor.at + 1];
      if (next === undefined || next === '\n') return false;
      addText(cursor.pieces, ESCAPED_IN_DOUBLE_QUOTES.has(next) ? next : `\\${next}`);
      cursor.at += 2;
    } else {
      addText(cursor.pieces, char);
      cursor.at += 1;
    }
  }
  return false;
}

function readSingleQuoted(cursor: Cursor): boolean {
  const end = cursor.text.indexOf("'", cursor.at + 1);
  if (end < 0) return false;
  addText(cursor.pieces, cursor.text.slice(cursor.at + 1, end));
  cursor.at = end + 1;
  return true;
}

function readEscape(cursor: Cursor): boolean {
  const next = cursor.text[cursor.at + 1];
  if (next === undefined || next === '\n') return false;
  const char = String.fromCodePoint(cursor.text.codePointAt(cursor.at + 1)!);
  addText(cursor.pieces, char);
  cursor.at += 1 + char.length;
  return true;
}

function readTilde(cursor: Cursor, start: number): void {
  const before = cursor.text[cursor.at - 1];
  const after = cursor.text[cursor.at + 1];
  const ends = after === undefined || after === '/' || METACHARACTERS.has(after);
  if (cursor.at === start) cursor.pieces.push(ends ? { kind: 'home' } : { kind: 'unknown', split: false });
  // `a=~` and `a:~` are expanded in some places only.
  else if (before === '=' || before === ':') cursor.pieces.push({ kind: 'unknown', split: false });
  else addText(cursor.pieces, '~');
  cursor.at += 1;
}

/**
 * Reads the word at `start` as bash would. Undefined when it holds more than quotes, escapes, wildcards and plain variables: such a
 * word is not judged here.
 */
export function readWord(text: string, start: number): Word | undefined {
  const cursor: Cursor = { text, at: start, pieces: [] };
  let brace = -1;
  let braces = false;
  while (cursor.at < text.length) {
    const char = text[cursor.at]!;
    if (METACHARACTERS.has(char)) break;
    if (char === '`') return undefined;
    if (char === "'" && !readSingleQuoted(cursor)) return undefined;
    else if (char === '"' && !readDoubleQuoted(cursor)) return undefined;
    else if (char === '\\' && !readEscape(cursor)) return undefined;
    else if (char === '$' && !readVariable(cursor, false)) return undefined;
    else if (char === '~') readTilde(cursor, start);
    else if (char === '*' || char === '?' || char === '[') {
      cursor.pieces.push({ kind: 'glob', text: char });
      cursor.at += 1;
    } else if (!`'"\\$`.includes(char)) {
      if (char === '{') brace = cursor.at;
      // `{a,b}` and `{1..3}` become several words; braces without either stay as they are.
      if (brace >= 0 && (char === ',' || (char === '.' && text[cursor.at + 1] === '.'))) braces = true;
      addText(cursor.pieces, char);
      cursor.at += 1;
    }
  }
  if (cursor.at === start) return undefined;
  const source = text.slice(start, cursor.at);
  if (braces) return unknown(source, start);
  if (source === '[') return { source, start, pieces: [{ kind: 'text', text: '[' }] };
  return { source, start, pieces: cursor.pieces };
}

const sameText = (a: Piece, b: Piece): boolean =>
  a.kind === b.kind && (a.kind === 'home' || ('text' in a && 'text' in b && a.text === b.text));

/** Same word however it is quoted. Words that are settled only at run time are never the same. */
export const sameWord = (a: Word, b: Word): boolean =>
  a.pieces.length === b.pieces.length && a.pieces.every((piece, index) => sameText(piece, b.pieces[index]!));

/** Whether the word can turn out to be `text`. */
export function mayBe(word: Word, text: string): 'yes' | 'maybe' | 'no' {
  const known = literal(word);
  if (known !== undefined) return known === text ? 'yes' : 'no';
  // Adjacent gaps are one gap; kept apart they would make the test slow.
  const parts = word.pieces.filter(
    (piece, index) => piece.kind === 'text' || word.pieces[index - 1]?.kind !== piece.kind,
  );
  const pattern = parts.map((piece) => (piece.kind === 'text' ? escapeRegExp(piece.text) : ANYTHING)).join('');
  return new RegExp(`^${pattern}$`).test(text) ? 'maybe' : 'no';
}

const ANYTHING = '[\\s\\S]*';

const escapeRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
