import { lazy, Suspense } from 'react';

const load = () => import('./markdown.tsx');

const Markdown = lazy(async () => ({ default: (await load()).Markdown }));

/** Fetches the parser when the window has nothing better to do, so that the first reply finds it. */
export const prepareMarkdown = (): void => void requestIdleCallback(() => void load());

/** Markdown whose parser is not part of the first frame; until it is there the text stands as it is. */
export const LazyMarkdown = ({ text }: { text: string }) => (
  <Suspense fallback={<p className="selectable whitespace-pre-wrap wrap-anywhere">{text}</p>}>
    <Markdown text={text} />
  </Suspense>
);
