import type { QueuedApproval } from '../../shared/app/state.ts';
import type { Mode } from '../../shared/session/config.ts';

export interface CardAnswers {
  /** The affirmative answer; absent where we do not know what it would mean. */
  allow?: string;
  /** A further affirmative answer, which also sets the session's mode. */
  allowIn?: { label: string; mode: Mode };
  deny: string;
  /** What is asked for when somebody denies; absent where nobody would be told. */
  why?: string;
  /** The arguments are shown and can be changed first. */
  edits: boolean;
  /** A rule can be saved with the answer. */
  grants: boolean;
}

const reason = 'Reason for denying, for the model (optional)';

/** What each kind of question can be answered with, beside "Later". A kind that is not here can only be denied. */
const answersByKind: Partial<Record<QueuedApproval['kind'], CardAnswers>> = {
  call: { allow: 'Allow once', deny: 'Deny', why: reason, edits: true, grants: true },
  budget: { allow: 'Continue', deny: 'Stop', edits: false, grants: false },
  plan: {
    allow: 'Approve plan',
    allowIn: { label: 'Approve and accept edits', mode: 'accept-edits' },
    deny: 'Keep planning',
    why: 'What should be different, for the model (optional)',
    edits: true,
    grants: false,
  },
};

export const answersOf = (kind: QueuedApproval['kind']): CardAnswers =>
  answersByKind[kind] ?? { deny: 'Deny', why: reason, edits: false, grants: false };
