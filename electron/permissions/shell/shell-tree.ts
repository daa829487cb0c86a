import { hasHiddenCharacters } from '../../../shared/visible.ts';
import type { Node } from './shell-grammar.ts';
import { type Reading, type Redirect, readWords } from './shell-reader.ts';
import { anyWord, literal, readWord, type Word } from './shell-word.ts';

/** What the grammar found: a reading, and in words what keeps the line from being understood. */
export interface TreeReading extends Reading {
  doubts: string[];
  /** The text is not bash. */
  broken: boolean;
  /** The text holds commands, or words, that the grammar does not show. */
  gaps: boolean;
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

const LISTS = new Set(['pipeline', 'list', 'negated_command']);

/** The grammar takes words after `> file` for further targets; bash takes them for arguments. */
function strayArguments(command: Node): Node[] {
  let last = command;
  while (last.parent && LISTS.has(last.parent.type) && last.parent.lastNamedChild?.id === last.id) last = last.parent;
  const holder = last.parent;
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

const SUBSTITUTIONS = new Set(['command_substitution', 'process_substitution', 'arithmetic_expansion']);
const OPAQUE = new Set(['raw_string', 'ansi_c_string', 'comment']);

/** The here-document ends at the first line that is its delimiter, and the grammar saw it so. */
function endsAsShown(redirect: Node, text: string, offset: number): boolean {
  const part = (type: string): Node | undefined => redirect.children.find((child) => child?.type === type) ?? undefined;
  const [start, body, end] = ['heredoc_start', 'heredoc_body', 'heredoc_end'].map(part);
  const delimiter = start && literal(wordOf(start));
  if (!start || !end || delimiter === undefined) return false;
  const stripped = redirect.children.some((child) => child?.type === '<<-');
  const from = text.indexOf('\n', start.startIndex - offset) + 1;
  for (let at = from; at > 0; at = text.indexOf('\n', at) + 1) {
    const next = text.indexOf('\n', at);
    const line = text.slice(at, next < 0 ? undefined : next);
    if ((stripped ? line.replace(/^\t+/, '') : line) !== delimiter) continue;
    const shownAt = end.startIndex - offset;
    return shownAt >= at && shownAt <= at + line.length && (!body || body.startIndex - offset <= at);
  }
  return false;
}

const isQuotedHeredoc = (node: Node): boolean =>
  node.type === 'heredoc_body' &&
  /['"\\]/.test(node.parent?.children.find((child) => child?.type === 'heredoc_start')?.text ?? '');

/** Every sign of a substitution, or of `$"…"`, must belong to one that the grammar shows, or be quoted; and no word may go on after a line's end. */
function hasGaps(root: Node): boolean {
  const { text } = root;
  if (/[^\s;|&()]\\\n/.test(text)) return true;
  const shown = new Set<number>();
  let heredocs = 0;
  const opaque: [number, number][] = [];
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (SUBSTITUTIONS.has(node.type)) shown.add(node.startIndex).add(node.endIndex - 1);
    if (node.type === 'translated_string') shown.add(node.startIndex);
    // To bash `[x` is a word like any other, and what follows it may be commands.
    if (node.type === 'test_command' && !/^(?:\[{1,2}\s|\(\()/.test(node.text)) return true;
    // `"costs 5 $"` ends with a dollar of its own.
    if (node.type === 'string') shown.add(node.endIndex - 2);
    if (node.type === 'heredoc_redirect') {
      heredocs += 1;
      // Several at once are read one after the other, which is not followed here.
      if (heredocs > 1 || !endsAsShown(node, text, root.startIndex)) return true;
    }
    if (OPAQUE.has(node.type) || isQuotedHeredoc(node)) opaque.push([node.startIndex, node.endIndex]);
    else for (const child of node.children) if (child) stack.push(child);
  }
  opaque.sort((a, b) => a[0] - b[0]);
  let next = 0;
  for (const { index } of text.matchAll(/(?<!\\)(?:\\\\)*(?:`|\$\(|\$"|[<>]\()/g)) {
    const at = index + root.startIndex + (/^\\*/.exec(text.slice(index, index + 64))?.[0].length ?? 0);
    while (next < opaque.length && opaque[next]![1] <= at) next += 1;
    const hidden = opaque[next] !== undefined && opaque[next]![0] <= at;
    if (!hidden && !shown.has(at)) return true;
  }
  return false;
}

/** Collects every simple command anywhere in the tree, substitutions included, in the order of the text. */
export function readTree(root: Node, broken: boolean): TreeReading {
  // The grammar takes some of them for blanks where bash goes on with the word.
  const unseen = hasHiddenCharacters(root.text);
  const reading: TreeReading = {
    commands: [],
    redirects: [],
    prefixes: [],
    variables: [],
    repeats: false,
    broken,
    gaps: unseen || hasGaps(root),
    doubts: broken ? ['syntax that cannot be parsed'] : [],
  };
  if (unseen) reading.doubts.push('characters that cannot be seen');
  const stack: Node[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    note(node, reading);
    for (const child of [...node.children].reverse()) if (child) stack.push(child);
  }
  return reading;
}
