import { programName } from './file-programs.ts';
import type { WithShellTree } from './shell-grammar.ts';
import { type Reading, type Redirect, readPlainShell } from './shell-reader.ts';
import { readTree, type TreeReading } from './shell-tree.ts';
import { literal, type Word } from './shell-word.ts';
import { unwrap } from './shell-wrappers.ts';

export interface ShellCommand {
  words: Word[];
  /** Only starts the commands that follow it in the list, which are judged in its place. */
  transparent: boolean;
  /** It is not looked at but for the rules that forbid commands. */
  unexamined?: boolean;
}

/** What a shell line does, as far as it can be told before it runs. */
export interface ShellLine {
  source: string;
  /** False when the line is no bash or beyond the bounds: then nothing else here is complete. */
  parsed: boolean;
  /** Every simple command anywhere in the line, also inside substitutions, functions, wrappers and `bash -c` scripts, in order. */
  commands: ShellCommand[];
  redirects: Redirect[];
  /** Why the line is not fully understood, each as part of a sentence. Empty: the commands and redirections are all there is. */
  doubts: string[];
  /** Commands may run that are not in the list. */
  hidden: boolean;
  /** Has loops or functions. */
  repeats: boolean;
}

export type ReadShellLine = (source: string) => Promise<ShellLine>;

const MAX_SCRIPT_DEPTH = 4;
/** What may still be looked at, shared by a line and all scripts inside of it. */
interface Budget {
  commands: number;
  words: number;
  scriptBytes: number;
}

const fullBudget = (): Budget => ({ commands: 500, words: 5_000, scriptBytes: 256 * 1024 });

/** Set by the line itself these cannot change which programs run or what they do. */
const isHarmlessName = (name: string): boolean =>
  /^[a-z][a-z0-9_]*$/.test(name) && !/^npm_|_proxy$|^histchars$|^auto_resume$/.test(name);

/** Builtins after which names may mean something else. */
const shellState = new Set(
  'export declare typeset local readonly hash alias unalias enable shopt read let getopts unset trap mapfile readarray'.split(
    ' ',
  ),
);

const shape = ({ commands, redirects, prefixes }: Reading): string => {
  const places = commands.map((words) => words.map(({ start, source }) => `${start}:${source}`).join('\n'));
  return JSON.stringify([
    places.sort(),
    redirects
      .filter(isFile)
      .map((one) => one.target?.source)
      .sort(),
    prefixes,
  ]);
};

/** The grammar keeps here-documents and here-strings elsewhere. */
const isFile = ({ operator }: Redirect): boolean => !operator.startsWith('<<');

interface Agreed {
  reading: Reading;
  doubts: string[];
  hidden: boolean;
}

/** Two readers that know nothing of each other must have seen the same commands. */
function agree(source: string, tree: TreeReading): Agreed {
  const plain = readPlainShell(source);
  const hidden = tree.broken || tree.gaps;
  if (!plain.ok) return { reading: tree, doubts: tree.doubts.length > 0 ? tree.doubts : [plain.error.message], hidden };
  if (shape(plain.value) !== shape(tree)) {
    const both = { ...tree, commands: [...tree.commands, ...plain.value.commands] };
    return { reading: both, doubts: [...tree.doubts, 'syntax that can be read in two ways'], hidden: true };
  }
  if (tree.doubts.length > 0) return { reading: tree, doubts: tree.doubts, hidden };
  return { reading: plain.value, doubts: [], hidden: false };
}

function nameDoubts({ prefixes, variables, commands }: Reading): string[] {
  const doubts: string[] = [];
  if (prefixes.length > 0) doubts.push(`an environment variable that is set for a command (\`${prefixes[0]}=\`)`);
  const lasting = variables.find((name) => !isHarmlessName(name));
  if (lasting) doubts.push(`a change of \`${lasting}\``);
  const state = commands.map((words) => programName(words) ?? '').find((name) => shellState.has(name));
  if (state) doubts.push(`\`${state}\`, after which names may mean something else`);
  return doubts;
}

const hasKnownProgram = (words: Word[]): boolean => literal(words[0]) !== undefined;

const emptyLine = (source: string): ShellLine => ({
  source,
  parsed: true,
  commands: [],
  redirects: [],
  doubts: [],
  hidden: false,
  repeats: false,
});

export function createShellReader(withTree: WithShellTree): ReadShellLine {
  async function read(source: string, depth: number, budget: Budget): Promise<ShellLine> {
    const line = emptyLine(source);
    const tree = await withTree(source, readTree);
    if (!tree.ok) return { ...line, parsed: false, hidden: true, doubts: [tree.error.message] };
    const { reading, doubts, hidden } = agree(source, tree.value);
    line.parsed = !tree.value.broken;
    line.redirects.push(...reading.redirects);
    line.repeats = reading.repeats;
    line.hidden = hidden;
    line.doubts.push(...doubts, ...nameDoubts(reading));
    for (const words of reading.commands) {
      if (mayExamine(words, budget)) await add(line, words, depth, budget);
      else {
        line.commands.push({ words, transparent: false, unexamined: true });
        hide(line, 'too many commands or words');
      }
    }
    return line;
  }

  /** A command that was written, or that one of those starts. */
  async function add(line: ShellLine, words: Word[], depth: number, budget: Budget): Promise<void> {
    budget.commands -= 1;
    budget.words -= words.length;
    if (!hasKnownProgram(words)) hide(line, 'a program whose name is known only when the line runs');
    const inner = unwrap(words);
    line.commands.push({ words, transparent: !inner.standsAlone });
    if (inner.doubt) line.doubts.push(inner.doubt);
    line.hidden ||= inner.hidden === true;
    // What is in the file is not known, but a rule may forbid it by its name.
    if (inner.file?.length) line.commands.push({ words: inner.file, transparent: true, unexamined: true });
    for (const command of inner.commands) {
      if (depth >= MAX_SCRIPT_DEPTH || !mayExamine(command, budget)) return hide(line, TOO_DEEP);
      await add(line, command, depth + 1, budget);
    }
    for (const script of inner.scripts) {
      budget.scriptBytes -= script.length;
      if (depth >= MAX_SCRIPT_DEPTH || budget.scriptBytes < 0) return hide(line, TOO_DEEP);
      merge(line, await read(script, depth + 1, budget));
    }
  }

  return (source) => read(source, 0, fullBudget());
}

const TOO_DEEP = 'too many commands inside of commands';

const mayExamine = (words: Word[], budget: Budget): boolean => budget.commands > 0 && budget.words >= words.length;

function hide(line: ShellLine, doubt: string): void {
  if (!line.doubts.includes(doubt)) line.doubts.push(doubt);
  line.hidden = true;
}

function merge(line: ShellLine, script: ShellLine): void {
  line.commands.push(...script.commands);
  line.redirects.push(...script.redirects);
  line.doubts.push(...script.doubts);
  line.repeats ||= script.repeats;
  line.hidden ||= script.hidden;
  line.parsed &&= script.parsed;
}
