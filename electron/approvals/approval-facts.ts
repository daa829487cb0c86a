import type { EventOf, SessionEvent } from '../../shared/session/events.ts';
import type { ApprovalOutcome, Approver } from '../../shared/session/parts.ts';
import type { PendingApproval } from '../../shared/session/state.ts';
import type { CallQuestion } from '../agent/ports.ts';
import type { SourcedDecision } from '../permissions/policy.ts';
import { hashCall } from './call-hash.ts';

/** A question about a run rather than one of its calls. */
export interface RunQuestion {
  kind: Exclude<PendingApproval['kind'], 'call'>;
  title: string;
  args: unknown;
  reason: string;
}

/** How a question ends. `args` and `title` are there when a person edited the call, `granted` when they made a rule of the answer. */
export interface QuestionEnd extends Partial<Pick<SourcedDecision, 'reason' | 'rule' | 'source' | 'rules' | 'places'>> {
  outcome: ApprovalOutcome;
  by: Approver;
  comment?: string;
  args?: unknown;
  title?: string;
  granted?: EventOf<'approval.resolved'>['granted'];
  unanswered?: boolean;
}

export const endByJudgement = ({
  decision,
  by,
  reason,
  rule,
  source,
  rules,
  places,
}: SourcedDecision): QuestionEnd => ({
  outcome: decision === 'allow' ? 'allowed' : 'denied',
  by: by ?? 'rule',
  reason,
  rule,
  source,
  rules,
  places,
});

export const requested = (
  approvalId: string,
  { call, kind = 'call', args, reason, rule, risk, sandbox }: CallQuestion,
): SessionEvent => ({
  type: 'approval.requested',
  approvalId,
  kind,
  callId: call.id,
  tool: call.tool,
  title: call.title,
  toolKind: call.toolKind,
  args,
  detail: call.detail,
  hash: hashCall(call.tool, args),
  reason,
  ...(rule === undefined ? {} : { rule }),
  risk,
  ...(sandbox ? { sandbox } : {}),
});

export const requestedOfRun = (approvalId: string, { kind, title, args, reason }: RunQuestion): SessionEvent => ({
  type: 'approval.requested',
  approvalId,
  kind,
  tool: kind,
  title,
  toolKind: 'other',
  args,
  detail: { type: 'json' },
  hash: hashCall(kind, args),
  reason,
  risk: { level: 'low', reasons: [] },
});

/** `args`: those that the call runs with, if it runs. */
export function resolved(approval: PendingApproval, end: QuestionEnd, args: unknown): SessionEvent {
  const edited = 'args' in end;
  return {
    type: 'approval.resolved',
    approvalId: approval.id,
    ...(approval.callId ? { callId: approval.callId } : {}),
    outcome: end.outcome,
    by: end.by,
    ...(end.comment ? { comment: end.comment } : {}),
    ...(end.reason ? { reason: end.reason } : {}),
    ...(end.rule ? { rule: end.rule } : {}),
    ...(end.source ? { source: end.source } : {}),
    ...(end.rules ? { rules: end.rules } : {}),
    originalHash: approval.hash,
    ...(edited ? { finalArgs: args } : {}),
    ...(edited && end.title !== undefined ? { finalTitle: end.title } : {}),
    finalHash: hashCall(approval.tool, args),
    ...(end.outcome === 'allowed' && end.places ? { places: end.places } : {}),
    ...(end.granted ? { granted: end.granted } : {}),
  };
}
