import clsx from 'clsx';
import { TriangleAlert } from 'lucide-react';
import type { Detail } from '../../shared/session/parts.ts';
import { makeVisible } from '../../shared/visible.ts';
import { CodeBlock } from '../code/code-block.tsx';
import { DiffView } from '../code/diff-view.tsx';
import { LazyMarkdown } from '../markdown/lazy-markdown.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { argumentsText, otherArguments, shortArguments } from './arguments-text.ts';

export interface CallArgumentsProps {
  detail: Detail;
  args: unknown;
  /** Bounds the height of what scrolls inside. */
  maxHeight?: string;
}

/** What a call will do or did: a command in a box, a diff, else the arguments. Characters that would hide or reorder text are made visible. */
export function CallArguments({ detail, args, maxHeight }: CallArgumentsProps) {
  switch (detail.type) {
    case 'command':
      return (
        <>
          <CodeBlock code={makeVisible(detail.command)} language="bash" wrap maxHeight={maxHeight} />
          <OtherArguments detail={detail} args={args} />
        </>
      );
    case 'task':
      return (
        <>
          <CodeBlock code={makeVisible(detail.prompt)} wrap maxHeight={maxHeight} />
          <OtherArguments detail={detail} args={args} />
        </>
      );
    case 'markdown':
      return (
        <div
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          className={clsx(
            'overflow-y-auto rounded-md border border-border bg-bg px-3 py-2 outline-offset-[-2px]',
            maxHeight,
          )}
        >
          <LazyMarkdown text={makeVisible(detail.text)} />
        </div>
      );
    case 'diff':
      return (
        <>
          <DiffHeader path={detail.path} added={detail.added} removed={detail.removed} created={detail.created} />
          <DiffView path={detail.path} patch={makeVisible(detail.patch)} maxHeight={maxHeight} />
          <Disclosure label="Exact arguments">
            <CodeBlock code={makeVisible(argumentsText(args))} language="json" wrap maxHeight="max-h-64" />
          </Disclosure>
        </>
      );
    case 'path':
      return (
        <>
          {detail.note !== undefined && (
            <p className="flex items-start gap-1.5 text-sm text-amber wrap-anywhere">
              <TriangleAlert aria-hidden="true" className="mt-[3px] size-3 shrink-0" /> {makeVisible(detail.note)}
            </p>
          )}
          <CodeBlock code={makeVisible(argumentsText(args))} language="json" wrap maxHeight={maxHeight} />
        </>
      );
    default:
      return <CodeBlock code={makeVisible(argumentsText(args))} language="json" wrap maxHeight={maxHeight} />;
  }
}

function OtherArguments({ detail, args }: { detail: Detail; args: unknown }) {
  const others = otherArguments(detail, args);
  if (others === undefined) return null;
  const short = shortArguments(others);
  if (short) {
    return (
      <p className="selectable flex flex-wrap gap-x-4 px-1 font-mono text-sm text-muted wrap-anywhere">
        {short.map(([name, value]) => (
          <span key={name}>
            <span className="text-faint">{makeVisible(name)}:</span> {makeVisible(value)}
          </span>
        ))}
      </p>
    );
  }
  return <CodeBlock code={makeVisible(argumentsText(others))} language="json" wrap maxHeight="max-h-40" />;
}

function DiffHeader(props: { path: string; added: number; removed: number; created?: boolean }) {
  return (
    <p className="flex items-baseline gap-2 text-sm">
      <span className="selectable min-w-0 truncate font-mono" title={props.path}>
        {makeVisible(props.path)}
      </span>
      {props.created && <span className="text-muted">new file</span>}
      <span className="shrink-0 text-green">+{props.added}</span>
      <span className="shrink-0 text-red">−{props.removed}</span>
    </p>
  );
}
