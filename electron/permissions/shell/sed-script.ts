import { literal, type Word } from './shell-word.ts';

/** Reads a script of sed from a place on, and moves past what it took. */
interface Scan {
  text: string;
  at: number;
}

function skip(scan: Scan, pattern: RegExp): string {
  const sticky = new RegExp(pattern.source, 'y');
  sticky.lastIndex = scan.at;
  const found = sticky.exec(scan.text)?.[0] ?? '';
  scan.at += found.length;
  return found;
}

/** Past the next delimiter that is not escaped; sed heeds no brackets there. False where there is none. */
function skipDelimited(scan: Scan, delimiter: string): boolean {
  for (; scan.at < scan.text.length; scan.at += 1) {
    if (scan.text[scan.at] === '\\') scan.at += 1;
    else if (scan.text[scan.at] === delimiter) {
      scan.at += 1;
      return true;
    }
  }
  return false;
}

function skipAddress(scan: Scan): boolean {
  if (skip(scan, /\d+(?:~\d+)?|\$|[+~]\d+/) !== '') return true;
  const regex = skip(scan, /\/|\\[^\n]/);
  if (regex === '') return true;
  const closed = skipDelimited(scan, regex.at(-1)!);
  skip(scan, /[IM]+/);
  return closed;
}

const ending = /[ \t]*(?=[;}\n#]|$)/;

const endsHere = (scan: Scan): boolean => {
  skip(scan, /[ \t]*/);
  return scan.at === scan.text.length || /[;}\n#]/.test(scan.text[scan.at]!);
};

/** `s/a/b/g`, but not `s/a/b/e`, which runs what comes out, nor `s/a/b/w file`. */
function skipSubstitution(scan: Scan, hasFlags: boolean): boolean {
  const delimiter = scan.text[scan.at] ?? '\n';
  if (delimiter === '\n' || delimiter === '\\') return false;
  scan.at += 1;
  if (!skipDelimited(scan, delimiter) || !skipDelimited(scan, delimiter)) return false;
  if (hasFlags) skip(scan, /[gpiIM0-9m]*/);
  return endsHere(scan);
}

/** Text to append, or the name of a file to read, up to the end of the line. */
function skipText(scan: Scan): boolean {
  skip(scan, /(?:\\[\s\S]|[^\n\\])*/);
  return true;
}

function skipCommand(scan: Scan): boolean {
  const command = scan.text[scan.at];
  scan.at += 1;
  if (command === undefined) return false;
  if ('{}'.includes(command)) return true;
  if ('=dDgGhHnNpPxzF'.includes(command)) return endsHere(scan);
  if ('lLqQ'.includes(command)) {
    skip(scan, /[ \t]*\d*/);
    return endsHere(scan);
  }
  if (':btT'.includes(command)) {
    skip(scan, /[^;}\n]*/);
    return true;
  }
  if (command === '#') return skip(scan, /[^\n]*/) !== undefined;
  if (command === 's' || command === 'y') return skipSubstitution(scan, command === 's');
  return 'aicrR'.includes(command) ? skipText(scan) : false;
}

/** True for a script whose every command is known neither to start a program nor to write a file. */
export function isTameSed(script: string): boolean {
  const scan: Scan = { text: script, at: 0 };
  for (;;) {
    skip(scan, /[\s;]*/);
    if (scan.at >= script.length) return true;
    if (!skipAddress(scan)) return false;
    skip(scan, /[ \t]*/);
    if (scan.text[scan.at] === ',') {
      scan.at += 1;
      skip(scan, /[ \t]*/);
      if (!skipAddress(scan)) return false;
    }
    skip(scan, /[ \t!]*/);
    if (!skipCommand(scan)) return false;
    skip(scan, ending);
  }
}

const longFlags =
  /^--(quiet|silent|regexp-extended|in-place(=[^/*]*)?|separate|null-data|unbuffered|posix|debug|sandbox|binary|line-length=.*)$/s;

/** The places of words of a `sed` with which it may start a program or write a file that is not named to it. */
export function sedEscapes(words: Word[]): number[] {
  const found: number[] = [];
  let isGiven = false;
  const operands: number[] = [];
  const isWild = (script: string | undefined): boolean => script !== undefined && !isTameSed(script);
  for (let at = 1; at < words.length; at += 1) {
    const text = literal(words[at]);
    if (text === undefined || text === '-' || !text.startsWith('-')) {
      operands.push(at);
      continue;
    }
    if (text === '--') {
      for (let rest = at + 1; rest < words.length; rest += 1) operands.push(rest);
      break;
    }
    const long = /^--e[a-z]*(?:=([\s\S]*))?$/.exec(text);
    const [, short, value = ''] = /^-[nErsuzb]*([eil]?)([\s\S]*)$/.exec(text) ?? [];
    if (long || short === 'e') {
      isGiven = true;
      const inside = long ? long[1] : value === '' ? undefined : value;
      if (inside === undefined) at += 1;
      if (isWild(inside ?? literal(words[at]))) found.push(at);
    } else if (text.startsWith('--') ? !longFlags.test(text) : short === '' && value !== '') found.push(at);
    // The file as it was goes where such a suffix says.
    else if (short === 'i' && /[/*]/.test(value)) found.push(at);
    else if (short === 'l' && value === '') at += 1;
  }
  if (isGiven) return found;
  // Where `-i` takes the next word, an empty one stands before the script.
  const scripts = literal(words[operands[0] ?? -1]) === '' ? operands.slice(0, 2) : operands.slice(0, 1);
  return [...found, ...scripts.filter((place) => isWild(literal(words[place])))].sort((a, b) => a - b);
}
