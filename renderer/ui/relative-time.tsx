import { type PointerEvent, useSyncExternalStore } from 'react';
import { create } from 'zustand';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in a word as short as "now", "3m", "2h", "5d" or "14 Mar". Both in milliseconds since the epoch. */
export function relativeTime(at: number, now: number): string {
  const age = now - at;
  if (age < minute) return 'now';
  if (age < hour) return `${Math.floor(age / minute)}m`;
  if (age < day) return `${Math.floor(age / hour)}h`;
  if (age < 7 * day) return `${Math.floor(age / day)}d`;
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
}

/** One clock for all ages on screen; it ticks only while one is shown. */
const useClock = create<{ now: number }>()(() => ({ now: Date.now() }));

let shown = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function watch(onTick: () => void): () => void {
  const unsubscribe = useClock.subscribe(onTick);
  shown += 1;
  // Nobody watched for a while: the time on the clock is old.
  if (!timer) useClock.setState({ now: Date.now() });
  timer ??= setInterval(() => useClock.setState({ now: Date.now() }), 15_000);
  return () => {
    unsubscribe();
    shown -= 1;
    if (shown > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Shows the whole date to who points at a time. Not before: the first date that is formatted takes a frame. */
export const nameDate = (at: number) => (event: PointerEvent<HTMLElement>) => {
  event.currentTarget.title = new Date(at).toLocaleString();
};

export function RelativeTime({ at, className }: { at: number; className?: string }) {
  const text = useSyncExternalStore(watch, () => relativeTime(at, Math.max(useClock.getState().now, at)));
  return (
    <time dateTime={new Date(at).toISOString()} onPointerEnter={nameDate(at)} className={className}>
      {text}
    </time>
  );
}

/** How long until then, rounded: "under 1 min", "4 min", "2 h". */
export function timeLeft(until: number, now: number): string {
  const left = until - now;
  if (left < minute) return 'under 1 min';
  return left <= 90 * minute ? `${Math.round(left / minute)} min` : `${Math.round(left / hour)} h`;
}

/** Counts down without a word: it is no live region. */
export function TimeLeft({ until, className }: { until: number; className?: string }) {
  const text = useSyncExternalStore(watch, () => timeLeft(until, useClock.getState().now));
  return (
    <time dateTime={new Date(until).toISOString()} onPointerEnter={nameDate(until)} className={className}>
      {text}
    </time>
  );
}
