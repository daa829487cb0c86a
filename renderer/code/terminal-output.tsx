import './code.css';
import clsx from 'clsx';
import { type CSSProperties, memo, useMemo } from 'react';
import { type AnsiStyle, parseAnsi } from './ansi.ts';

const colour = (value: number | string): string => (typeof value === 'number' ? `var(--ansi-${value})` : value);

function cssOf(style: AnsiStyle): CSSProperties | undefined {
  const fg = style.fg === undefined ? undefined : colour(style.fg);
  const bg = style.bg === undefined ? undefined : colour(style.bg);
  if (style.inverse) return { color: bg ?? 'var(--sunken)', backgroundColor: fg ?? 'var(--text)' };
  // A named ground was chosen for another palette's text: white or black, whichever reads, is up to us.
  return fg || bg ? { color: fg ?? (bg && 'var(--bg)'), backgroundColor: bg } : undefined;
}

export interface TerminalOutputProps {
  text: string;
  maxHeight?: string;
}

/** What a program printed: monospaced, with its colours; no other escape sequence has an effect. Scrolls inside. */
export const TerminalOutput = memo(function TerminalOutput({ text, maxHeight }: TerminalOutputProps) {
  const segments = useMemo(() => parseAnsi(text), [text]);
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      className={clsx(
        'selectable overflow-auto rounded-md border border-border bg-sunken px-3 py-2 font-mono text-sm whitespace-pre-wrap wrap-anywhere outline-offset-[-2px]',
        maxHeight ?? 'max-h-72',
      )}
    >
      {segments.map(({ text, style }, place) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a segment's place is its identity
          key={place}
          style={cssOf(style)}
          className={clsx(
            style.bold && 'font-semibold',
            style.dim && style.fg === undefined && 'text-muted',
            style.italic && 'italic',
            style.underline && 'underline',
            style.strike && 'line-through',
          )}
        >
          {text}
        </span>
      ))}
    </pre>
  );
});
