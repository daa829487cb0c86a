import { type ConfirmationPolicy, exemptLanes, type Lane, spanText } from '../../shared/permissions/confirmation.ts';
import type { Firmness, Judgement } from '../permissions/policy.ts';
import { plainName } from '../permissions/rules.ts';
import type { Effects } from '../tools/tool.ts';

/** The reference's names, as names compare; whatever is not among them may do anything. */
const queries = new Set(['read', 'glob', 'ls', 'grep', 'listfiles', 'search', 'webfetch', 'websearch']);

/**
 * The lane of a tool, by its name, and never that of looking up for one which declares that it changes or runs something. Tools of MCP
 * servers never look anything up: their names prove nothing.
 */
export const laneOf = (tool: string, effects?: Effects): Lane =>
  queries.has(plainName(tool)) && !effects?.writes && !effects?.runs ? 'query' : 'execute';

const laneWords: Record<Lane, string> = { query: 'reading and searching', execute: 'changing and running' };

/**
 * Allows what would be asked where the policy asks nobody about such calls. Never what is denied, nor questions that no policy may
 * answer: of protected paths, and of deny rules in doubt.
 */
export function confirmed(judged: Judgement, tool: string, policy: ConfirmationPolicy, effects?: Effects): Judgement {
  const lane = laneOf(tool, effects);
  if (judged.decision !== 'ask' || !judged.waivable || !exemptLanes(policy).includes(lane)) return judged;
  const why = policy.enabled ? `Confirmation is off for ${laneWords[lane]}` : 'Confirmation is off';
  // The rule that asked is not one that allows.
  const { rule: _rule, rules: _rules, ...rest } = judged;
  return { ...rest, decision: 'allow', reason: `${why}; else: ${judged.reason}`, by: 'confirmation' };
}

/** How a question ends that nobody answered in time. Only reading is ever allowed that way. */
export function endOfSilence(
  judged: Firmness,
  { timeoutAction }: ConfirmationPolicy,
  timeoutMs: number,
): { outcome: 'allowed' | 'timedOut'; reason: string } {
  const silence = `Nobody answered within ${spanText(timeoutMs)}`;
  if (timeoutAction === 'approve-reads' && judged.waivable && judged.readsOnly) {
    return { outcome: 'allowed', reason: `${silence}, and the call only reads` };
  }
  return { outcome: 'timedOut', reason: silence };
}
