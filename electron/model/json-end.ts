/** Follows a JSON object that grows piece by piece, in time linear in its length. */
export interface JsonEnd {
  add(piece: string): void;
  /** Whether what was added, which is `text`, is one whole object. */
  isComplete(text: string): boolean;
}

export function createJsonEnd(): JsonEnd {
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** Once an object has closed, all that may follow is white space. */
  let state: 'open' | 'closed' | 'broken' = 'open';
  let parsed: boolean | undefined;

  function take(code: number): void {
    if (inString) {
      if (escaped) escaped = false;
      else if (code === backslash) escaped = true;
      else if (code === quote) inString = false;
      return;
    }
    if (isSpace(code)) return;
    if (state === 'closed') state = 'broken';
    else if (code === quote) inString = true;
    else if (code === braceOpen) depth += 1;
    else if (code === braceClose) {
      depth -= 1;
      if (depth === 0) state = 'closed';
    }
  }

  return {
    add(piece) {
      for (let place = 0; place < piece.length && state !== 'broken'; place += 1) take(piece.charCodeAt(place));
    },
    isComplete(text) {
      if (state !== 'closed') return false;
      parsed ??= isJson(text);
      return parsed;
    },
  };
}

const [quote, backslash, braceOpen, braceClose] = [0x22, 0x5c, 0x7b, 0x7d];
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
