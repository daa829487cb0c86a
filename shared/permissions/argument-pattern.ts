import { fail, ok, type Result } from '../errors.ts';

/** A stretch of a pattern: text as it is, anything within one part of a path and one line, or anything at all. */
export type GlobPart = { text: string } | '*' | '**';

export interface ArgumentPair {
  /** Name of the argument; more than one for a value inside of objects. */
  path: string[];
  glob: GlobPart[];
  /** The pair as it is written. */
  text: string;
}

/** What stands in the brackets of a rule: all pairs must hold, or the tool's main argument is what `bare` says. */
export type ArgumentPattern = { pairs: ArgumentPair[] } | { bare: GlobPart[] };

/** More wildcards than this in one pattern no person means. */
const MAX_WILDCARDS = 20;

const segment = String.raw`(?:[A-Za-z_$][\w$-]*|"(?:[^"\\]|\\.)*")`;
// `https://…` is no argument named `https`.
const keyAhead = new RegExp(String.raw`\s*(${segment}(?:\.${segment})*)\s*:(?!//)[ \t]*`, 'y');
const segments = new RegExp(segment, 'g');

/** Spacing is what a keyboard makes; any other white space is part of the value, as it is for who wrote it down. */
const withoutSpacing = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', s: ' ' };

function readKey(text: string, at: number): { path: string[]; end: number } | undefined {
  keyAhead.lastIndex = at;
  const found = keyAhead.exec(text);
  if (!found) return undefined;
  try {
    const path = (found[1]?.match(segments) ?? []).map((part): string =>
      part.startsWith('"') ? JSON.parse(part) : part,
    );
    return { path, end: keyAhead.lastIndex };
  } catch {
    return undefined;
  }
}

/** The pattern from `at` up to a comma, or with `whole` to the end. A backslash takes what follows for itself, but `\n`, `\r`, `\t` and `\s` are a line feed, a carriage return, a tab and a space. */
function readGlob(text: string, at: number, whole: boolean): { glob: GlobPart[]; end: number } | undefined {
  const glob: GlobPart[] = [];
  let plain = '';
  /** Length of `plain` that trailing blanks are not cut from. */
  let kept = 0;
  const flush = () => {
    if (plain !== '') glob.push({ text: plain });
    plain = '';
    kept = 0;
  };
  let place = at;
  for (; place < text.length; place += 1) {
    const char = text[place]!;
    if (char === ',' && !whole) break;
    if (char === '\\') {
      const next = text[place + 1];
      if (next === undefined) return undefined;
      plain += escapes[next] ?? next;
      kept = plain.length;
      place += 1;
    } else if (char === '*') {
      flush();
      const double = text[place + 1] === '*';
      if (double) place += 1;
      const last = glob.at(-1);
      // `***` is `**`.
      if (last === '*' || last === '**') glob[glob.length - 1] = '**';
      else glob.push(double ? '**' : '*');
    } else plain += char;
  }
  plain = plain.slice(0, kept) + plain.slice(kept).replace(/[ \t\r\n]+$/, '');
  flush();
  return { glob, end: place };
}

const wrong = (message: string): Result<never> =>
  fail('invalid', message, 'Write `name:pattern` for each argument, with commas between them and `\\,` for a comma.');

/** Reads what stands in the brackets of a rule for a tool's arguments. */
export function parseArguments(source: string): Result<ArgumentPattern> {
  const text = withoutSpacing(source);
  const tooWild = (glob: GlobPart[]) => glob.filter((part) => typeof part === 'string').length > MAX_WILDCARDS;
  if (!readKey(text, 0)) {
    const bare = readGlob(text, 0, true);
    if (!bare) return wrong('The pattern ends with a backslash.');
    return tooWild(bare.glob) ? wrong('The pattern holds too many wildcards.') : ok({ bare: bare.glob });
  }
  const pairs: ArgumentPair[] = [];
  for (let at = 0; at <= text.length; ) {
    const key = readKey(text, at);
    if (!key) return wrong(`Which argument \`${text.slice(at).trim()}\` is about is not said.`);
    const value = readGlob(text, key.end, false);
    if (!value) return wrong('The pattern ends with a backslash.');
    if (tooWild(value.glob)) return wrong('The pattern holds too many wildcards.');
    pairs.push({ path: key.path, glob: value.glob, text: withoutSpacing(text.slice(at, value.end)) });
    at = value.end + 1;
  }
  return ok({ pairs });
}

const simpleSegment = new RegExp(`^${segment}$`);

/** One pair that holds for exactly this text. */
export function writePair(path: string[], value: string): string {
  const key = path.map((part) => (!part.startsWith('"') && simpleSegment.test(part) ? part : JSON.stringify(part)));
  const escaped = value
    .replace(/[\\*,]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    // Spaces at the ends would be taken for spacing, and two slashes for the rest of a scheme.
    .replace(/^ | $/g, '\\s')
    .replace(/^\/\//, '\\//');
  return `${key.join('.')}:${escaped}`;
}

/** A rule for the calls of a tool whose arguments fit these pairs; without any, for all of its calls. */
export const writeArgumentRule = (tool: string, pairs: string[]): string =>
  pairs.length === 0 ? tool : `${tool}(${pairs.join(', ')})`;

/** The tool and the pairs of a rule as they are written; undefined for other rules, and for what is no rule yet. */
export function readArgumentRule(rule: string): { tool: string; pairs: ArgumentPair[] } | undefined {
  const [, tool, pattern] = /^\s*([A-Za-z][^()\s]*)(?:\(([\s\S]*)\))?\s*$/.exec(rule) ?? [];
  if (!tool) return undefined;
  if (pattern === undefined) return { tool, pairs: [] };
  const parsed = parseArguments(pattern);
  return parsed.ok && 'pairs' in parsed.value ? { tool, pairs: parsed.value.pairs } : undefined;
}
