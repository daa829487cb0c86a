/** How a stretch of terminal text looks. Colours 0–15 are the palette's; others come as CSS colours. */
export interface AnsiStyle {
  fg?: number | string;
  bg?: number | string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
}

export interface AnsiSegment {
  text: string;
  style: AnsiStyle;
}

/**
 * Every escape sequence of ECMA-48: CSI, the string sequences (OSC, DCS, SOS, PM, APC: closed by BEL or ST, or cut off by the end of
 * the text), two-character escapes, and the 8-bit forms of all of them. Group 1 holds the parameters of SGR.
 */
const escapes = new RegExp(
  [
    '(?:\\u001b\\[|\\u009b)([0-9;:]*)m',
    '(?:\\u001b\\[|\\u009b)[0-?]*[ -/]*[@-~]?',
    '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])[^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?',
    '\\u001b[ -/]*[0-~]?',
  ].join('|'),
  'g',
);

/** Control characters that mean nothing in a text view; tab and newline stay. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Terminal output as styled text: only SGR has an effect, everything else of the escape sequences is dropped. Total, never throws. */
export function parseAnsi(output: string): AnsiSegment[] {
  const text = overwriteLines(output);
  const segments: AnsiSegment[] = [];
  let style: AnsiStyle = {};
  let from = 0;
  for (const match of text.matchAll(escapes)) {
    push(segments, text.slice(from, match.index), style);
    if (match[1] !== undefined) style = applySgr(style, match[1]);
    from = match.index + match[0].length;
  }
  push(segments, text.slice(from), style);
  return segments;
}

/** A carriage return starts its line anew: progress bars show their last state only. */
const overwriteLines = (text: string): string =>
  text.includes('\r') ? text.replace(/\r+\n/g, '\n').replace(/[^\n]*\r(?=[^\n])/g, '') : text;

function push(segments: AnsiSegment[], raw: string, style: AnsiStyle): void {
  const text = raw.replace(controls, '');
  if (text === '') return;
  const last = segments.at(-1);
  if (last?.style === style) last.text += text;
  else segments.push({ text, style });
}

const flags: Record<number, Partial<AnsiStyle>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  22: { bold: undefined, dim: undefined },
  23: { italic: undefined },
  24: { underline: undefined },
  27: { inverse: undefined },
  29: { strike: undefined },
  39: { fg: undefined },
  49: { bg: undefined },
};

function applySgr(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)));
  let next: AnsiStyle = { ...style };
  for (let place = 0; place < codes.length; place += 1) {
    const code = codes[place] ?? 0;
    if (code === 0) next = {};
    else if (code === 38 || code === 48) {
      const { colour, length } = extendedColour(codes.slice(place + 1));
      if (colour !== undefined) next = { ...next, [code === 38 ? 'fg' : 'bg']: colour };
      place += length;
    } else next = { ...next, ...(flags[code] ?? basicColour(code)) };
  }
  return next;
}

function basicColour(code: number): Partial<AnsiStyle> {
  if (code >= 30 && code <= 37) return { fg: code - 30 };
  if (code >= 40 && code <= 47) return { bg: code - 40 };
  if (code >= 90 && code <= 97) return { fg: code - 82 };
  if (code >= 100 && code <= 107) return { bg: code - 92 };
  return {};
}

function extendedColour(rest: number[]): { colour?: number | string; length: number } {
  const [kind, a = 0, b = 0, c = 0] = rest;
  if (kind === 2) return { colour: `rgb(${clamp(a)}, ${clamp(b)}, ${clamp(c)})`, length: 4 };
  if (kind !== 5) return { length: rest.length };
  return { colour: indexedColour(clamp(a)), length: 2 };
}

const clamp = (value: number): number => Math.max(0, Math.min(255, value));

/** The 256-colour palette: 16 named, a 6×6×6 cube, 24 greys. */
function indexedColour(index: number): number | string {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey}, ${grey}, ${grey})`;
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))}, ${level(Math.floor(cube / 6) % 6)}, ${level(cube % 6)})`;
}
