import { create } from 'zustand';
import type { Failure } from '../../shared/errors.ts';
import type { SessionState } from '../../shared/session/state.ts';

/** A session's replica as the window holds it. `paging` while an older page is on its way. */
export type Replica =
  | { phase: 'loading' }
  | { phase: 'failed'; failure: Failure }
  | { phase: 'ready'; state: SessionState; paging?: boolean };

/** The replicas of the sessions that are open; only the connection and the pager write it. */
export const useReplicas = create<{ replicas: Record<string, Replica> }>()(() => ({ replicas: {} }));

/** A part of an open session, `undefined` until its replica is there. A selector that builds a new object needs `useShallow`. */
export function useSession<T>(id: string, selector: (state: SessionState) => T): T | undefined {
  return useReplicas(({ replicas }) => {
    const replica = replicas[id];
    return replica?.phase === 'ready' ? selector(replica.state) : undefined;
  });
}

/** `closed` is a session that nobody opened. */
export const useReplicaPhase = (id: string): Replica['phase'] | 'closed' =>
  useReplicas(({ replicas }) => replicas[id]?.phase ?? 'closed');

export const useReplicaFailure = (id: string): Failure | undefined =>
  useReplicas(({ replicas }) => {
    const replica = replicas[id];
    return replica?.phase === 'failed' ? replica.failure : undefined;
  });

/** Whether the transcript has items before the window, and whether they are being fetched. */
export const useHasOlder = (id: string): boolean => useSession(id, (state) => state.firstItem > 0) ?? false;

export const useIsPaging = (id: string): boolean =>
  useReplicas(({ replicas }) => {
    const replica = replicas[id];
    return replica?.phase === 'ready' && replica.paging === true;
  });

/** The state without subscribing to it, for use in event handlers. */
export function sessionState(id: string): SessionState | undefined {
  const replica = useReplicas.getState().replicas[id];
  return replica?.phase === 'ready' ? replica.state : undefined;
}
