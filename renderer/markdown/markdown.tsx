import './markdown.css';
import { memo, useRef } from 'react';
import { MarkdownBlock } from './markdown-block.tsx';
import { emptySplit, splitBlocks } from './split-blocks.ts';

/** Markdown that may still be growing: only the blocks that changed are parsed and rendered anew. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const last = useRef(emptySplit);
  const split = splitBlocks(text, last.current);
  last.current = split;
  return (
    <div className="markdown">
      {split.blocks.map((block, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block's place is its identity
        <MarkdownBlock key={place} text={needsDefinitions(block, split.definitions)} />
      ))}
    </div>
  );
});

/** A reference link resolves only beside its definition, which may stand in another block. */
const needsDefinitions = (block: string, definitions: string): string =>
  definitions !== '' && block.includes('[') && !block.startsWith('```') ? `${block}\n\n${definitions}` : block;
