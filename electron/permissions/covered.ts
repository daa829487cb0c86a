import { type FactSources, gatherFacts } from './call-facts.ts';
import type { CallToJudge, DecisionContext, PolicyInput } from './policy.ts';
import { parsedRules } from './rules.ts';
import { coveredParts } from './shell-judge.ts';

/** Which parts of a shell line need no further rule, and why; nothing for calls that are no shell line. */
export type FindCovered = (
  call: CallToJudge,
  policy: PolicyInput,
  context: DecisionContext,
) => Promise<{ part: string; rule?: string }[]>;

export const createFindCovered =
  (sources: FactSources): FindCovered =>
  async (call, { allow, mode }, context) => {
    const facts = await gatherFacts(call, context, sources);
    if (!facts.shell) return [];
    const rules = parsedRules(allow);
    const longestFirst = rules.sort((a, b) => b.text.length - a.text.length);
    return coveredParts(facts.shell, facts, { allow: longestFirst, mayWrite: mode === 'accept-edits' });
  };
