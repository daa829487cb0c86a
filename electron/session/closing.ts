import { within } from '../storage/deadline.ts';

/** A session whose newest facts are nowhere but in memory when it closes. */
export interface UnsavedSession {
  id: string;
  title: string;
  /** Why the store does not have them. */
  reason: string;
}

/** Time that is given once and shared by all that follows. */
export interface Countdown {
  left(): number;
  /** Waits for this while there is time, keeping `reserve` milliseconds for what comes after. True when it was settled; never rejects. */
  wait(what: Promise<unknown>, reserve?: number): Promise<boolean>;
}

export function countdown(ms: number): Countdown {
  const end = performance.now() + ms;
  const left = () => Math.max(0, end - performance.now());
  return {
    left,
    wait: (what, reserve = 0) =>
      within(
        what.catch(() => undefined),
        Math.max(0, left() - reserve),
      ),
  };
}
