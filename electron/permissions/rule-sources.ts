import {
  hasEnded,
  type RuleKind,
  type RulePlace,
  readTimedRule,
  ruleKinds,
  type TimedRule,
} from '../../shared/permissions/rules.ts';
import type { Rules, SessionConfig } from '../../shared/session/config.ts';
import type { Settings } from '../../shared/settings.ts';
import type { PolicyInput } from './policy.ts';

/** A stored rule with its place. */
export interface SourcedRule extends TimedRule {
  kind: RuleKind;
  text: string;
  place: RulePlace;
}

export const noRules: Rules = { allow: [], ask: [], deny: [] };

/** The rules of one place, those that have ended included. */
export const rulesAt = (rules: Rules, place: RulePlace): SourcedRule[] =>
  ruleKinds.flatMap((kind) => rules[kind].map((text) => ({ kind, text, place, ...readTimedRule(text) })));

/**
 * All rules that hold in a session by themselves, the person's own first. Rules of its ancestors are not among them. `brought` are those
 * of a file in its workspace.
 */
export function rulesOfSession(
  settings: Settings,
  sessionId: string,
  config: SessionConfig,
  brought: Rules = noRules,
): SourcedRule[] {
  const { workspace } = config;
  return [
    ...rulesAt(settings.rules, { source: 'user' }),
    ...rulesAt(settings.workspaceRules[workspace] ?? noRules, { source: 'workspace', workspace }),
    ...rulesAt(brought, { source: 'workspace', workspace }),
    ...rulesAt(config.rules, { source: 'session', sessionId }),
  ];
}

/** What the engine judges by: mode and rules as they hold now. */
export function policyOf(
  settings: Settings,
  sessionId: string,
  config: SessionConfig,
  now: number,
  brought: Rules = noRules,
): PolicyInput {
  const holding = rulesOfSession(settings, sessionId, config, brought).filter((rule) => !hasEnded(rule, now));
  const of = (kind: RuleKind) => [...new Set(holding.filter((rule) => rule.kind === kind).map(({ rule }) => rule))];
  return { mode: config.mode, allow: of('allow'), ask: of('ask'), deny: of('deny') };
}
