import { fail, ok, type Result } from '../../shared/errors.ts';
import { type ArgumentPattern, parseArguments } from '../../shared/permissions/argument-pattern.ts';
import type { RuleKind } from '../../shared/permissions/rules.ts';
import { hasHiddenCharacters } from '../../shared/visible.ts';
import { fileTool } from './file-tools.ts';
import { type PathPattern, parsePathPattern } from './path-pattern.ts';
import { readWords } from './shell/shell-reader.ts';
import type { Word } from './shell/shell-word.ts';

/**
 * A permission rule. `text` is how it is written and stored.
 * - tool: every call of the tool; `edit` and `read` stand for every tool, and every part of a shell line, that writes or reads files
 * - command: shell commands. With `rest`, the words and then anything or nothing; without, exactly these words, or exactly this line
 * - path: calls on files that the pattern covers
 * - domain: fetches from a host, or with `below` from any host under it
 * - mcp: the tools of a server, one of them, or those whose names begin alike; without a server, of every one, which only forbids
 * - arguments: calls that `of` names, where the arguments fit
 */
export type Rule =
  | ToolRule
  | { kind: 'command'; text: string; line: string; words?: Word[]; rest: boolean }
  | { kind: 'path'; text: string; tool: string; pattern: PathPattern }
  | { kind: 'domain'; text: string; host: string; below: boolean }
  | McpRule
  | { kind: 'arguments'; text: string; of: McpRule | ToolRule; pattern: ArgumentPattern };

type ToolRule = { kind: 'tool'; text: string; tool: string };
type McpRule = { kind: 'mcp'; text: string; server?: string; tool?: string; begins?: string };

const MAX_LENGTH = 10_000;

/** Names compare without case and `_`. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll('_', '');

export interface McpName {
  server: string;
  tool: string;
  /** The tool's name as it is written, but for its case. */
  written: string;
}

/** Splits `mcp__server__tool`; undefined for other names. */
export function mcpName(name: string): McpName | undefined {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/is.exec(name) ?? [];
  return server && tool ? { server: plainName(server), tool: plainName(tool), written: tool.toLowerCase() } : undefined;
}

const wrong = (message: string, hint: string) => fail('invalid', message, hint);

function commandRule(text: string, pattern: string): Result<Rule> {
  const prefix = /^([\s\S]*\S)(?: |:)\*$/.exec(pattern)?.[1];
  const line = (prefix ?? pattern).trim();
  const words = readWords(line);
  const isPlain = words !== undefined && words.length > 0;
  const wild = isPlain
    ? words.some((word) => word.pieces.some((p) => p.kind === 'glob' && p.text === '*'))
    : line.includes('*');
  if (wild) {
    return wrong(
      'In a command rule `*` stands only at the end, after a space.',
      'Write `Bash(npm test *)`, or the exact line.',
    );
  }
  if (prefix === undefined) return ok({ kind: 'command', text, line, rest: false, ...(isPlain ? { words } : {}) });
  if (!isPlain || words.some((word) => word.pieces.some((piece) => piece.kind === 'unknown'))) {
    return wrong(
      'What stands before ` *` must be the plain words of one command.',
      'Write one rule for each command of a line.',
    );
  }
  return ok({ kind: 'command', text: `Bash(${line} *)`, line, words, rest: true });
}

function domainRule(text: string, pattern: string): Result<Rule> {
  const [, wildcard, host] = /^domain:(\*\.)?([^*\s/:@]+)$/i.exec(pattern) ?? [];
  const name = host && hostName(host);
  if (!name)
    return wrong(
      'A fetch rule names a domain.',
      'Write `WebFetch(domain:example.com)` or `WebFetch(domain:*.example.com)`.',
    );
  return ok({ kind: 'domain', text, host: name, below: wildcard !== undefined });
}

/** As a URL spells it: lower case, punycode, no final dot. */
export function hostName(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname.replace(/\.$/, '');
  } catch {
    return undefined;
  }
}

function mcpRule(text: string): Result<Rule> {
  const [, server, tool, pattern] = /^mcp__([^()\s]+?)(?:__([^()\s]+))?(?:\(([\s\S]*)\))?$/i.exec(text) ?? [];
  const begins = tool === undefined || tool === '*' ? undefined : /^([^*]+)\*$/.exec(tool)?.[1];
  const one = tool === undefined || tool === '*' || begins !== undefined ? undefined : tool;
  const anyServer = server === '*' && tool === undefined;
  if (!server || (server.includes('*') && !anyServer) || one?.includes('*')) {
    return wrong(
      'An MCP rule names a server, or a server and a tool.',
      'Write `mcp__server`, `mcp__server__tool` or `mcp__server__get_*`.',
    );
  }
  const of: McpRule = {
    ...{ kind: 'mcp', text },
    ...(anyServer ? {} : { server: plainName(server) }),
    ...(one === undefined ? {} : { tool: plainName(one) }),
    ...(begins === undefined ? {} : { begins: begins.toLowerCase() }),
  };
  return pattern === undefined ? ok(of) : argumentsRule(text, of, pattern);
}

function argumentsRule(text: string, of: McpRule | ToolRule, source: string): Result<Rule> {
  if (source.trim() === '') return wrong('The pattern is empty.', 'Leave out the brackets for all calls.');
  const pattern = parseArguments(source);
  return pattern.ok ? ok({ kind: 'arguments', text, of, pattern: pattern.value }) : pattern;
}

function patternRule(text: string, name: string, pattern: string): Result<Rule> {
  const tool = plainName(name);
  if (tool === 'bash') return pattern === '*' ? ok({ kind: 'tool', text, tool }) : commandRule(text, pattern);
  if (tool === 'webfetch') return domainRule(text, pattern);
  if (!fileTool(tool)) {
    const rule = argumentsRule(text, { kind: 'tool', text, tool }, pattern);
    if (!rule.ok || rule.value.kind !== 'arguments' || 'pairs' in rule.value.pattern) return rule;
    return wrong(
      `A rule for \`${name}\` says which argument it is about.`,
      `Write \`${name}(name:pattern)\`, or \`${name}\` for all of its calls.`,
    );
  }
  const parsed = parsePathPattern(pattern);
  return parsed.ok ? ok({ kind: 'path', text, tool, pattern: parsed.value }) : parsed;
}

/** Reads a rule. Fails with what is wrong and how to write it; a rule that does not parse never allows anything. */
export function parseRule(source: string): Result<Rule> {
  const text = source.trim();
  if (text.length > MAX_LENGTH) return wrong('The rule is too long.', 'Write a shorter one.');
  if (hasHiddenCharacters(text)) return wrong('The rule holds characters that cannot be seen.', 'Type it anew.');
  if (/^mcp__/i.test(text)) return mcpRule(text);
  const [, name, pattern] = /^([A-Za-z][\w-]*)(?:\(([\s\S]*)\))?$/.exec(text) ?? [];
  if (!name)
    return wrong(
      'This is not a rule.',
      'Write a tool, such as `Bash`, or a tool and a pattern, such as `Bash(npm test *)`.',
    );
  if (pattern === undefined) return ok({ kind: 'tool', text, tool: plainName(name) });
  if (pattern.trim() === '') return wrong('The pattern is empty.', `Write \`${name}\` for all of its calls.`);
  return patternRule(text, name, pattern.trim());
}

/** The rules that can be understood. */
export const parsedRules = (texts: readonly string[]): Rule[] =>
  texts.map(parseRule).flatMap((rule) => (rule.ok ? [rule.value] : []));

/** Whether an allow rule can ever hold: one for the tools of every server there is grants too much. */
export const canAllow = (rule: Rule): boolean =>
  rule.kind === 'arguments' ? canAllow(rule.of) : rule.kind !== 'mcp' || rule.server !== undefined;

/** Reads a rule of this kind: one that could never allow anything is none to allow by. */
export function parseRuleFor(kind: RuleKind, source: string): Result<Rule> {
  const rule = parseRule(source);
  if (!rule.ok || kind !== 'allow' || canAllow(rule.value)) return rule;
  return wrong('An allow rule names its server.', 'Write `mcp__server` or `mcp__server__tool`.');
}

/** The rule as we write it: `Bash(p:*)` becomes `Bash(p *)`. Parsing it again gives the same rule. */
export const formatRule = (rule: Rule): string => rule.text;

/** What a rule which does not parse may have meant: one tool, some MCP tool, or undefined for any call. */
export function meantBy(source: string): { tool: string } | 'mcp' | undefined {
  const name = /^\s*([A-Za-z][\w-]*)\s*(?:$|\()/.exec(source)?.[1];
  if (/^\s*mcp__/i.test(source)) return 'mcp';
  return name ? { tool: plainName(name) } : undefined;
}
