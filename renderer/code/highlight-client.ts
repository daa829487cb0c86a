import type { Language } from './languages.ts';

/** `color` is a CSS value with a variable in it, so that one highlighting serves both themes. */
export interface CodeToken {
  text: string;
  color?: string;
}

export type CodeLines = readonly (readonly CodeToken[])[];

export interface HighlightRequest {
  id: number;
  code: string;
  language: Language;
}

/** Without `lines` the text stays plain. */
export interface HighlightAnswer {
  id: number;
  lines?: CodeLines;
}

/** Longer texts stay plain: nobody reads their colours, and each token is an element. */
const longestHighlighted = 60_000;

const cacheSize = 200;

let worker: Worker | undefined;
let broken = false;
let lastId = 0;
const waiting = new Map<number, (lines: CodeLines | undefined) => void>();
const cache = new Map<string, CodeLines>();

const keyOf = (code: string, language: Language): string => `${language}\n${code}`;

/** What is known already, without asking the worker. */
export const cachedHighlight = (code: string, language: Language): CodeLines | undefined =>
  cache.get(keyOf(code, language));

/** Highlights off the main thread; `undefined` when the text has to stay plain. Never rejects. */
export async function highlightCode(code: string, language: Language): Promise<CodeLines | undefined> {
  const cached = cachedHighlight(code, language);
  if (cached || broken || code.length > longestHighlighted) return cached;
  const lines = await new Promise<CodeLines | undefined>((resolve) => {
    lastId += 1;
    waiting.set(lastId, resolve);
    const request: HighlightRequest = { id: lastId, code, language };
    startWorker().postMessage(request);
  });
  if (lines) remember(keyOf(code, language), lines);
  return lines;
}

function startWorker(): Worker {
  if (worker) return worker;
  const started = new Worker(new URL('./highlighter.worker.ts', import.meta.url), { type: 'module' });
  started.onmessage = ({ data }: MessageEvent<HighlightAnswer>) => {
    waiting.get(data.id)?.(data.lines);
    waiting.delete(data.id);
  };
  // A worker that cannot start answers nobody: all that wait stay plain.
  started.onerror = () => {
    broken = true;
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  worker = started;
  return started;
}

function remember(key: string, lines: CodeLines): void {
  cache.set(key, lines);
  const oldest = cache.keys().next();
  if (cache.size > cacheSize && !oldest.done) cache.delete(oldest.value);
}
