import { createCssVariablesTheme, createHighlighterCore, type HighlighterCore, type LanguageInput } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import type { HighlightAnswer, HighlightRequest } from './highlight-client.ts';
import type { Language } from './languages.ts';

const themeName = 'switchyard';

const loaders: Record<Language, LanguageInput> = {
  bash: () => import('shiki/langs/bash.mjs'),
  c: () => import('shiki/langs/c.mjs'),
  cpp: () => import('shiki/langs/cpp.mjs'),
  csharp: () => import('shiki/langs/csharp.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
  docker: () => import('shiki/langs/docker.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  jsx: () => import('shiki/langs/jsx.mjs'),
  markdown: () => import('shiki/langs/markdown.mjs'),
  php: () => import('shiki/langs/php.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  ruby: () => import('shiki/langs/ruby.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  toml: () => import('shiki/langs/toml.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  typescript: () => import('shiki/langs/typescript.mjs'),
  xml: () => import('shiki/langs/xml.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
};

let highlighter: Promise<HighlighterCore> | undefined;
const loading = new Map<Language, Promise<void>>();

async function highlighterFor(language: Language): Promise<HighlighterCore> {
  highlighter ??= createHighlighterCore({
    themes: [createCssVariablesTheme({ name: themeName, variablePrefix: '--code-' })],
    langs: [],
    // The target is named because detection silently picks a wrong one in some engines.
    engine: createJavaScriptRegexEngine({ target: 'ES2024', forgiving: true }),
  });
  const ready = await highlighter;
  const loaded = loading.get(language) ?? ready.loadLanguage(loaders[language]);
  loading.set(language, loaded);
  await loaded;
  return ready;
}

async function highlight({ id, code, language }: HighlightRequest): Promise<HighlightAnswer> {
  try {
    const { tokens } = (await highlighterFor(language)).codeToTokens(code, {
      lang: language,
      theme: themeName,
      tokenizeMaxLineLength: 2000,
      tokenizeTimeLimit: 300,
    });
    return { id, lines: tokens.map((line) => line.map(({ content, color }) => ({ text: content, color }))) };
  } catch {
    return { id };
  }
}

// The DOM library types `self` as a window; only its worker side is used here.
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<HighlightRequest>) => void) | null;
  postMessage(answer: HighlightAnswer): void;
};

scope.onmessage = ({ data }) => void highlight(data).then((answer) => scope.postMessage(answer));
