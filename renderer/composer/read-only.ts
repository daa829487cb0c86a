import type { SessionSummary } from '../../shared/app/state.ts';

/** Why a session takes no prompt, if so. */
export function readOnlyReason(session: SessionSummary | undefined, destroyed: boolean): string | undefined {
  if (destroyed || !session) return 'This session was deleted.';
  if (session.elsewhere) return 'Another Switchyard process runs this session. It can only be read here.';
  if (session.damaged !== undefined) return `This session is damaged and can only be read: ${session.damaged}`;
  return undefined;
}
