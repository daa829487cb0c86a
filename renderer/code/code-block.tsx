import './code.css';
import clsx from 'clsx';
import { HighlightedCode } from './code-lines.tsx';
import { CopyButton } from './copy-button.tsx';
import type { Language } from './languages.ts';

export interface CodeBlockProps {
  code: string;
  language?: Language;
  /** What the block says it is: a fence's language, or "command". */
  label?: string;
  /** Breaks long lines instead of scrolling sideways. */
  wrap?: boolean;
  /** Tailwind class that bounds the height. */
  maxHeight?: string;
}

/** Code in a box: scrolls inside, can be copied. */
export function CodeBlock({ code, language, label, wrap, maxHeight = 'max-h-[420px]' }: CodeBlockProps) {
  return (
    <div className="group/code relative overflow-hidden rounded-md border border-border bg-sunken">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className={clsx(
          'selectable overflow-auto px-3 py-2 font-mono text-sm outline-offset-[-2px]',
          wrap ? 'whitespace-pre-wrap wrap-anywhere' : 'whitespace-pre',
          maxHeight,
        )}
      >
        <HighlightedCode code={code} language={language} />
      </pre>
      <div className="absolute top-1 right-1 flex items-center gap-1 rounded-md bg-sunken pl-1.5 opacity-0 group-focus-within/code:opacity-100 group-hover/code:opacity-100">
        {label !== undefined && <span className="text-xs text-faint">{label}</span>}
        <CopyButton text={code} label="Copy code" />
      </div>
    </div>
  );
}
