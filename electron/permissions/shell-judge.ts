import type { CallFacts } from './call-facts.ts';
import { isWithin } from './canonical-path.ts';
import type { PathFact } from './path-facts.ts';
import { allowsCommand, allowsFile, uncoveredEscape } from './rule-match.ts';
import type { Rule } from './rules.ts';
import { programName } from './shell/file-programs.ts';
import type { CommandFacts, ShellFacts } from './shell/shell-facts.ts';
import type { Word } from './shell/shell-word.ts';

/** Whether a line may run without a question. */
export interface Coverage {
  covered: boolean;
  /** Rules that it needed; none when the mode alone covers it. */
  rules: string[];
  /** Why not, as a sentence without its full stop. */
  reason?: string;
  /** Nothing is known of it but that no rule names it. */
  unnamed?: boolean;
  /** The first simple command that nothing covers. */
  missing?: Word[];
}

export interface Grants {
  allow: Rule[];
  /** Writing in the workspace needs no question. */
  mayWrite: boolean;
}

export const isInside = (fact: PathFact, workspace: string): boolean =>
  fact.settled && (fact.places?.every((place) => isWithin(workspace, place)) ?? false);

const uncovered = (words: Word[]): Coverage => ({
  covered: false,
  rules: [],
  reason: `No allow rule covers \`${words.map((word) => word.source).join(' ')}\``,
  unnamed: true,
  missing: words,
});

/** `echo hi`, `sleep 9`: harmless, but not the reading that needs no question. */
const isIdle = ({ commands }: ShellFacts): boolean => commands.every((one) => one.transparent || one.idle);

function fileGrant(fact: PathFact, facts: CallFacts, grants: Grants): string | true | undefined {
  const rule = grants.allow.find((one) => allowsFile(one, fact, 'bash', facts));
  if (rule) return rule.text;
  const byMode = fact.access === 'read' || grants.mayWrite;
  return byMode && isInside(fact, facts.place.workspace) ? true : undefined;
}

/** Joins the grants of several files; the first file without one is the reason. */
function filesCoverage(files: PathFact[], facts: CallFacts, grants: Grants): Coverage {
  const rules: string[] = [];
  for (const file of files) {
    const grant = fileGrant(file, facts, grants);
    if (grant === undefined) return { covered: false, rules, reason: whyNot(file, facts.place.workspace) };
    if (grant !== true) rules.push(grant);
  }
  return { covered: true, rules };
}

function whyNot(fact: PathFact, workspace: string): string {
  const verb = fact.access === 'write' ? 'Writes' : 'Reads';
  if (!fact.settled || !fact.places)
    return `${verb} a file whose name is known only when the line runs: \`${fact.shown}\``;
  return isInside(fact, workspace) ? `${verb} \`${fact.shown}\`` : `${verb} outside the workspace: \`${fact.shown}\``;
}

function commandCoverage(command: CommandFacts, facts: CallFacts, grants: Grants): Coverage {
  if (command.transparent) return { covered: true, rules: [] };
  const rule = grants.allow.find((one) => allowsCommand(one, command.words));
  const missing = command.words;
  if (rule) {
    const hidden = hiddenFile(command);
    return hidden ? { covered: false, rules: [], reason: hidden, missing } : { covered: true, rules: [rule.text] };
  }
  if (command.reads) {
    if (command.obstacle) return { covered: false, rules: [], reason: command.obstacle, missing };
    return { ...filesCoverage(command.reads, facts, grants), missing };
  }
  const escapes = escapeReason(missing, grants.allow);
  if (escapes) return { covered: false, rules: [], reason: escapes, missing };
  const writes = command.writes && filesCoverage(command.writes, facts, grants);
  if (writes?.covered) return writes;
  return writes?.reason && grants.mayWrite
    ? { covered: false, rules: [], reason: writes.reason, missing }
    : uncovered(missing);
}

function escapeReason(words: Word[], allow: Rule[]): string | undefined {
  for (const rule of allow) {
    const word = uncoveredEscape(rule, words);
    if (word)
      return `\`${word.source}\` can start other programs or write files, which the rule \`${rule.text}\` does not name`;
  }
  return undefined;
}

/** Where a program is known to use files, each must be known too, else a protected one could hide behind a variable or braces. */
function hiddenFile(command: CommandFacts): string | undefined {
  const hides = command.known && programName(command.words) !== 'git';
  const fact = hides ? command.named.find((one) => !one.places) : undefined;
  return fact && whyNot(fact, '');
}

/** A folder that is moved takes its links along: what a later path means can then not be told from what lies there now. */
function movesBeforeUse({ commands, redirects }: ShellFacts): boolean {
  const moving = commands.filter((command) => command.moves);
  const users = commands.filter((command) => command.reads?.length || command.writes?.length).length;
  return moving.length > 0 && users + redirects.length > 1;
}

const isRuled = (command: CommandFacts, allow: Rule[]): boolean =>
  allow.some((rule) => allowsCommand(rule, command.words));

/** Every simple command must be covered on its own, and every redirection; a line with doubts is not. */
export function coverLine(shell: ShellFacts, facts: CallFacts, grants: Grants): Coverage {
  const whole = grants.allow.find((rule) => coversWholeLine(rule, shell));
  if (whole) return { covered: true, rules: [whole.text] };
  const { line } = shell;
  if (line.doubts.length > 0) {
    return { covered: false, rules: [], reason: `The line cannot be judged: it holds ${line.doubts[0]}` };
  }
  const rules: string[] = [];
  for (const command of shell.commands) {
    const coverage = commandCoverage(command, facts, grants);
    if (!coverage.covered) return coverage;
    rules.push(...coverage.rules);
  }
  const first = shell.commands.find((command) => !command.transparent);
  if (first && rules.length === 0 && shell.redirects.length === 0 && isIdle(shell)) {
    return uncovered(first.words);
  }
  const redirected = filesCoverage(shell.redirects, facts, grants);
  if (!redirected.covered) return redirected;
  if (movesBeforeUse(shell) && shell.commands.some((command) => command.moves && !isRuled(command, grants.allow))) {
    return {
      covered: false,
      rules: [],
      reason: 'Moves or copies files and then uses paths that may lead elsewhere by then',
    };
  }
  return { covered: true, rules: [...new Set([...rules, ...redirected.rules])] };
}

/** The parts of a line that need no further rule, as written; each with the rule that covers it, or none where the mode does. */
export function coveredParts(shell: ShellFacts, facts: CallFacts, grants: Grants): { part: string; rule?: string }[] {
  if (shell.line.doubts.length > 0) return [];
  const commands = shell.commands.filter((command) => !command.transparent);
  const parts = commands.map((command) => ({
    part: command.words.map((word) => word.source).join(' '),
    ...commandCoverage(command, facts, grants),
  }));
  const files = shell.redirects.map((fact) => ({ part: fact.shown, ...filesCoverage([fact], facts, grants) }));
  return [...parts, ...files]
    .filter((one) => one.covered)
    .map(({ part, rules: [rule] }) => (rule === undefined ? { part } : { part, rule }));
}

/** `Bash`, or this very line. */
function coversWholeLine(rule: Rule, { line }: ShellFacts): boolean {
  if (rule.kind === 'tool') return rule.tool === 'bash';
  return rule.kind === 'command' && !rule.rest && rule.line === line.source.trim();
}

/** True when the line does nothing but read, wherever that is. */
export const onlyReads = ({ line, commands, redirects }: ShellFacts): boolean =>
  line.doubts.length === 0 &&
  commands.every((command) => command.transparent || command.reads !== undefined) &&
  redirects.every((fact) => fact.access === 'read');
