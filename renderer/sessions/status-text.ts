import type { SessionSummary } from '../../shared/app/state.ts';
import type { SessionStatus } from '../../shared/session/selectors.ts';
import { plural } from '../ui/amounts.ts';

const words: Record<SessionStatus, string> = {
  idle: 'Idle',
  working: 'Working',
  needsInput: 'Needs input',
  setAside: 'Waiting (set aside)',
  paused: 'Paused',
  completed: 'Completed',
  failed: 'Failed',
  stopped: 'Stopped',
  limit: 'Limit reached',
  interrupted: 'Interrupted',
  unknown: 'Unknown',
};

export const statusWord = (status: SessionStatus): string => words[status];

/** What is said about a session beside its title. */
export function describeSession(session: SessionSummary): string {
  const parts = [statusWord(session.status)];
  if (session.waiting > 0) parts.push(`${plural(session.waiting, 'approval')} waiting`);
  if (session.setAside > 0) parts.push(`${session.setAside} set aside`);
  if (session.queued > 0) parts.push(`${session.queued} queued`);
  if (session.elsewhere) parts.push('running elsewhere');
  if (session.unsaved !== undefined) parts.push('unsaved');
  if (session.damaged !== undefined) parts.push('damaged');
  return parts.join(', ');
}
