import { makeVisible } from '../../shared/visible.ts';

/** A sentence of ours in which what stands in backticks is code. */
export const CodeText = ({ text }: { text: string }) =>
  makeVisible(text)
    .split('`')
    .map((part, place, all) => {
      // An odd backtick at the end opens nothing.
      const isCode = place % 2 === 1 && place < all.length - 1;
      const key = place;
      return isCode ? (
        <code key={key} className="selectable rounded-sm bg-hover px-1 font-mono wrap-anywhere">
          {part}
        </code>
      ) : (
        <span key={key}>{place % 2 === 1 ? `\`${part}` : part}</span>
      );
    });
