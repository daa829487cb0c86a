/** A place in a text, `end` not included. */
export interface Span {
  start: number;
  end: number;
}

/** More places than this are not counted. */
export const maxPlaces = 1_000_000;

/**
 * Every place where `wanted` occurs. A lone `\n` in it also matches `\r\n`, because a model does not see how lines end. Overlapping
 * places all count: each is one that could have been meant.
 */
export function findSpans(text: string, wanted: string): Span[] {
  const exact = !wanted.includes('\n') || wanted.includes('\r\n') || !text.includes('\r\n');
  if (exact) return starts(text, wanted).map((start) => ({ start, end: start + wanted.length }));
  const unix = text.replaceAll('\r\n', '\n');
  const toOriginal = positionMap(text);
  return starts(unix, wanted).map((start) => ({
    start: toOriginal(start),
    end: toOriginal(start + wanted.length),
  }));
}

/** Of overlapping spans the first, as a replacement from left to right takes them. */
export function withoutOverlaps(spans: Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans) if (span.start >= (kept.at(-1)?.end ?? 0)) kept.push(span);
  return kept;
}

/** How the lines around a span end: as in it, else as after it, else as before it. */
export function lineEndAt(text: string, { start }: Span): '\n' | '\r\n' {
  const next = text.indexOf('\n', start);
  const newline = next === -1 ? text.lastIndexOf('\n', start) : next;
  return newline > 0 && text[newline - 1] === '\r' ? '\r\n' : '\n';
}

function starts(text: string, wanted: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1 && found.length <= maxPlaces; ) {
    found.push(at);
    at = text.indexOf(wanted, at + 1);
  }
  return found;
}

/** Positions in the text without the `\r` of its `\r\n`, back to positions in the text; to be asked in any order. */
function positionMap(text: string): (position: number) => number {
  const shortened: number[] = [];
  for (let at = text.indexOf('\r\n'); at !== -1; at = text.indexOf('\r\n', at + 2))
    shortened.push(at - shortened.length);
  return (position) => {
    let low = 0;
    let high = shortened.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((shortened[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return position + low;
  };
}
