import type { SourcedDecision } from './policy.ts';
import { unreadFile } from './workspace-policies.ts';

/** Why a call that would be asked about is denied where nobody answers, with what would really permit it. */
export function whyNobodyAnswers(
  { reason, rule }: Pick<SourcedDecision, 'reason' | 'rule'>,
  waivable: boolean,
): string {
  const denied = reason.endsWith('.')
    ? `${reason} Nobody is here to approve it.`
    : `${reason}, and nobody is here to approve it.`;
  // What to mend stands in the reason.
  if (rule !== undefined && unreadFile(rule)) return denied;
  if (rule !== undefined) return `${denied} No allow rule outranks that one: change it to permit the call.`;
  if (!waivable) return `${denied} No rule and no mode permits it without a person.`;
  return `${denied} Run with --allow RULE or another --mode to permit it.`;
}
