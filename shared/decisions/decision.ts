import type { ApprovalOutcome } from '../session/parts.ts';
import type { CallDecision, CallItem } from '../session/state.ts';

/** Who or what let a call run or not. */
export type Decider = 'person' | 'rule' | 'mode' | 'confirmation' | 'workbench';

/** One line of the decision log. Times are milliseconds since the epoch. */
export interface DecisionEntry {
  at: number;
  sessionId: string;
  session: string;
  callId: string;
  tool: string;
  title: string;
  outcome: ApprovalOutcome;
  by: Decider;
  reason: string;
  rule?: string;
  source?: string;
  /** Every rule that was needed, where one alone would not have allowed it. */
  rules?: { rule: string; source?: string }[];
  comment?: string;
  edited: boolean;
  /** Rules that the person made of the answer. */
  granted?: NonNullable<CallItem['approval']>['granted'];
  /** What an edited call is called, where that is not its title. */
  editedTo?: string;
  /** Milliseconds that the call waited for an answer; no part of its own time. */
  waitedMs: number;
}

export type CallDecisionFacts = Omit<DecisionEntry, 'sessionId' | 'session'>;

/** How a call was decided, from what its transcript item keeps; nothing while that is open. */
export function decisionOf(call: CallItem): CallDecisionFacts | undefined {
  const { decision, approval } = call;
  const facts = { callId: call.id, tool: call.tool, title: call.title };
  if (approval?.outcome) {
    const { askedAt, answeredAt = askedAt ?? call.at, comment } = approval;
    const { rule } = approval;
    return {
      ...facts,
      at: answeredAt,
      outcome: approval.outcome,
      by: approval.by === 'rule' && rule === undefined ? 'mode' : (approval.by ?? 'workbench'),
      reason: approval.reason ?? decision?.reason ?? '',
      ...rulesOf(approval),
      ...(comment ? { comment } : {}),
      edited: approval.finalArgs !== undefined,
      ...(approval.granted ? { granted: approval.granted } : {}),
      ...(isRetitled(call) ? { editedTo: approval.finalTitle } : {}),
      waitedMs: askedAt === undefined ? 0 : answeredAt - askedAt,
    };
  }
  if (!decision || decision.decision === 'ask') return undefined;
  const { rule } = decision;
  return {
    ...facts,
    at: decision.at ?? call.at,
    outcome: decision.decision === 'allow' ? 'allowed' : 'denied',
    by: decision.by ?? (rule === undefined ? 'mode' : 'rule'),
    reason: decision.reason,
    ...rulesOf(decision),
    edited: false,
    waitedMs: 0,
  };
}

/** True when a person made another call of it, by what it is called. */
export const isRetitled = ({ title, approval }: CallItem): boolean =>
  approval?.finalTitle !== undefined && approval.finalTitle !== title;

const rulesOf = ({ rule, source, rules }: Pick<CallDecision, 'rule' | 'source' | 'rules'>) => ({
  ...(rule === undefined ? {} : { rule }),
  ...(source === undefined ? {} : { source }),
  ...(rules === undefined ? {} : { rules }),
});
