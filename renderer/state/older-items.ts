import type { Result } from '../../shared/errors.ts';
import { ok } from '../../shared/errors.ts';
import { prependItems } from '../../shared/session/replica.ts';
import type { SessionState } from '../../shared/session/state.ts';
import { request } from '../connection.ts';
import { type Replica, sessionState, useReplicas } from './replicas.ts';

const pageSize = 200;

type Ready = Extract<Replica, { phase: 'ready' }>;

/** Fetches the page before the window and puts it in front. Answers how many items came; 0 when there are none or one is under way. */
export async function loadOlderItems(id: string): Promise<Result<number>> {
  const replica = useReplicas.getState().replicas[id];
  if (replica?.phase !== 'ready' || replica.paging || replica.state.firstItem === 0) return ok(0);
  const before = replica.state.firstItem;
  update(id, (now) => ({ ...now, paging: true }));
  const answer = await request('session.items', { sessionId: id, before, limit: pageSize });
  update(id, (now) => ({
    phase: 'ready',
    state: answer.ok ? prepend(now.state, before, answer.value.items) : now.state,
  }));
  if (!answer.ok) return answer;
  return ok(sessionState(id)?.firstItem === before ? 0 : answer.value.items.length);
}

/** A replica that was opened anew meanwhile begins elsewhere: the page no longer ends where it begins. */
const prepend = (state: SessionState, before: number, items: SessionState['items']): SessionState =>
  state.firstItem === before ? prependItems(state, items) : state;

function update(id: string, change: (now: Ready) => Ready): void {
  useReplicas.setState(({ replicas }) => {
    const now = replicas[id];
    return now?.phase === 'ready' ? { replicas: { ...replicas, [id]: change(now) } } : { replicas };
  });
}
