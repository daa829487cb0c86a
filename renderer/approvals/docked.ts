import type { QueuedApproval } from '../../shared/app/state.ts';

/** The approval whose card stands above a session's composer: the oldest that waits and is not set aside. */
export const dockedApprovalOf = (approvals: readonly QueuedApproval[], sessionId: string): QueuedApproval | undefined =>
  approvals.find((approval) => approval.sessionId === sessionId && !approval.deferred);
