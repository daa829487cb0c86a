import type { QueuedApproval } from '../../shared/app/state.ts';

export interface CardAnswers {
  /** The affirmative answer; absent where we do not know what it would mean. */
  allow?: string;
  deny: string;
  /** Whether denying asks for a reason first. */
  asksWhy: boolean;
}

/** What each kind of question can be answered with, beside "Later". A kind that is not here can only be denied. */
const answersByKind: Partial<Record<QueuedApproval['kind'], CardAnswers>> = {
  call: { allow: 'Allow once', deny: 'Deny', asksWhy: true },
  budget: { allow: 'Continue', deny: 'Stop', asksWhy: false },
};

export const answersOf = (kind: QueuedApproval['kind']): CardAnswers =>
  answersByKind[kind] ?? { deny: 'Deny', asksWhy: true };
