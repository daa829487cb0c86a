import { Fragment, memo } from 'react';
import type { CodeLines, CodeToken } from './highlight-client.ts';
import type { Language } from './languages.ts';
import { useHighlight } from './use-highlight.ts';

/** Code as text, coloured once the highlighter has answered. Put it into a `pre`. */
export const HighlightedCode = memo(function HighlightedCode(props: { code: string; language?: Language }) {
  const highlighted = useHighlight(props.code, props.language);
  if (!highlighted) return props.code;
  const lines = props.code.split('\n');
  return lines.map((line, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line's place is its identity
    <Fragment key={place}>
      <LineText text={line} tokens={tokensFor(highlighted, place, line)} />
      {place < lines.length - 1 && '\n'}
    </Fragment>
  ));
});

/** The tokens of a line, where they still are those of its text. */
export function tokensFor(lines: CodeLines | undefined, place: number, text: string): readonly CodeToken[] | undefined {
  const tokens = lines?.[place];
  return tokens && tokens.map((token) => token.text).join('') === text ? tokens : undefined;
}

const LineText = memo(function LineText({ text, tokens }: { text: string; tokens?: readonly CodeToken[] }) {
  if (!tokens) return text;
  return tokens.map((token, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a token's place is its identity
    <span key={place} style={{ color: token.color }}>
      {token.text}
    </span>
  ));
});
