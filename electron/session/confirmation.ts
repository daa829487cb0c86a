import { z } from 'zod';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { WorkbenchError } from '../../shared/errors.ts';
import { type ConfirmationPolicy, confirmationInForce } from '../../shared/permissions/confirmation.ts';
import { confirmationPolicySchema } from '../../shared/permissions/confirmation-schema.ts';
import type { Session } from './session.ts';

/** The confirmation policy of a session as it is now, under those of the sessions above it, nearest first. */
export const confirmationOf = (session: Session, ancestors: readonly Session[]): ConfirmationPolicy =>
  confirmationInForce(
    session.state.head.config.confirmation,
    ancestors.map((above) => above.state.head.config.confirmation),
  );

/** Throws `invalid` with what is wrong. */
export function checkedConfirmation(policy: unknown): ConfirmationPolicy {
  const parsed = confirmationPolicySchema.safeParse(policy);
  if (parsed.success) return parsed.data;
  throw new WorkbenchError('invalid', `That is no confirmation policy: ${z.prettifyError(parsed.error)}`);
}

/** Adds what is left of the time that the question is given, in milliseconds. */
export function withRemaining<A extends QueuedApproval>(approval: A, now: number): A & { remainingMs?: number } {
  const { clock } = approval;
  const left = clock?.remainingMs ?? (clock?.deadline === undefined ? undefined : Math.max(0, clock.deadline - now));
  return left === undefined ? approval : { ...approval, remainingMs: left };
}
