import type { Access } from '../protected-paths.ts';
import { type OptionSpec, readOptions } from './program-options.ts';
import { isReadOnlyGit } from './read-only-git.ts';
import { cannotBeOption, literal, mayVanishOrSplit, type Word } from './shell-word.ts';

/** A file that a command names. */
export interface FileUse {
  word: Word;
  access: Access;
  /** The use is of all that lies in the folder. */
  folder?: boolean;
}

export interface HarmlessCommand {
  uses: FileUse[];
  /** Works on the repository that holds the current folder. */
  repository?: boolean;
  /** Reads everything below its folders, hidden files included. */
  deep?: boolean;
  /** Reads nothing: harmless beside a command that reads, but no reading of its own that would need no question. */
  idle?: boolean;
}

type Operands = 'files' | 'none' | 'text' | 'pattern' | 'one file';

interface ReadSpec extends OptionSpec {
  operands: Operands;
  /** These options make the program go through folders. */
  deep?: string[];
}

const files = (flags: string, more: Omit<ReadSpec, 'operands'> = {}): ReadSpec => ({
  flags,
  operands: 'files',
  ...more,
});
const sums = files('btwz', { long: 'binary text tag zero' });

/** Options not named here are not known to only read. `sort -o`, `date -s`, `rg --pre`, `tree -o` and the like are left out on purpose. */
const specs: Record<string, ReadSpec> = {
  ls: files('aAbBcCdfFgGhiklmnNopqrRsStuUvxX1', {
    values: 'Iw',
    long: 'all almost-all author classify? color? directory full-time group-directories-first human-readable inode numeric-uid-gid recursive reverse size sort= time= time-style= ignore=',
  }),
  cat: files('AbeEnstTuv', { long: 'number number-nonblank show-all show-ends show-tabs squeeze-blank' }),
  head: files('qvz', { values: 'nc', long: 'lines= bytes= quiet verbose', digits: true }),
  tail: files('qvz', { values: 'nc', long: 'lines= bytes= quiet verbose', digits: true }),
  wc: files('clmwL', { long: 'bytes chars lines words max-line-length' }),
  nl: files('', { values: 'bhfvwsnil' }),
  tac: files(''),
  rev: files(''),
  cut: files('sz', {
    values: 'bcdf',
    long: 'bytes= characters= delimiter= fields= complement only-delimited output-delimiter=',
  }),
  paste: files('sz', { values: 'd', long: 'serial delimiters=' }),
  column: files('txne', { values: 'sco', long: 'table separator= output-separator=' }),
  fold: files('bs', { values: 'w' }),
  expand: files('i', { values: 't' }),
  comm: files('123', { long: 'check-order nocheck-order' }),
  cmp: files('bls', { values: 'n' }),
  diff: files('abBdiqrstuwyNEpc', {
    values: 'UCW',
    long: 'brief unified? context? side-by-side recursive ignore-case ignore-all-space ignore-space-change ignore-blank-lines color? new-file text width= suppress-common-lines minimal report-identical-files',
    deep: ['-r', '--recursive'],
  }),
  sort: files('bdfghiMnRrVcCmsuz', {
    values: 'kt',
    long: 'key= field-separator= reverse numeric-sort unique version-sort human-numeric-sort ignore-case stable check?',
  }),
  uniq: { flags: 'cdDuiz', values: 'fsw', long: 'count repeated unique ignore-case', operands: 'one file' },
  tr: { flags: 'cCdst', long: 'complement delete squeeze-repeats truncate-set1', operands: 'text' },
  stat: files('Lt', { values: 'cf', long: 'format= printf= dereference terse' }),
  file: files('bihkLr0', { long: 'brief mime mime-type mime-encoding' }),
  du: files('abchkmsSx0', { values: 'd', long: 'all human-readable summarize total max-depth= apparent-size' }),
  df: files('ahiklmPT', { long: 'human-readable print-type total' }),
  tree: files('adfipugshDFqNrtx', { values: 'LIP', long: 'dirsfirst noreport du charset= gitignore' }),
  basename: { flags: 'az', values: 's', long: 'multiple suffix=', operands: 'text' },
  dirname: { flags: 'z', operands: 'text' },
  realpath: files('emsqz', { long: 'canonicalize-existing canonicalize-missing no-symlinks quiet' }),
  readlink: files('femnqsvz', { long: 'canonicalize canonicalize-existing canonicalize-missing no-newline' }),
  md5sum: sums,
  sha1sum: sums,
  sha256sum: sums,
  sha512sum: sums,
  b2sum: sums,
  cksum: files(''),
  od: files('abcdfilosxv', { values: 'AjNtw' }),
  hexdump: files('bcCdovx', { values: 'ns' }),
  strings: files('aw', { values: 'nteo' }),
  grep: {
    flags: 'niIlLcvwxEFGPohHsqzbaUrZ',
    values: 'ABCme',
    long: 'line-number ignore-case files-with-matches files-without-match count invert-match word-regexp line-regexp extended-regexp fixed-strings perl-regexp only-matching with-filename no-filename quiet silent no-messages color? colour? context= after-context= before-context= max-count= regexp= include= exclude= exclude-dir= recursive text null binary-files=',
    digits: true,
    operands: 'pattern',
    deep: ['-r', '--recursive'],
  },
  rg: {
    flags: 'nNiIlcvwxFosSpPUH0bq',
    values: 'ABCmegtTjM',
    long: 'line-number no-line-number ignore-case smart-case case-sensitive files-with-matches files-without-match count count-matches invert-match word-regexp line-regexp fixed-strings only-matching with-filename no-filename quiet color= colors= context= after-context= before-context= max-count= regexp= glob= iglob= type= type-not= type-list files json heading no-heading multiline pcre2 max-columns= max-depth= max-filesize= sort= sortr= stats trim vimgrep column null no-messages no-config threads= replace=',
    // A wildcard of its own makes rg look at hidden files too.
    deep: ['-g', '--glob', '--iglob'],
    operands: 'pattern',
  },
  pwd: { flags: 'LP', operands: 'none' },
  whoami: { operands: 'none' },
  id: { flags: 'ugGnrz', operands: 'none' },
  uname: { flags: 'asnrvmpio', operands: 'none' },
  hostname: { flags: 'sfdiI', operands: 'none' },
  arch: { operands: 'none' },
  nproc: { long: 'all', operands: 'none' },
  uptime: { flags: 'ps', operands: 'none' },
  date: { flags: 'uR', values: 'd', long: 'utc date= iso-8601? rfc-3339= rfc-email', operands: 'text' },
  cal: { flags: 'jmy3', operands: 'none' },
  which: { flags: 'a', operands: 'text' },
  type: { flags: 'aftpP', operands: 'text' },
  seq: { flags: 'w', values: 'sf', operands: 'text' },
  sleep: { operands: 'text' },
  wait: { operands: 'none' },
};
specs.egrep = { ...specs.grep!, deep: [] };
specs.fgrep = specs.egrep;

const silent = new Set(['true', 'false', ':', 'echo']);

/** `exit 1`, `break`: they change nothing but the order of the line. */
const flow = new Set(['exit', 'return', 'break', 'continue']);

function splitOperands(name: string, spec: ReadSpec, operands: Word[], given: string[]): Word[] | undefined {
  if (spec.operands === 'none') return operands.length === 0 ? [] : undefined;
  if (spec.operands === 'one file') return operands.length <= 1 ? operands : undefined;
  if (spec.operands === 'files') return operands;
  if (spec.operands === 'text') return operandsAreText(name, operands) ? [] : undefined;
  const hasPattern = given.some((option) => ['-e', '--regexp', '--files', '--type-list'].includes(option));
  // An unquoted wildcard in the pattern's place would turn files into patterns and options.
  if (!hasPattern && operands[0] && literal(operands[0]) === undefined) return undefined;
  return hasPattern ? operands : operands.slice(1);
}

/** `date 01010000` sets the clock: only a format is taken. */
const operandsAreText = (name: string, operands: Word[]): boolean =>
  name !== 'date' || operands.every((word) => literal(word)?.startsWith('+') ?? false);

function bySpec(name: string, spec: ReadSpec, words: Word[]): HarmlessCommand | undefined {
  const options = readOptions(words, spec);
  const named = options && splitOperands(name, spec, options.operands, options.given);
  if (!named) return undefined;
  const deep = spec.deep?.some((option) => options.given.includes(option)) ?? false;
  const isFolderTool = ['ls', 'tree', 'du', 'rg'].includes(name) || deep;
  const uses = named
    .filter((word) => literal(word) !== '-')
    .map((word): FileUse => ({ word, access: 'read', folder: isFolderTool }));
  if (uses.length === 0 && isFolderTool) uses.push(hereUse);
  return { uses, deep };
}

/** The folder that a command runs in. */
export const hereUse: FileUse = {
  word: { source: '.', start: -1, pieces: [{ kind: 'text', text: '.' }] },
  access: 'read',
  folder: true,
};

const findTests = new Map<string, number>([
  ...[
    '-print',
    '-print0',
    '-ls',
    '-prune',
    '-empty',
    '-true',
    '-false',
    '-not',
    '!',
    '-o',
    '-or',
    '-a',
    '-and',
    '(',
    ')',
    ',',
  ].map((name): [string, number] => [name, 0]),
  ...[
    '-daystart',
    '-depth',
    '-mount',
    '-xdev',
    '-readable',
    '-writable',
    '-executable',
    '-nouser',
    '-nogroup',
    '-quit',
  ].map((name): [string, number] => [name, 0]),
  ...[
    '-name',
    '-iname',
    '-path',
    '-ipath',
    '-wholename',
    '-regex',
    '-iregex',
    '-regextype',
    '-type',
    '-xtype',
    '-maxdepth',
  ].map((name): [string, number] => [name, 1]),
  ...[
    '-mindepth',
    '-size',
    '-mtime',
    '-mmin',
    '-atime',
    '-amin',
    '-ctime',
    '-cmin',
    '-perm',
    '-user',
    '-group',
    '-links',
  ].map((name): [string, number] => [name, 1]),
  ...['-newermt', '-printf'].map((name): [string, number] => [name, 1]),
]);

/** `find` without what runs, deletes or writes. */
function find(words: Word[]): HarmlessCommand | undefined {
  const uses: FileUse[] = [];
  let at = 1;
  for (; at < words.length; at += 1) {
    const text = literal(words[at]);
    if (text !== undefined ? /^[-!(),]/.test(text) : !cannotBeOption(words[at]!)) break;
    uses.push({ word: words[at]!, access: 'read', folder: true });
  }
  while (at < words.length) {
    const arity = findTests.get(literal(words[at]) ?? '');
    if (arity === undefined) return undefined;
    const values = words.slice(at + 1, at + 1 + arity);
    if (values.length < arity || values.some((value) => literal(value) === undefined)) return undefined;
    at += 1 + arity;
  }
  return { uses: uses.length > 0 ? uses : [hereUse] };
}

const sedStep = String.raw`(?:\d+|\$)(?:,(?:\d+|\$))?[pdq]`;
const safeSed = new RegExp(`^${sedStep}(?:; ?${sedStep})*;?$`);

/** `sed` that prints or drops lines by number; its other commands can write files and run programs. */
function sed(words: Word[]): HarmlessCommand | undefined {
  const options = readOptions(words, { flags: 'nEr', values: 'e', long: 'quiet silent' });
  const script = literal(options?.operands[0]);
  if (!options || options.given.includes('-e') || script === undefined || !safeSed.test(script)) return undefined;
  return { uses: options.operands.slice(1).map((word) => ({ word, access: 'read' })) };
}

/** `%n` and `-v` would set variables. */
function printf(words: Word[]): HarmlessCommand | undefined {
  const format = literal(words[1]);
  if (format === undefined || format.startsWith('-')) return undefined;
  return format.replace(/%[-+ 0#]*\d*(?:\.\d+)?[sdiouxXcbqfeEgG%]/g, '').includes('%') ? undefined : { uses: [] };
}

const fileTests = new Set(['-e', '-f', '-d', '-r', '-w', '-x', '-s', '-L', '-h']);

/** `[ -f x ]`, `[ a = b ]`, `[ -z "$x" ]`. */
function test(words: Word[]): HarmlessCommand | undefined {
  const bracket = literal(words[0]) === '[';
  if (bracket && literal(words.at(-1)) !== ']') return undefined;
  const [first, second, third, ...rest] = words.slice(literal(words[1]) === '!' ? 2 : 1, bracket ? -1 : undefined);
  // A word that may become several could bring an operator of its own.
  if (rest.length > 0 || !first || words.some(mayVanishOrSplit)) return undefined;
  if (!third) {
    if (!second) return undefined;
    const operator = literal(first) ?? '';
    if (fileTests.has(operator)) return { uses: [{ word: second, access: 'read' }] };
    return ['-n', '-z'].includes(operator) ? { uses: [] } : undefined;
  }
  return ['=', '==', '!='].includes(literal(second) ?? '') ? { uses: [] } : undefined;
}

/** `set -euo pipefail` and its parts. */
function set(words: Word[]): HarmlessCommand | undefined {
  const texts = words.slice(1).map(literal);
  const isSafe = texts.every((text, index) =>
    /^[-+][eux]*o?$/.test(text ?? '') ? true : text === 'pipefail' && /o$/.test(texts[index - 1] ?? ''),
  );
  return isSafe && texts.length > 0 ? { uses: [] } : undefined;
}

/** `command -v x` only looks for x. */
const lookUp = (words: Word[]): HarmlessCommand | undefined =>
  words.length > 2 && ['-v', '-V'].includes(literal(words[1]) ?? '') ? { uses: [] } : undefined;

const special: Record<string, (words: Word[]) => HarmlessCommand | undefined> = {
  find,
  sed,
  printf,
  test,
  '[': test,
  set,
  command: lookUp,
  git: (words) => (isReadOnlyGit(words) ? { uses: [], repository: true } : undefined),
};

const isWildcard = (word: Word): boolean => word.pieces.some((piece) => piece.kind === 'glob');

/** `echo *` reads the names in a folder. */
const echo = (words: Word[]): HarmlessCommand => ({
  uses: words.filter(isWildcard).map((word) => ({ word, access: 'read' })),
});

const exit = (words: Word[]): HarmlessCommand | undefined =>
  words.length === 1 || (words.length === 2 && /^\d+$/.test(literal(words[1]) ?? '')) ? { uses: [] } : undefined;

const idle = new Set([...silent, ...flow, 'printf', 'sleep', 'wait', 'seq', 'set', 'test', '[']);

/** The files that a command reads, when it is one of the few that are known to do nothing else. */
export function readOnlyCommand(words: Word[]): HarmlessCommand | undefined {
  const name = literal(words[0]);
  if (name === undefined) return undefined;
  const harmless = harmlessCommand(name, words);
  return harmless && idle.has(name) && harmless.uses.length === 0 ? { ...harmless, idle: true } : harmless;
}

function harmlessCommand(name: string, words: Word[]): HarmlessCommand | undefined {
  if (silent.has(name)) return echo(words);
  if (flow.has(name)) return exit(words);
  if (Object.hasOwn(special, name)) return special[name]!(words);
  return Object.hasOwn(specs, name) ? bySpec(name, specs[name]!, words) : undefined;
}
