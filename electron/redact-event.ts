import type { SessionEvent } from '../shared/session/events.ts';

/** Takes our own keys out of every string of an event. Returns the same object when there is nothing to take out. */
export const redactEvent = (event: SessionEvent, redact: (text: string) => string): SessionEvent =>
  isClean(event, redact) ? event : (mapStrings(event, redact) as SessionEvent);

/** Nearly every event is, and every one passes here: it is looked at without a copy. */
function isClean(value: unknown, redact: (text: string) => string): boolean {
  if (typeof value === 'string') return redact(value) === value;
  if (value === null || typeof value !== 'object') return true;
  for (const key in value) {
    if (redact(key) !== key || !isClean((value as Record<string, unknown>)[key], redact)) return false;
  }
  return true;
}

/** The same for bytes of any kind: keys are ASCII, and one character a byte keeps all else as it is. */
export function redactBytes(bytes: Uint8Array, redact: (text: string) => string): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  const clean = redact(text);
  return clean === text ? bytes : Buffer.from(clean, 'latin1');
}

/** As fields of events are called: a key of letters alone, which only a test server has, must not garble them. */
const ourName = /^[A-Za-z]+$/;

/** The value with every string in it changed, names of fields too; the same object when none is. */
export function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) {
    const mapped = value.map((entry) => mapStrings(entry, change));
    return mapped.every((entry, place) => entry === value[place]) ? value : mapped;
  }
  if (value === null || typeof value !== 'object') return value;
  const mapped = Object.entries(value).map(
    ([key, entry]) => [ourName.test(key) ? key : change(key), mapStrings(entry, change)] as const,
  );
  const isSame = Object.entries(value).every(
    ([key, entry], at) => mapped[at]?.[0] === key && mapped[at]?.[1] === entry,
  );
  return isSame ? value : Object.fromEntries(mapped);
}
