import type { AppState, SessionSummary } from '../../shared/app/state.ts';
import {
  asksNothing,
  type ConfirmationPolicy,
  confirmationInForce,
  exemptLanes,
} from '../../shared/permissions/confirmation.ts';
import { strictestMode } from '../../shared/permissions/modes.ts';

type Sessions = AppState['sessions'];

/** The sessions above one that are there, nearest first. */
function above(sessions: Sessions, id: string): SessionSummary[] {
  const found: SessionSummary[] = [];
  for (let next = sessions[sessions[id]?.parentId ?? '']; next && !found.includes(next); ) {
    found.push(next);
    next = sessions[next.parentId ?? ''];
  }
  return found;
}

export const confirmationsAbove = (sessions: Sessions, id: string): (ConfirmationPolicy | undefined)[] =>
  above(sessions, id).map(({ confirmation }) => confirmation);

/** Why hardly anything is asked in a session: its mode, or its confirmation policy, as the sessions above it allow. */
export function unasked(sessions: Sessions, id: string): 'bypass' | 'off' | 'execute' | undefined {
  const session = sessions[id];
  if (!session) return undefined;
  const mode = strictestMode([session, ...above(sessions, id)].map((one) => one.mode));
  if (mode === 'bypass') return 'bypass';
  const policy = confirmationInForce(session.confirmation, confirmationsAbove(sessions, id));
  if (mode === 'plan') return undefined;
  if (asksNothing(policy)) return 'off';
  return exemptLanes(policy).includes('execute') ? 'execute' : undefined;
}
