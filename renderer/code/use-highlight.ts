import { useEffect, useState } from 'react';
import { type CodeLines, cachedHighlight, highlightCode } from './highlight-client.ts';
import type { Language } from './languages.ts';

/** A text that grows is highlighted when it rests this long, in milliseconds. */
const restMs = 120;

/**
 * The newest highlighting of `code`, which may lag behind it: a line of it holds where its text is still the same. `undefined` until
 * the first one is there.
 */
export function useHighlight(code: string, language: Language | undefined): CodeLines | undefined {
  const known = language && cachedHighlight(code, language);
  const [lines, setLines] = useState(known);
  useEffect(() => {
    if (!language || known) return;
    let current = true;
    const timer = setTimeout(() => {
      void highlightCode(code, language).then((next) => {
        if (current && next) setLines(next);
      });
    }, restMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [code, language, known]);
  return known ?? lines;
}
