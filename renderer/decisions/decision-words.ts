import type { Decider, DecisionEntry } from '../../shared/decisions/decision.ts';
import type { ApprovalOutcome } from '../../shared/session/parts.ts';

export const outcomeWords: Record<ApprovalOutcome, string> = {
  allowed: 'Allowed',
  denied: 'Denied',
  timedOut: 'Timed out',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
};

export const deciderWords: Record<Decider, string> = {
  person: 'You',
  rule: 'Rule',
  mode: 'Mode',
  confirmation: 'Confirmation policy',
  workbench: 'Switchyard',
};

const sources: Record<string, string> = {
  user: 'your rules for everywhere',
  workspace: 'the rules of the workspace',
  session: "the session's own rules",
  parent: 'the rules of a session above',
};

/** The rules that decided: none, one, or all that it took together. */
export const rulesOf = ({ rule, source, rules }: Pick<DecisionEntry, 'rule' | 'source' | 'rules'>) =>
  rules ?? (rule === undefined ? [] : [{ rule, ...(source === undefined ? {} : { source }) }]);

export const sourceText = ({ source }: Pick<DecisionEntry, 'source'>): string | undefined =>
  source === undefined ? undefined : sources[source];
