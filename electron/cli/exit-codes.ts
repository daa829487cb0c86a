import type { ErrorCode } from '../../shared/errors.ts';
import type { RunOutcome } from '../../shared/session/parts.ts';

export const exitCodes = { completed: 0, failed: 1, usage: 2, cancelled: 3, limit: 4, elsewhere: 5 } as const;

export function exitCodeOf(outcome: RunOutcome): number {
  switch (outcome) {
    case 'completed':
      return exitCodes.completed;
    case 'failed':
      return exitCodes.failed;
    case 'cancelled':
    case 'interrupted':
      return exitCodes.cancelled;
    case 'limit':
      return exitCodes.limit;
  }
}

/** For errors before a run began: what was asked for was wrong, is owned by another process, or failed. */
export function exitCodeOfError(code: ErrorCode): number {
  if (code === 'elsewhere') return exitCodes.elsewhere;
  return code === 'invalid' || code === 'notFound' || code === 'notConfigured' ? exitCodes.usage : exitCodes.failed;
}
