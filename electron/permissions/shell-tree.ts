import { hasHiddenCharacters } from '../../shared/visible.ts';
import type { Node } from './shell-grammar.ts';
import { type Reading, type Redirect, readWords } from './shell-reader.ts';
import { anyWord, readWord, type Word } from './shell-word.ts';

/** What the grammar found: a reading, and in words what keeps the line from being understood. */
export interface TreeReading extends Reading {
  doubts: string[];
  /** The text is not bash. */
  broken: boolean;
}

const PLAIN = new Set(
  `program list pipeline negated_command command command_name redirected_statement subshell compound_statement if_statement
   elif_clause else_clause while_statement for_statement do_group function_definition declaration_command unset_command
   variable_assignment variable_assignments variable_name special_variable_name word number string string_content raw_string
   concatenation simple_expansion expansion file_redirect file_descriptor herestring_redirect heredoc_redirect heredoc_start
   heredoc_body heredoc_content heredoc_end simple_heredoc_body comment test_operator brace_expression`.split(/\s+/),
);

const NAMES: Record<string, string> = {
  command_substitution: 'a command substitution',
  process_substitution: 'a process substitution',
  arithmetic_expansion: 'arithmetic',
  ansi_c_string: "a `$'…'` string",
  translated_string: 'a `$"…"` string',
  case_statement: 'a `case` statement',
  c_style_for_statement: 'an arithmetic loop',
  test_command: '`[[`',
  case_item: 'a `case` statement',
  array: 'an array',
  subscript: 'an array element',
};

/** These look like words inside but are read as one command. */
const WORD_COMMANDS = new Set(['declaration_command', 'unset_command', 'test_command']);

const doubtOf = (node: Node): string | undefined => {
  if (!node.isNamed || PLAIN.has(node.type)) return undefined;
  // `[ … ]` is an ordinary command; its inside is read again as words.
  if (node.type === 'test_command' && node.text.startsWith('[ ')) return undefined;
  if (isInsideTest(node)) return undefined;
  return NAMES[node.type] ?? (node.type === 'ERROR' ? 'a syntax error' : `\`${node.type.replaceAll('_', ' ')}\``);
};

const TEST_PARTS = new Set(['unary_expression', 'binary_expression']);

function isInsideTest(node: Node): boolean {
  if (!TEST_PARTS.has(node.type)) return false;
  const parent = node.parent;
  return parent !== null && (parent.type === 'test_command' || isInsideTest(parent));
}

/** A word as written, or one that may be anything where it holds substitutions. */
function wordOf(node: Node): Word {
  const read = readWord(node.text, 0);
  return read && read.source.length === node.text.length
    ? { ...read, start: node.startIndex }
    : { ...anyWord(node.text), start: node.startIndex };
}

function splitWords(node: Node): Word[] {
  const words = readWords(node.text);
  if (words) return words.map((word) => ({ ...word, start: word.start + node.startIndex }));
  return node.children.filter((child) => child !== null).map((child) => wordOf(child));
}

const named = (node: Node, field: string): Node[] => node.childrenForFieldName(field).filter((child) => child !== null);

/** The grammar takes words after `> file` for further targets; bash takes them for arguments. */
function strayArguments(command: Node): Node[] {
  const holder = command.parent;
  if (holder?.type !== 'redirected_statement') return [];
  return named(holder, 'redirect').flatMap((redirect) => [
    ...named(redirect, 'destination').slice(1),
    ...named(redirect, 'argument'),
    ...named(redirect, 'redirect').flatMap((inner) => named(inner, 'destination').slice(1)),
  ]);
}

function commandWords(node: Node): Word[] {
  const nodes = [...named(node, 'name'), ...named(node, 'argument'), ...strayArguments(node)];
  return nodes.map(wordOf);
}

function redirectOf(node: Node): Redirect {
  const operator = node.children.find((child) => child !== null && !child.isNamed)?.type ?? '>';
  const target = named(node, 'destination')[0];
  return target ? { operator, target: wordOf(target) } : { operator };
}

function note(node: Node, reading: TreeReading): void {
  const doubt = doubtOf(node);
  if (doubt && !reading.doubts.includes(doubt)) reading.doubts.push(doubt);
  if (node.type === 'command') reading.commands.push(commandWords(node));
  else if (WORD_COMMANDS.has(node.type)) reading.commands.push(splitWords(node));
  else if (node.type === 'file_redirect') reading.redirects.push(redirectOf(node));
  else if (node.type === 'variable_assignment') {
    const name = node.childForFieldName('name')?.text ?? '';
    (node.parent?.type === 'command' ? reading.prefixes : reading.variables).push(name);
  } else if (['while_statement', 'for_statement', 'function_definition'].includes(node.type)) reading.repeats = true;
}

/** Collects every simple command anywhere in the tree, substitutions included, in the order of the text. */
export function readTree(root: Node, broken: boolean): TreeReading {
  const reading: TreeReading = {
    commands: [],
    redirects: [],
    prefixes: [],
    variables: [],
    repeats: false,
    broken,
    doubts: broken ? ['syntax that cannot be parsed'] : [],
  };
  if (hasHiddenCharacters(root.text)) reading.doubts.push('characters that cannot be seen');
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    note(node, reading);
    for (const child of [...node.children].reverse()) if (child) stack.push(child);
  }
  return reading;
}
