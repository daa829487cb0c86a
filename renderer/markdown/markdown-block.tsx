import { Image } from 'lucide-react';
import { Children, isValidElement, memo, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { CodeBlock } from '../code/code-block.tsx';
import { languageOf } from '../code/languages.ts';
import { ExternalLink } from './external-link.tsx';

const plugins = [remarkGfm];

/** Addresses are checked where they are shown; the text of the address must reach that place unchanged. */
const keepAddress = (url: string): string => url;

const components: Components = {
  a: ({ href, children }) => <ExternalLink href={href}>{children}</ExternalLink>,
  // Nothing is fetched because a model wrote it: an image is a link to look at.
  img: ({ src, alt }) => (
    <ExternalLink href={typeof src === 'string' ? src : undefined}>
      <Image aria-label="Image" className="mr-1 inline size-3.5 align-[-2px]" />
      {alt || 'image'}{' '}
      <span className="text-faint wrap-anywhere">({typeof src === 'string' ? src : 'no address'})</span>
    </ExternalLink>
  ),
  pre: ({ children }) => <Fence>{children}</Fence>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="overflow-x-auto outline-offset-[-2px]">
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => <input type="checkbox" checked={checked === true} readOnly disabled aria-label="Task" />,
};

function Fence({ children }: { children: ReactNode }) {
  const code = Children.toArray(children).find(isValidElement<{ className?: string; children?: ReactNode }>);
  const text = Children.toArray(code?.props.children).join('').replace(/\n$/, '');
  const name = /language-(\S+)/.exec(code?.props.className ?? '')?.[1];
  return <CodeBlock code={text} language={languageOf(name)} label={name} />;
}

/** Nobody writes so long a paragraph, and some make the parser take the square of their length. Code it only carries along. */
const isTooLong = (text: string): boolean => text.length > 20_000 && !/^(`{3}|~{3})/.test(text);

/** One top-level block. Raw HTML in it is text: no plugin here turns it into elements. */
export const MarkdownBlock = memo(function MarkdownBlock({ text }: { text: string }) {
  if (isTooLong(text)) return <p className="markdown-block whitespace-pre-wrap wrap-anywhere">{text}</p>;
  return (
    <div className="markdown-block">
      <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={keepAddress}>
        {text}
      </ReactMarkdown>
    </div>
  );
});
