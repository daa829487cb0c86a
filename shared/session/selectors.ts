import type { CallItem, CallState, Item, SessionHead, SessionState } from './state.ts';

/** What a person is told about a session; derived from facts, never stored. */
export type SessionStatus =
  | 'idle'
  | 'working'
  | 'needsInput'
  | 'setAside'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'stopped'
  | 'limit'
  | 'interrupted'
  | 'unknown';

export const isRunning = (head: SessionHead): boolean => head.run !== undefined && head.run.outcome === undefined;

export function sessionStatus(head: SessionHead): SessionStatus {
  const { run, approvals } = head;
  if (!isRunning(head) && head.pausedAt !== undefined) return 'paused';
  if (!run) return 'idle';
  switch (run.outcome) {
    case undefined:
      if (approvals.some((a) => !a.deferred)) return 'needsInput';
      if (run.heldAt !== undefined) return 'paused';
      return approvals.length > 0 ? 'setAside' : 'working';
    case 'cancelled':
      return 'stopped';
    default:
      return run.outcome;
  }
}

/** A run is under way, be it that it waits for a person. */
export const isBusy = (status: SessionStatus): boolean =>
  status === 'working' || status === 'needsInput' || status === 'setAside';

const finalStates: ReadonlySet<CallState> = new Set(['ok', 'error', 'denied', 'cancelled', 'timedOut', 'interrupted']);

export const isSettled = (call: CallItem): boolean => finalStates.has(call.state);

export const isCall = (item: Item): item is CallItem => item.kind === 'call';

/** Calls that were asked for and have no result yet. They all belong to the run under way. */
export function openCalls(state: SessionState): CallItem[] {
  const open: CallItem[] = [];
  for (let place = state.items.length - 1; place >= 0; place -= 1) {
    const item = state.items[place];
    if (!item || item.kind === 'prompt') break;
    if (isCall(item) && !isSettled(item)) open.unshift(item);
  }
  return open;
}

/** The arguments that are or were executed: the edited ones where a person edited the call. */
export const executedArgs = (call: CallItem): unknown => call.approval?.finalArgs ?? call.args;

/** A title from the first prompt, until there is a better one. */
export function titleFrom(prompt: string): string {
  const line = prompt.trim().split('\n', 1)[0]?.trim() ?? '';
  return line.length > 60 ? `${line.slice(0, 57).trimEnd()}…` : line;
}
