/** How often and how long a turn is tried again. All times in milliseconds. */
export interface RetryPolicy {
  /** Requests a turn may send in all, the first one included. */
  attempts: number;
  baseMs: number;
  capMs: number;
  /** A server that asks for a longer wait is told as a failure instead. */
  maxServerWaitMs: number;
}

export const defaultRetryPolicy: RetryPolicy = { attempts: 4, baseMs: 500, capMs: 20_000, maxServerWaitMs: 120_000 };

const retryableStatuses = new Set([408, 409, 429, 500, 502, 503, 504, 529]);

/** Whether a failed request may be sent again; `x-should-retry` of the server outranks its status. */
export function isRetryableStatus(status: number, headers?: Headers): boolean {
  const asked = headers?.get('x-should-retry');
  if (asked === 'true') return true;
  if (asked === 'false') return false;
  return retryableStatuses.has(status);
}

/** What the server asks to wait, in milliseconds: `retry-after-ms`, or `Retry-After` as seconds or as an HTTP date. */
export function serverWait(headers: Headers | undefined, now: number): number | undefined {
  const precise = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (Number.isFinite(precise) && precise >= 0) return precise;
  const text = headers?.get('retry-after')?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number.parseFloat(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Doubling from the base up to the cap, with a jitter of ± 25 %. `attempt` is the one that failed, from 1; `random` in 0…1. */
export function backoff(policy: RetryPolicy, attempt: number, random: number): number {
  const full = Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
  return Math.round(full * (0.75 + random / 2));
}

/** Waits, or returns at once when `signal` aborts. Never rejects. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
