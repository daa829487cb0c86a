import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clockAfter, createDeadlines } from '../../../electron/approvals/deadlines.ts';

const running = { timeoutMs: 5000, paused: false, deferred: false };

describe('the clock of a question', () => {
  it('counts from the question on, and is kept as it is, over a restart too [confirmation.restart]', () => {
    const clock = clockAfter(undefined, running, 1000);
    expect(clock).toEqual({ timeoutMs: 5000, deadline: 6000 });
    expect(clockAfter(clock, running, 4000)).toBe(clock);
    expect(clockAfter(clock, running, 9000)).toBe(clock);
  });

  it('is not there without a time, and begins anew with another one [confirmation.live]', () => {
    const clock = clockAfter(undefined, running, 1000);
    expect(clockAfter(clock, { ...running, timeoutMs: undefined }, 2000)).toBeUndefined();
    expect(clockAfter(clock, { ...running, timeoutMs: 8000 }, 2000)).toEqual({ timeoutMs: 8000, deadline: 10_000 });
  });

  it('stands still in a pause and goes on with what was left [S-W31]', () => {
    const clock = clockAfter(undefined, running, 1000);
    const stopped = clockAfter(clock, { ...running, paused: true }, 2000);
    expect(stopped).toEqual({ timeoutMs: 5000, remainingMs: 4000 });
    expect(clockAfter(stopped, { ...running, paused: true }, 90_000)).toBe(stopped);
    expect(clockAfter(stopped, running, 100_000)).toEqual({ timeoutMs: 5000, deadline: 104_000 });
  });

  it('stops for what is set aside, which has its whole time when it comes back [confirmation.timeout]', () => {
    const clock = clockAfter(undefined, running, 1000);
    const aside = clockAfter(clock, { ...running, deferred: true }, 5900);
    expect(aside).toEqual({ timeoutMs: 5000, remainingMs: 5000 });
    expect(clockAfter(aside, running, 7000)).toEqual({ timeoutMs: 5000, deadline: 12_000 });
  });
});

describe('deadlines', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are due once, not before their time, however far away they are [confirmation.timeout]', async () => {
    const due = vi.fn();
    const deadlines = createDeadlines({ now: Date.now, due });
    deadlines.set('a', Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(3_599_000);
    expect(due).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(due.mock.calls).toEqual([['a']]);
  });

  it('that passed while the machine slept are due once when it wakes [confirmation.timeout]', async () => {
    const due = vi.fn();
    const deadlines = createDeadlines({ now: Date.now, due });
    deadlines.set('a', Date.now() + 60_000);
    // Timers stand still in sleep, the clock on the wall does not.
    vi.setSystemTime(Date.now() + 10 * 3_600_000);
    await vi.advanceTimersByTimeAsync(30_000);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(due.mock.calls).toEqual([['a']]);
  });

  it('that were moved, taken away or stopped are not due [confirmation.live]', async () => {
    const due = vi.fn();
    const deadlines = createDeadlines({ now: Date.now, due });
    deadlines.set('moved', Date.now() + 1000);
    deadlines.set('moved', Date.now() + 60_000);
    deadlines.set('gone', Date.now() + 1000);
    deadlines.set('gone', undefined);
    await vi.advanceTimersByTimeAsync(5000);
    deadlines.stop();
    deadlines.set('late', Date.now());
    await vi.advanceTimersByTimeAsync(600_000);
    expect(due).not.toHaveBeenCalled();
  });
});
