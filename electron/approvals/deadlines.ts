import type { ApprovalClock } from '../../shared/session/parts.ts';

/** What the clock of a question goes by now. */
export interface ClockTerms {
  /** Absent: it waits as long as it takes. */
  timeoutMs?: number;
  /** The session, or one above it, is paused. */
  paused: boolean;
  /** A person set the question aside. */
  deferred: boolean;
}

/**
 * The clock as it has to be now. Another time than before begins anew; a pause stops it and goes on with what is left; a question that
 * was set aside has the whole time again when it comes back.
 */
export function clockAfter(
  clock: ApprovalClock | undefined,
  { timeoutMs, paused, deferred }: ClockTerms,
  now: number,
): ApprovalClock | undefined {
  if (timeoutMs === undefined) return undefined;
  const kept = clock?.timeoutMs === timeoutMs ? clock : undefined;
  if (deferred) return { timeoutMs, remainingMs: timeoutMs };
  const remaining = (at?: ApprovalClock) =>
    at?.remainingMs ?? (at?.deadline === undefined ? timeoutMs : Math.max(0, at.deadline - now));
  if (paused) return kept?.remainingMs === undefined ? { timeoutMs, remainingMs: remaining(kept) } : kept;
  return kept?.deadline === undefined ? { timeoutMs, deadline: now + remaining(kept) } : kept;
}

/** Timers do not run while the machine sleeps, so the clock on the wall is looked at this often. */
const lookMs = 30_000;

/** Calls `due` once for each deadline that passes, not before it and however long the machine slept. */
export function createDeadlines({ now, due }: { now(): number; due(id: string): void }) {
  const timers = new Map<string, NodeJS.Timeout>();
  let stopped = false;

  const clear = (id: string) => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  };
  const set = (id: string, deadline: number | undefined): void => {
    clear(id);
    if (deadline === undefined || stopped) return;
    const look = () => {
      timers.delete(id);
      if (now() < deadline) set(id, deadline);
      else due(id);
    };
    timers.set(id, setTimeout(look, Math.min(Math.max(0, deadline - now()), lookMs)).unref());
  };

  return {
    set,
    /** From here on nothing is due any more. */
    stop(): void {
      stopped = true;
      for (const id of [...timers.keys()]) clear(id);
    },
  };
}
