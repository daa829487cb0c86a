import type { SessionSummary } from '../../shared/app/state.ts';
import type { SessionStatus } from '../../shared/session/selectors.ts';

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

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** 950, 12.3k, 4.1M. */
export function compactNumber(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 999_500) return `${trim(value / 1000)}k`;
  return `${trim(value / 1_000_000)}M`;
}

const trim = (value: number): string =>
  value < 100 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));

/** A sum in US dollars; less than a cent still says that it is not nothing. */
export const money = (dollars: number): string => (dollars > 0 && dollars < 0.01 ? '<$0.01' : `$${dollars.toFixed(2)}`);

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
