import { writeArgumentRule, writePair } from '../../shared/permissions/argument-pattern.ts';
import { hasHiddenCharacters } from '../../shared/visible.ts';

/** A rule for the calls of a tool, and what a person can take out of it or put back. */
export interface ArgumentRule {
  rule: string;
  /** Every pair that the rule may hold. */
  pairs: string[];
  /** Arguments that no rule can name: of whatever value. */
  left: string[];
}

const MAX_PAIRS = 12;
const MAX_VALUE = 1_000;
const MAX_DEPTH = 4;

interface Named {
  path: string[];
  text?: string;
}

function named(value: unknown, path: string[]): Named[] {
  if (typeof value !== 'object' || value === null) {
    return [{ path, text: typeof value === 'string' ? value : JSON.stringify(value) }];
  }
  const entries = Object.entries(value);
  if (Array.isArray(value) || entries.length === 0 || path.length >= MAX_DEPTH) return [{ path }];
  return entries.flatMap(([name, inner]) => named(inner, [...path, name]));
}

const canBeWritten = ({ path, text }: Named): boolean =>
  text !== undefined && text.length <= MAX_VALUE && ![...path, text].some(hasHiddenCharacters);

/** The narrowest rule for a call by its arguments: every one that a rule can name, with exactly its value. */
export function argumentRule(tool: string, args: unknown): ArgumentRule {
  const all = typeof args === 'object' && args !== null && !Array.isArray(args) ? args : {};
  const found = Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .flatMap(([name, value]) => named(value, [name]));
  const written = found.filter(canBeWritten).slice(0, MAX_PAIRS);
  const pairs = written.map(({ path, text }) => writePair(path, text ?? ''));
  const left = found.filter((one) => !written.includes(one)).map(({ path }) => path.join('.'));
  return { rule: writeArgumentRule(tool, pairs), pairs, left };
}
