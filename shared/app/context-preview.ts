import type { Id } from '../ids.ts';
import type { RecalledItem } from '../memory/memory.ts';
import type { ContextMeasure } from '../session/state.ts';

/** A message of the next request, in words, with the items of the transcript of which it is made. */
export interface PreviewMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  text: string;
  /** Characters that were left out of `text` and `calls`; `context.message` gives them. */
  more?: number;
  /** Calls that a reply asks for, as one line each. */
  calls: string[];
  items: Id[];
  /** The tool that gave a result. */
  tool?: string;
  tokens: number;
}

/** Estimated tokens of a request by what they are spent on. */
export interface ContextParts {
  system: number;
  tools: number;
  /** Prompts and replies, with the calls that the replies ask for. */
  history: number;
  /** What calls have returned: files, searches, commands. */
  results: number;
  summary: number;
  /** The catalogue of skills, and the skills that were loaded. */
  skills: number;
  /** Notes from earlier sessions in the system prompt. */
  memory: number;
}

/** What the next request would send. `used` is the sum of the parts; all tokens are estimates in the provider's measure. */
export interface ContextPreview {
  seq: number;
  messages: PreviewMessage[];
  /** Items of memory that the system prompt holds, and those that were left out of it. */
  memory: RecalledItem[];
  tools: { name: string; description: string; tokens: number }[];
  parts: ContextParts;
  used: number;
  window?: number;
  windowSource?: ContextMeasure['windowSource'];
}

/** An item that a compaction would take out, in one line. */
export interface GoneItem {
  id: Id;
  kind: 'prompt' | 'message' | 'call';
  text: string;
  tokens: number;
  pinned: boolean;
}

export interface CompactionPreview {
  gone: GoneItem[];
  /** Outputs that would be taken out as well or instead. */
  prunes: boolean;
  tokensBefore: number;
  /** Without the summary, whose length nobody knows yet. */
  tokensAfter: number;
  /** False when no model can write a summary: then a plain list of what was done stands in its place. */
  byModel: boolean;
}
