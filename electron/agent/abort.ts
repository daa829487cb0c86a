/** Reason given to a run's signal when Switchyard itself stops, as against a person's Stop. */
export const shutdownReason = 'shutdown';

/** How whatever the signal ended is recorded: a person cancels, a shutdown interrupts. */
export const outcomeOfAbort = (signal: AbortSignal): 'cancelled' | 'interrupted' =>
  signal.reason === shutdownReason ? 'interrupted' : 'cancelled';

/** Waits for the promise or for the abort, whichever is first. */
export function firstOf(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    void promise.then(done);
  });
}
