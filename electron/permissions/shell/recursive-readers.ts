import { programName } from './file-programs.ts';
import { type FileUse, hereUse } from './read-only-programs.ts';
import { literal, type Word } from './shell-word.ts';

/** What a command reads that its words do not name: all that lies in these folders. */
export interface Reach {
  uses: FileUse[];
  /** What the files hold, hidden ones too, and not only their names. */
  contents: boolean;
}

const has = (all: Word[], pattern: RegExp): boolean => all.slice(1).some((word) => pattern.test(literal(word) ?? ''));

const asFolders = (words: Word[]): FileUse[] => words.map((word) => ({ word, access: 'read', folder: true }));

const operands = (all: Word[]): Word[] => all.slice(1).filter((word) => !literal(word)?.startsWith('-'));

/** The pattern is no file, but where it stands before or behind options cannot be told: the first operand counts as one. */
function searched(all: Word[]): FileUse[] {
  const named = operands(all);
  return asFolders(has(all, /^(-e|--regexp|-f|--file|--files$)/) ? named : named.slice(1));
}

function startsOf(all: Word[]): FileUse[] {
  const end = all.findIndex((word, index) => index > 0 && /^[-(!]/.test(literal(word) ?? ''));
  return asFolders(all.slice(1, end < 0 ? undefined : end));
}

type Reader = (all: Word[]) => Reach | undefined;

const always =
  (contents: (all: Word[]) => boolean, uses: (all: Word[]) => FileUse[] = (all) => asFolders(operands(all))): Reader =>
  (all) => ({ uses: uses(all), contents: contents(all) });

const withOption =
  (option: RegExp, uses: (all: Word[]) => FileUse[], contents = true): Reader =>
  (all) =>
    has(all, option) ? { uses: uses(all), contents } : undefined;

const never = () => false;
const ever = () => true;
const grep = withOption(/^(-[a-zA-Z]*[rR]|--(dereference-)?recursive$|--directories=recurse|recurse$)/, searched);
/** These pass hidden files over unless they are told otherwise. */
const hiddenToo = (all: Word[]) => has(all, /^(-[a-zA-Z]*[u.]|--hidden|--no-ignore|-g|--i?glob|--unrestricted)/);
const search = always(hiddenToo, searched);
const files = (all: Word[]) => asFolders(operands(all));

/** Programs that show or bring elsewhere what is in the files they are given. */
const openers = new Set(
  `cat head tail less more bat nl tac rev cut paste sort uniq comm diff od hexdump xxd strings base64 base32 grep egrep fgrep rg awk gawk
   sed jq cp mv tar zip scp rsync curl sh bash`.split(/\s+/),
);

/** `find` that gives what it finds to such a program. */
const handsOver = (all: Word[]): boolean =>
  all.some(
    (word, index) =>
      /^-(exec|ok)(dir)?$/.test(literal(word) ?? '') && openers.has(programName(all.slice(index + 1)) ?? ''),
  );

const readers: Record<string, Reader> = {
  find: always(handsOver, startsOf),
  fd: always(never, searched),
  ls: withOption(/^(-[a-zA-Z]*R|--recursive$)/, files, false),
  tree: always(never),
  du: always(never),
  grep,
  egrep: grep,
  fgrep: grep,
  zgrep: grep,
  rg: search,
  ag: search,
  ack: search,
  diff: withOption(/^(-[a-zA-Z]*r|--recursive$)/, files),
  cp: withOption(/^(-[a-zA-Z]*[rRa]|--recursive$|--archive$)/, files),
  scp: withOption(/^-[a-zA-Z]*r/, files),
  zip: withOption(/^(-[a-zA-Z]*r|--recurse)/, files),
  rsync: always(ever),
  tar: withOption(/^(-?[a-zA-Z]*[cru]|--create$|--append$|--update$)/, files),
  git: (all) => (literal(all[1]) === 'grep' ? { uses: [hereUse], contents: true } : undefined),
};

/** The folders that a command goes through, as far as its program is known to. None of its operands may be one: then it is `.`. */
export function recursiveReach(all: Word[]): Reach | undefined {
  const name = programName(all) ?? '';
  return Object.hasOwn(readers, name) ? readers[name]!(all) : undefined;
}
