import type { Id } from '../ids.ts';
import type { Rules } from '../session/config.ts';

/** Where a rule is kept, which is also where it holds. */
export type RulePlace =
  | { source: 'user' }
  | { source: 'workspace'; workspace: string }
  | { source: 'session'; sessionId: Id };

export const ruleKinds = ['deny', 'ask', 'allow'] as const satisfies readonly (keyof Rules)[];
export type RuleKind = keyof Rules;

/** How long a new rule holds: an hour from now, until the day ends on this machine, or until it is removed. */
export const ruleTerms = ['hour', 'today', 'never'] as const;
export type RuleTerm = (typeof ruleTerms)[number];

/** A stored rule with its end taken off. `until` is milliseconds since the epoch. */
export interface TimedRule {
  rule: string;
  until?: number;
}

const ending = /^([\s\S]+) until (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z)$/;

/** Rules are stored as text; one that ends says so behind it: `Bash(npm test *) until 2026-11-22T20:00:00.000Z`. */
export function readTimedRule(stored: string): TimedRule {
  const [, rule, time] = ending.exec(stored.trim()) ?? [];
  const until = time === undefined ? Number.NaN : Date.parse(time);
  return rule === undefined || Number.isNaN(until) ? { rule: stored.trim() } : { rule, until };
}

export const writeTimedRule = ({ rule, until }: TimedRule): string =>
  until === undefined ? rule : `${rule} until ${new Date(until).toISOString()}`;

/** From this moment on the rule matches nothing. */
export const hasEnded = ({ until }: TimedRule, now: number): boolean => until !== undefined && now >= until;

export function endOfTerm(term: RuleTerm, now: number): number | undefined {
  if (term === 'never') return undefined;
  if (term === 'hour') return now + 3_600_000;
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}

/** A rule as the rules page lists it. */
export interface ListedRule extends TimedRule {
  place: RulePlace;
  kind: RuleKind;
  /** As stored; with place and kind it names the rule. */
  text: string;
  ended: boolean;
  /** What keeps it from being understood. Such a rule never allows, and asks where it may mean a call. */
  problem?: string;
  hits: number;
  lastUsedAt?: number;
  /** Title of the session, or path of the workspace, that it holds in. */
  where?: string;
  /** The file of its workspace that it stands in, where it is changed. */
  file?: string;
}
