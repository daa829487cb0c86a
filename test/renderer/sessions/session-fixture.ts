import type { SessionSummary } from '../../../shared/app/state.ts';

let made = 0;

/** A session as the index lists it; each is newer than the one before. */
export function listed(id: string, changes: Partial<SessionSummary> = {}): SessionSummary {
  made += 1;
  return {
    id,
    title: `Title ${id}`,
    workspace: '/work/one',
    depth: 0,
    status: 'idle',
    mode: 'manual',
    createdAt: made,
    updatedAt: made,
    waiting: 0,
    setAside: 0,
    queued: 0,
    totals: { input: 0, output: 0, cachedInput: 0, modelCalls: 0, cost: 0, unpriced: 0 },
    activity: '',
    ...changes,
  };
}

export const byId = (...sessions: SessionSummary[]): Record<string, SessionSummary> =>
  Object.fromEntries(sessions.map((session) => [session.id, session]));
