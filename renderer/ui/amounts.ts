/** A length of time as a person reads it: "40 ms", "0.4 s", "12 s", "1 m 05 s", "2 h 03 m". */
export function formatDuration(ms: number): string {
  if (ms < 100) return `${Math.round(ms)} ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${pad(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} m`;
}

const pad = (value: number): string => String(value).padStart(2, '0');

/** 12,300. The comma is fixed, for it is part of what assistive technology and tests read. */
export const formatCount = (value: number): string => Math.round(value).toLocaleString('en-US');

export const formatClock = (at: number): string =>
  new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** 950, 12.3k, 4.1M. */
export function compactNumber(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 999_500) return `${trim(value / 1000)}k`;
  return `${trim(value / 1_000_000)}M`;
}

const trim = (value: number): string =>
  value < 100 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value));

/** A sum in US dollars; less than a cent still says that it is not nothing. */
export const money = (dollars: number): string => (dollars > 0 && dollars < 0.01 ? '<$0.01' : `$${dollars.toFixed(2)}`);
