import { cannotBeOption, literal, type Word } from './shell-word.ts';

/** The options of a program that are known to be harmless; any other makes the call unknown. */
export interface OptionSpec {
  /** Short options without a value, such as `la`. */
  flags?: string;
  /** Short options with a value, which is never a file. */
  values?: string;
  /** Long options: `name`, `name=` with a value, `name?` with or without. */
  long?: string;
  /** `-20` is a number. */
  digits?: boolean;
}

export interface Options {
  operands: Word[];
  /** Names as written, `-l` or `--long`, in order. */
  given: string[];
}

interface Scan {
  words: Word[];
  at: number;
  found: Options;
  long: Map<string, string>;
  spec: OptionSpec;
}

const longOptions = (text = ''): Map<string, string> =>
  new Map(
    text
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => [name.replace(/[=?]$/, ''), /[=?]$/.exec(name)?.[0] ?? '']),
  );

/** A value in the next word must be there and be known. */
function takeValue(scan: Scan): boolean {
  scan.at += 1;
  return literal(scan.words[scan.at]) !== undefined;
}

function scanLong(scan: Scan, text: string): boolean {
  const [name = '', value] = text.slice(2).split(/=([\s\S]*)/);
  const kind = scan.long.get(name);
  scan.found.given.push(`--${name}`);
  if (kind === undefined) return false;
  if (value !== undefined) return kind !== '';
  return kind === '=' ? takeValue(scan) : true;
}

function scanShort(scan: Scan, text: string): boolean {
  if (scan.spec.digits && /^-\d+$/.test(text)) return true;
  for (let index = 1; index < text.length; index += 1) {
    const letter = text[index]!;
    scan.found.given.push(`-${letter}`);
    if (scan.spec.values?.includes(letter)) return index < text.length - 1 || takeValue(scan);
    if (!scan.spec.flags?.includes(letter)) return false;
  }
  return true;
}

/** Splits a command's words after the first `from` into options and operands; undefined when an option is not in the list. */
export function readOptions(words: Word[], spec: OptionSpec, from = 1): Options | undefined {
  const found: Options = { operands: [], given: [] };
  const scan: Scan = { words, at: from, found, long: longOptions(spec.long), spec };
  let ended = false;
  for (; scan.at < words.length; scan.at += 1) {
    const word = words[scan.at]!;
    const text = literal(word);
    if (ended || (text === undefined ? cannotBeOption(word) : text === '-' || !text.startsWith('-')))
      found.operands.push(word);
    else if (text === '--') ended = true;
    else if (text === undefined) return undefined;
    else if (!(text.startsWith('--') ? scanLong(scan, text) : scanShort(scan, text))) return undefined;
  }
  return found;
}
