import { argumentsAllow, argumentsForbid } from './argument-match.ts';
import type { CallFacts } from './call-facts.ts';
import { fileTool } from './file-tools.ts';
import type { PathFact } from './path-facts.ts';
import { coversPath, mayHold } from './path-pattern.ts';
import { canAllow, type McpName, mcpName, plainName, type Rule } from './rules.ts';
import { programName } from './shell/file-programs.ts';
import { firstEscape, startsOthers } from './shell/program-escapes.ts';
import { literal, mayBe, mayVanishOrSplit, sameWord, textWord, type Word } from './shell/shell-word.ts';

/** `maybe`: it holds, or not, depending on what is known only when the call runs. */
export type Verdict = 'yes' | 'maybe' | 'no';

type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

const strongest = (verdicts: Verdict[]): Verdict =>
  verdicts.includes('yes') ? 'yes' : verdicts.includes('maybe') ? 'maybe' : 'no';

/** Whether a rule's name stands for the tool: `Edit` for all that write files, `Read` for all that read them. */
export const namesTool = (rule: string, tool: string): boolean =>
  rule === tool ||
  (rule === 'edit' && fileTool(tool)?.access === 'write') ||
  (rule === 'read' && fileTool(tool)?.access === 'read');

/** Files of the call that a rule named so is about, with how sure it is that the call uses them. */
function filesFor(tool: string, facts: CallFacts): { fact: PathFact; known: boolean }[] {
  const own = namesTool(tool, facts.tool) ? facts.paths.map((fact) => ({ fact, known: true })) : [];
  const access = tool === 'edit' ? 'write' : tool === 'read' ? 'read' : undefined;
  if (!facts.shell || !access) return own;
  const acting = facts.shell.commands.filter((command) => !command.transparent);
  const named = acting.flatMap((command) => command.named.map((fact) => ({ fact, known: command.known })));
  const redirected = facts.shell.redirects.map((fact) => ({ fact, known: true }));
  return [...own, ...[...named, ...redirected].filter(({ fact }) => fact.access === access)];
}

function pathForbids(rule: RuleOf<'path'>, facts: CallFacts): Verdict {
  const hidden: Verdict[] = facts.shell?.line.hidden && ['edit', 'read'].includes(rule.tool) ? ['maybe'] : [];
  return strongest([
    ...hidden,
    ...filesFor(rule.tool, facts).map(({ fact, known }): Verdict => {
      if (!fact.places) return known ? 'maybe' : 'no';
      const covers = fact.places.some((place) =>
        coversPath(rule.pattern, place, facts.place, { anyCase: true, folder: fact.folder }),
      );
      if (covers) return known ? 'yes' : 'maybe';
      if (!known) return 'no';
      const holds = fact.access === 'write' && fact.folder;
      if (holds && fact.places.some((place) => mayHold(rule.pattern, place, facts.place))) return 'maybe';
      return fact.settled ? 'no' : 'maybe';
    }),
  ]);
}

/** Places from which the next rule word may be looked for: options, each with or without a value, are passed over. */
function reachable(words: Word[], from: Set<number>): Set<number> {
  const places = new Set(from);
  // A set grows while it is walked, so that places found here are walked too.
  for (const at of places) {
    if (literal(words[at])?.startsWith('-')) places.add(at + 1).add(at + 2);
  }
  return places;
}

/** Rule words in order, options of the program and their values left out: `git -C x push` is a `git push`. */
function followsRule(words: Word[], rule: Word[], rest: boolean): Verdict {
  let places = new Set([1]);
  let doubt = false;
  for (const wanted of rule) {
    const next = new Set<number>();
    for (const at of rest ? reachable(words, places) : places) {
      const word = words[at];
      if (!word) continue;
      if (sameWord(word, wanted)) next.add(at + 1);
      else if (mayVanishOrSplit(word) || mayBe(word, literal(wanted) ?? '') === 'maybe') doubt = true;
    }
    places = next;
  }
  if (rest ? places.size > 0 : places.has(words.length)) return 'yes';
  return doubt ? 'maybe' : 'no';
}

function commandForbidsOne(rule: RuleOf<'command'>, words: Word[]): Verdict {
  const [first, ...rest] = rule.words ?? [];
  const program = literal(first);
  if (!first || program === undefined) return 'no';
  if (!words[0]) return 'no';
  const name = programName(words);
  if (name === undefined) return 'maybe';
  if (name !== program.toLowerCase() && !sameWord(words[0], first)) return 'no';
  return followsRule(words, rest, rule.rest);
}

/** For a line that cannot be parsed: the rule's words, anywhere in it. */
function scanWords(rule: RuleOf<'command'>, source: string): boolean {
  const plain = source.split(/[\s;|&()<>"'`$\\{}]+/).filter(Boolean);
  const wanted = (rule.words ?? []).map((word) => literal(word) ?? word.source);
  return plain.some((_, index) =>
    wanted.every((word, offset) => {
      const found = plain[index + offset] ?? '';
      return found === word || (offset === 0 && programName([textWord(found)]) === word);
    }),
  );
}

function commandForbids(rule: RuleOf<'command'>, facts: CallFacts): Verdict {
  const { shell } = facts;
  if (!shell) return 'no';
  if (shell.line.source.trim() === rule.line && !rule.rest) return 'yes';
  const found = strongest(shell.commands.map(({ words }) => commandForbidsOne(rule, words)));
  if (found === 'yes' || (!shell.line.parsed && scanWords(rule, shell.line.source))) return 'yes';
  return shell.line.hidden || shell.commands.some(({ words }) => startsOthers(words)) ? 'maybe' : found;
}

function toolForbids(rule: RuleOf<'tool'>, facts: CallFacts): Verdict {
  if (namesTool(rule.tool, facts.tool)) return 'yes';
  if ((rule.tool !== 'edit' && rule.tool !== 'read') || !facts.shell) return 'no';
  return filesFor(rule.tool, facts).some(({ known }) => known) ? 'yes' : 'no';
}

function mcpMatches(rule: RuleOf<'mcp'>, mcp: McpName | undefined): boolean {
  if (mcp === undefined || (rule.server !== undefined && mcp.server !== rule.server)) return false;
  if (rule.begins !== undefined) return mcp.written.startsWith(rule.begins);
  return rule.tool === undefined || rule.tool === mcp.tool;
}

/** Names compare without `_` where a rule forbids, also their beginnings. */
function mcpForbids(rule: RuleOf<'mcp'>, mcp: McpName | undefined): boolean {
  const { begins, ...whole } = rule;
  if (begins === undefined || mcp === undefined) return mcpMatches(rule, mcp);
  return mcpMatches(whole, mcp) && mcp.tool.startsWith(plainName(begins));
}

/** Whether a deny rule leaves nothing of a tool, so that a model need not be told of it. */
export function forbidsTool(rule: Rule, name: string): boolean {
  if (rule.kind === 'tool') return namesTool(rule.tool, plainName(name));
  return rule.kind === 'mcp' && mcpForbids(rule, mcpName(name));
}

function domainMatches(rule: RuleOf<'domain'>, { host }: CallFacts): boolean {
  if (host === undefined) return false;
  return rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host;
}

/** Whether a deny or ask rule holds for a call, in doubt for the rule. */
export function forbids(rule: Rule, facts: CallFacts): Verdict {
  switch (rule.kind) {
    case 'tool':
      return toolForbids(rule, facts);
    case 'command':
      return commandForbids(rule, facts);
    case 'path':
      return namesTool(rule.tool, facts.tool) && facts.problem ? 'maybe' : pathForbids(rule, facts);
    case 'mcp':
      return mcpForbids(rule, facts.mcp) ? 'yes' : 'no';
    case 'arguments': {
      if (forbids(rule.of, facts) === 'no') return 'no';
      return argumentsForbid(rule.pattern, facts.args, facts.mainArgument);
    }
    case 'domain':
      if (facts.tool === 'webfetch' && facts.host === undefined) return 'maybe';
      return domainMatches(rule, facts) ? 'yes' : 'no';
  }
}

/** The words of an allow rule, word for word. */
function coversWords(rule: Rule, words: Word[]): rule is RuleOf<'command'> {
  if (rule.kind !== 'command' || !rule.words) return false;
  if (words.length < rule.words.length || (!rule.rest && words.length !== rule.words.length)) return false;
  return rule.words.every((word, index) => sameWord(word, words[index]!));
}

/** Where a rule covers the words but not an option among them that starts other programs: that option. */
export function uncoveredEscape(rule: Rule, words: Word[]): Word | undefined {
  if (!coversWords(rule, words) || !rule.rest) return undefined;
  const at = firstEscape(words, rule.words?.length);
  return at === undefined ? undefined : (words[at] ?? words[0]);
}

/** Whether an allow rule covers one simple command: word for word, without options that start other programs. */
export const allowsCommand = (rule: Rule, words: Word[]): boolean =>
  (rule.kind === 'tool' && rule.tool === 'bash') || (coversWords(rule, words) && !uncoveredEscape(rule, words));

/** Whether an allow rule covers a file, wherever it may turn out to be. */
export function allowsFile(rule: Rule, fact: PathFact, tool: string, facts: CallFacts): boolean {
  if (!fact.settled || !fact.places?.length) return false;
  if (rule.kind === 'tool') return namesFile(rule.tool, fact, tool);
  if (rule.kind !== 'path' || !namesFile(rule.tool, fact, tool)) return false;
  return fact.places.every((place) =>
    coversPath(rule.pattern, place, facts.place, { anyCase: false, folder: fact.folder }),
  );
}

/** In a shell line `Edit` and `Read` stand for its writing and reading. */
const namesFile = (rule: string, fact: PathFact, tool: string): boolean =>
  tool === 'bash' ? rule === (fact.access === 'write' ? 'edit' : 'read') : namesTool(rule, tool);

/** Whether an allow rule covers a whole call that is not a shell line. */
export function allowsCall(rule: Rule, facts: CallFacts): boolean {
  if (!canAllow(rule)) return false;
  if (rule.kind === 'mcp') return mcpMatches(rule, facts.mcp);
  if (rule.kind === 'arguments') {
    return allowsCall(rule.of, facts) && argumentsAllow(rule.pattern, facts.args, facts.mainArgument);
  }
  if (rule.kind === 'domain') return domainMatches(rule, facts);
  if (rule.kind === 'tool' && rule.tool === facts.tool) return true;
  const files = facts.paths;
  return files.length > 0 && files.every((fact) => allowsFile(rule, fact, facts.tool, facts));
}
