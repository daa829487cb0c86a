import type { SessionEvent } from '../shared/session/events.ts';

/** Takes our own keys out of every string of an event. Returns the same object when there is nothing to take out. */
export const redactEvent = (event: SessionEvent, redact: (text: string) => string): SessionEvent =>
  mapStrings(event, redact) as SessionEvent;

/** The same for bytes of any kind: keys are ASCII, and one character a byte keeps all else as it is. */
export function redactBytes(bytes: Uint8Array, redact: (text: string) => string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const clean = redact(text);
  return clean === text ? bytes : Buffer.from(clean, 'latin1');
}

/** The value with every string in it changed; the same object when none is. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) {
    const mapped = value.map((entry) => mapStrings(entry, change));
    return mapped.every((entry, place) => entry === value[place]) ? value : mapped;
  }
  if (value === null || typeof value !== 'object') return value;
  let changed = false;
  const mapped: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    mapped[key] = mapStrings(entry, change);
    changed ||= mapped[key] !== entry;
  }
  return changed ? mapped : value;
}
