import type { Envelope } from './events.ts';
import { reduceSession } from './reduce.ts';
import type { Item, SessionState } from './state.ts';

/** How many of the newest items a replica opens with. */
export const replicaWindow = 200;

/** The part of a session from place `firstItem` of its transcript on. */
export function windowOf(state: SessionState, firstItem: number): SessionState {
  if (firstItem <= state.firstItem) return state;
  return { ...state, firstItem, items: state.items.slice(firstItem - state.firstItem) };
}

/** What a replica opens with: the head and the newest items. */
export const newestWindow = (state: SessionState): SessionState =>
  windowOf(state, state.firstItem + Math.max(0, state.items.length - replicaWindow));

/** Puts an older page, which ends where the window begins, before it. */
export function prependItems(state: SessionState, older: readonly Item[]): SessionState {
  return { ...state, firstItem: state.firstItem - older.length, items: [...older, ...state.items] };
}

/**
 * Applies live envelopes in order. One that the replica already holds is skipped; after a gap it returns `undefined`, and the replica
 * must be opened anew.
 */
export function applyEnvelopes(state: SessionState, envelopes: readonly Envelope[]): SessionState | undefined {
  let next = state;
  for (const envelope of envelopes) {
    if (envelope.seq <= next.seq) continue;
    if (envelope.seq !== next.seq + 1) return undefined;
    next = reduceSession(next, envelope);
  }
  return next;
}
