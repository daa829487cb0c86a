import { fail, ok, type Result, toFailure, WorkbenchError } from '../../../shared/errors.ts';
import { hasHiddenCharacters } from '../../../shared/visible.ts';
import { isMetacharacter, literal, readWord, type Word } from './shell-word.ts';

export interface Redirect {
  operator: string;
  /** Absent where the target cannot be read. */
  target?: Word;
}

/** What one reader found in a line, in order. */
export interface Reading {
  commands: Word[][];
  redirects: Redirect[];
  /** Names that the line sets for one command (`A=1 cmd`). */
  prefixes: string[];
  /** Names that the line sets for itself, loop variables included. */
  variables: string[];
  /** Has loops or functions, so that a command may run more than once. */
  repeats: boolean;
}

const OPENERS = new Set(['if', 'then', 'elif', 'else', 'while', 'until', 'do', '{', '!']);
const CLOSERS = new Set(['fi', 'done', '}']);
const UNSUPPORTED = new Set(['case', 'esac', 'select', 'function', 'coproc', '[[', ']]', 'in']);
const CONTROL = ['&&', '||', ';;', '|&', ';', '&', '|'];
const REDIRECTS = ['&>>', '<<<', '<<-', '&>', '<<', '<>', '>>', '>|', '>&', '<&', '<', '>'];
const ASSIGNMENT = /^([A-Za-z_]\w*)\+?=/;

export const isReservedWord = (text: string): boolean =>
  OPENERS.has(text) || CLOSERS.has(text) || UNSUPPORTED.has(text);

interface Heredoc {
  end: string;
  stripTabs: boolean;
  expands: boolean;
}

interface State {
  text: string;
  at: number;
  /** What may come: a command, more words of one, or only an operator after a compound command. */
  expects: 'command' | 'words' | 'operator';
  words: Word[];
  /** Assignments at the start of the current command. */
  assigned: string[];
  heredocs: Heredoc[];
  reading: Reading;
}

const refuse = (message: string): never => {
  throw new WorkbenchError('unsupported', message);
};

function finishCommand(state: State): void {
  const { prefixes, variables, commands } = state.reading;
  // Assignments without a command belong to the line itself.
  (state.words.length > 0 ? prefixes : variables).push(...state.assigned);
  if (state.words.length > 0) commands.push(state.words);
  state.assigned = [];
  state.words = [];
  state.expects = 'command';
}

/** Blanks, continued lines and comments. */
function skipBlanks(state: State): void {
  const { text } = state;
  for (;;) {
    const char = text[state.at];
    if (char === ' ' || char === '\t') state.at += 1;
    else if (char === '\\' && text[state.at + 1] === '\n') {
      const before = text[state.at - 1];
      // Glued to what came before, it would be one word with it.
      if (before !== undefined && !isMetacharacter(before)) refuse('a word that is continued on the next line');
      state.at += 2;
    } else if (char === '#' && (state.at === 0 || isMetacharacter(text[state.at - 1]!))) {
      const end = text.indexOf('\n', state.at);
      state.at = end < 0 ? text.length : end;
    } else return;
  }
}

const word = (state: State): Word => readWord(state.text, state.at) ?? refuse('a word that is settled by substitution');

function checkBody(body: string): void {
  if (/`|\$[({[]|\\\n/.test(body.replace(/\$\{[A-Za-z_]\w*\}/g, ''))) refuse('a here-document with substitutions');
}

function readHeredocs(state: State): void {
  for (const doc of state.heredocs.splice(0)) {
    const lines: string[] = [];
    for (;;) {
      if (state.at >= state.text.length) refuse('a here-document without an end');
      const end = state.text.indexOf('\n', state.at);
      const line = state.text.slice(state.at, end < 0 ? undefined : end);
      state.at = end < 0 ? state.text.length : end + 1;
      if ((doc.stripTabs ? line.replace(/^\t+/, '') : line) === doc.end) break;
      lines.push(line);
    }
    if (doc.expands) checkBody(lines.join('\n'));
  }
}

function readRedirect(state: State): boolean {
  const number = /^\d+(?=[<>])/.exec(state.text.slice(state.at, state.at + 12));
  const from = state.at + (number?.[0].length ?? 0);
  const operator = REDIRECTS.find((candidate) => state.text.startsWith(candidate, from));
  if (!operator || (number && operator.startsWith('&'))) return false;
  if (state.expects === 'command' && state.words.length === 0) state.expects = 'words';
  state.at = from + operator.length;
  if (state.text[state.at] === '(') refuse('a process substitution');
  skipBlanks(state);
  const target = word(state);
  state.at += target.source.length;
  if (operator === '<<' || operator === '<<-') {
    const end = literal(target) ?? refuse('a here-document whose end is not plain');
    state.heredocs.push({ end, stripTabs: operator === '<<-', expands: !/['"\\]/.test(target.source) });
  }
  state.reading.redirects.push({ operator, target });
  return true;
}

function readFunction(state: State, name: Word): boolean {
  const parens = /^[ \t]*\([ \t]*\)/.exec(state.text.slice(state.at, state.at + 64));
  if (!parens) return false;
  if (!/^[A-Za-z_][\w-]*$/.test(name.source)) refuse('a function with an unusual name');
  state.at += parens[0].length;
  state.words = [];
  state.expects = 'command';
  state.reading.repeats = true;
  return true;
}

/** `for x in a b; do`: the words are data, the body's commands follow. */
function readFor(state: State): void {
  skipBlanks(state);
  const name = word(state);
  if (!/^[A-Za-z_]\w*$/.test(name.source)) refuse('a loop over something unusual');
  state.at += name.source.length;
  state.reading.variables.push(name.source);
  state.reading.repeats = true;
  skipBlanks(state);
  if (state.text.startsWith('in', state.at) && isMetacharacter(state.text[state.at + 2] ?? ' ')) {
    state.at += 2;
    for (skipBlanks(state); !isMetacharacter(state.text[state.at] ?? '\n'); skipBlanks(state)) {
      state.at += word(state).source.length;
    }
  }
  state.expects = 'operator';
}

function readReserved(state: State, text: string): boolean {
  if (UNSUPPORTED.has(text)) refuse(`\`${text}\``);
  if (text === 'for') {
    state.at += 3;
    readFor(state);
    return true;
  }
  if (!OPENERS.has(text) && !CLOSERS.has(text)) return false;
  if (text === 'while' || text === 'until') state.reading.repeats = true;
  state.at += text.length;
  state.expects = OPENERS.has(text) ? 'command' : 'operator';
  return true;
}

function readCommandStart(state: State, next: Word): void {
  const assigned = ASSIGNMENT.exec(next.source);
  state.at += next.source.length;
  state.expects = 'words';
  if (assigned) {
    state.assigned.push(assigned[1]!);
    return;
  }
  if (/^[A-Za-z_]\w*\[/.test(next.source)) refuse('an array');
  state.words.push(next);
  readFunction(state, next);
}

function readNextWord(state: State): void {
  const next = word(state);
  if (/^\{\w+\}$/.test(next.source) && /[<>]/.test(state.text[state.at + next.source.length] ?? '')) {
    refuse('a redirection to a named descriptor');
  }
  if (state.expects === 'operator') {
    if (!readReserved(state, next.source)) refuse('words after a compound command');
    return;
  }
  if (state.expects === 'command' && readReserved(state, next.source)) return;
  if (state.words.length === 0) {
    readCommandStart(state, next);
    return;
  }
  state.words.push(next);
  state.at += next.source.length;
}

function readOperator(state: State): boolean {
  const { text, at } = state;
  const operator = text[at] === '\n' ? '\n' : CONTROL.find((candidate) => text.startsWith(candidate, at));
  if (operator === ';;') refuse('`;;`');
  if (!operator) return false;
  state.at += operator.length;
  if (operator === '\n') readHeredocs(state);
  return true;
}

function readParenthesis(state: State): boolean {
  const char = state.text[state.at];
  if (char === '(') {
    if (state.expects !== 'command') refuse('`(` inside a command');
    if (state.text[state.at + 1] === '(') refuse('arithmetic');
    state.at += 1;
    return true;
  }
  if (char !== ')') return false;
  finishCommand(state);
  state.at += 1;
  state.expects = 'operator';
  return true;
}

function readLine(state: State): void {
  for (skipBlanks(state); state.at < state.text.length; skipBlanks(state)) {
    const char = state.text[state.at]!;
    if (readParenthesis(state) || readRedirect(state)) continue;
    if (isMetacharacter(char)) {
      finishCommand(state);
      if (!readOperator(state)) refuse(`\`${char}\``);
    } else readNextWord(state);
  }
  finishCommand(state);
  if (state.heredocs.length > 0) refuse('a here-document without an end');
}

/**
 * Reads the plain part of bash: commands, lists, pipes, groups, `if`, `while`, `for`, functions, quotes, plain variables, redirections
 * and here-documents. Fails on everything else, with what it met. It is the second opinion on what the grammar found: only a line that
 * both read alike can be allowed.
 */
export function readPlainShell(text: string): Result<Reading> {
  if (hasHiddenCharacters(text)) return fail('unsupported', 'characters that cannot be seen');
  const reading: Reading = { commands: [], redirects: [], prefixes: [], variables: [], repeats: false };
  try {
    readLine({ text, at: 0, expects: 'command', words: [], assigned: [], heredocs: [], reading });
    return ok(reading);
  } catch (error) {
    return { ok: false, error: toFailure(error) };
  }
}

/** The words of one simple command; undefined when it is not plain. */
export function readWords(text: string): Word[] | undefined {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') at += 1;
    else {
      const next = readWord(text, at);
      if (!next) return undefined;
      words.push(next);
      at += next.source.length;
    }
  }
  return words;
}
