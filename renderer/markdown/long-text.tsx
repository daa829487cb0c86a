import { useState } from 'react';
import { formatCount } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { LazyMarkdown } from './lazy-markdown.tsx';

/** Characters laid out at a time: more would hold the window up. */
const step = 100_000;

/** A reply of any length: its beginning, and more of it on demand. */
export function LongText({ text }: { text: string }) {
  const [shown, setShown] = useState(step);
  if (text.length <= shown) return <LazyMarkdown text={text} />;
  return (
    <>
      <LazyMarkdown text={text.slice(0, shown)} />
      <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
        {formatCount(text.length - shown)} more characters are not shown.
        <Button size="sm" onClick={() => setShown(shown + step)}>
          Show more
        </Button>
      </p>
    </>
  );
}
