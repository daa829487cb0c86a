import { fail, ok, type Result } from '../../shared/errors.ts';
import { hasHiddenCharacters } from '../../shared/visible.ts';
import { type PathPattern, parsePathPattern } from './path-pattern.ts';
import { readWords } from './shell-reader.ts';
import type { Word } from './shell-word.ts';

/**
 * A permission rule. `text` is how it is written and stored.
 * - tool: every call of the tool; `edit` and `read` stand for every tool, and every part of a shell line, that writes or reads files
 * - command: shell commands. With `rest`, the words and then anything or nothing; without, exactly these words, or exactly this line
 * - path: calls on files that the pattern covers
 * - domain: fetches from a host, or with `below` from any host under it
 * - mcp: the tools of a server, or one of them
 */
export type Rule =
  | { kind: 'tool'; text: string; tool: string }
  | { kind: 'command'; text: string; line: string; words?: Word[]; rest: boolean }
  | { kind: 'path'; text: string; tool: string; pattern: PathPattern }
  | { kind: 'domain'; text: string; host: string; below: boolean }
  | { kind: 'mcp'; text: string; server: string; tool?: string };

const MAX_LENGTH = 10_000;

/** Tools whose calls name a file or folder; `edit` and `read` are also names for all that write and read. */
const pathTools = new Set(['read', 'edit', 'write', 'patch', 'ls', 'glob', 'grep']);

/** Names compare without case and `_`. */
export const plainName = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** Splits `mcp__server__tool`; undefined for other names. */
export function mcpName(name: string): { server: string; tool: string } | undefined {
  const [, server, tool] = /^mcp__(.+?)__(.+)$/is.exec(name) ?? [];
  return server && tool ? { server: plainName(server), tool: plainName(tool) } : undefined;
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
  const [, server, tool] = /^mcp__([^*()\s]+?)(?:__([^()\s]+))?$/i.exec(text) ?? [];
  if (!server || tool?.replace(/^\*$/, '').includes('*')) {
    return wrong('An MCP rule names a server, or a server and a tool.', 'Write `mcp__server` or `mcp__server__tool`.');
  }
  const one = tool === undefined || tool === '*' ? {} : { tool: plainName(tool) };
  return ok({ kind: 'mcp', text, server: plainName(server), ...one });
}

function patternRule(text: string, name: string, pattern: string): Result<Rule> {
  const tool = plainName(name);
  if (tool === 'bash') return pattern === '*' ? ok({ kind: 'tool', text, tool }) : commandRule(text, pattern);
  if (tool === 'webfetch') return domainRule(text, pattern);
  if (!pathTools.has(tool))
    return wrong(`Rules for \`${name}\` take no pattern.`, `Write \`${name}\` for all of its calls.`);
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

/** The rule as we write it: `Bash(p:*)` becomes `Bash(p *)`. Parsing it again gives the same rule. */
export const formatRule = (rule: Rule): string => rule.text;

/** Tools that a rule which does not parse may have meant; undefined when that may be any. */
export function meantTool(source: string): string | undefined {
  const name = /^\s*([A-Za-z][\w-]*)\s*(?:$|\()/.exec(source)?.[1];
  return name && !/^mcp__/i.test(name) ? plainName(name) : undefined;
}
