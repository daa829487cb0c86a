import { Lexer, type Token } from 'marked';

/** A text cut into its top-level markdown blocks, in order; `settled` says where the part ends that more text cannot change. */
export interface SplitText {
  text: string;
  blocks: readonly string[];
  /** Characters of `text` that lie before the first block that appended text may still change. */
  settledChars: number;
  settledBlocks: number;
  /** Link reference definitions of the whole text, ready to be put after any block. */
  definitions: string;
}

export const emptySplit: SplitText = { text: '', blocks: [], settledChars: 0, settledBlocks: 0, definitions: '' };

/**
 * Splits `text` into blocks that can be rendered each by itself. When `text` only continues `previous`, the settled blocks are taken
 * over as they are, so that a growing reply costs its newest blocks and not its length.
 */
export function splitBlocks(text: string, previous: SplitText = emptySplit): SplitText {
  if (text === previous.text) return previous;
  const continues = previous.settledChars > 0 && text.startsWith(previous.text.slice(0, previous.settledChars));
  const kept = continues ? previous.blocks.slice(0, previous.settledBlocks) : [];
  const start = continues ? previous.settledChars : 0;
  const tokens = new Lexer().blockTokens(text.slice(start), []);
  const fresh = tokens.filter((token) => token.type !== 'space' && token.type !== 'def');
  const blocks = [...kept, ...fresh.map((token) => token.raw)];
  return { text, blocks, ...settledPart(tokens, start, kept.length), definitions: definitionsOf(text) };
}

/** Appended text may still join the last block or the one before it (a list goes on after a blank line); earlier ones are settled. */
function settledPart(tokens: Token[], start: number, keptBlocks: number) {
  const places = tokens.flatMap((token, place) => (token.type === 'space' || token.type === 'def' ? [] : [place]));
  const firstOpen = places.at(-2) ?? places.at(-1) ?? 0;
  const before = tokens.slice(0, firstOpen);
  const settledChars = start + before.reduce((sum, token) => sum + token.raw.length, 0);
  const settledBlocks = keptBlocks + places.filter((place) => place < firstOpen).length;
  return { settledChars, settledBlocks };
}

const definition = /^ {0,3}\[[^\]\n]+\]:[ \t]*\S+.*$/gm;

function definitionsOf(text: string): string {
  return text.includes(']:') ? (text.match(definition) ?? []).join('\n') : '';
}
