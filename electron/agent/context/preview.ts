import type {
  CompactionPreview,
  ContextPreview,
  GoneItem,
  PreviewMessage,
} from '../../../shared/app/context-preview.ts';
import type { RecalledItem } from '../../../shared/memory/memory.ts';
import { planOf } from '../../../shared/session/context-plan.ts';
import type { ContextMeasure, Item, SessionState } from '../../../shared/session/state.ts';
import type { ChatMessage } from '../../model/model-client.ts';
import { buildSourced, type SourcedMessage } from '../model-request.ts';
import { chooseCut, withPlan } from './cut.ts';
import { callTokens, estimateContext, estimateParts, type Fixed, slotTokens, sumOf, textTokens } from './estimate.ts';
import { type Slot, selectSlots } from './selection.ts';

/** Longer texts are shown in part: a preview is made anew with each turn, and must not grow with the outputs in it. */
const shownChars = 4000;

/** What the next request of this session would send, message by message, of long ones the beginnings. */
export async function previewContext(
  state: SessionState,
  fixed: Fixed,
  window: Pick<ContextMeasure, 'window' | 'windowSource'>,
  readBlob: (hash: string) => Promise<Uint8Array>,
  recalled: readonly RecalledItem[] = [],
): Promise<ContextPreview> {
  const scale = state.head.context?.scale ?? 1;
  const scaled = (tokens: number) => Math.round(tokens * scale);
  const slots = selectSlots(state);
  const parts = estimateParts(slots, fixed);
  const items = itemsById(state);
  const sourced = await buildSourced(slots, fixed.systemPrompt, readBlob);
  return {
    seq: state.seq,
    memory: recalled.map((item) => ({ ...item, tokens: scaled(item.tokens) })),
    messages: sourced.map((entry) => shortened(asPreview(entry, items, scale))),
    tools: fixed.tools.map((tool) => ({
      name: tool.name,
      description: tool.description,
      tokens: scaled(textTokens(JSON.stringify(tool))),
    })),
    parts: {
      system: scaled(parts.system),
      tools: scaled(parts.tools),
      history: scaled(parts.history),
      results: scaled(parts.results),
      summary: scaled(parts.summary),
      skills: scaled(parts.skills),
      memory: scaled(parts.memory),
    },
    used: scaled(sumOf(parts)),
    ...window,
  };
}

/** One message of the next request, whole. */
export async function previewMessage(
  state: SessionState,
  fixed: Fixed,
  readBlob: (hash: string) => Promise<Uint8Array>,
  place: number,
): Promise<PreviewMessage | undefined> {
  const sourced = (await buildSourced(selectSlots(state), fixed.systemPrompt, readBlob))[place];
  return sourced && asPreview(sourced, itemsById(state), state.head.context?.scale ?? 1);
}

const itemsById = ({ items }: SessionState): ReadonlyMap<string, Item> => new Map(items.map((item) => [item.id, item]));

function asPreview({ message, items }: SourcedMessage, byId: ReadonlyMap<string, Item>, scale: number): PreviewMessage {
  const text = textOf(message);
  const calls =
    message.role === 'assistant'
      ? (message.tool_calls ?? []).map((call) => `${call.function.name} ${call.function.arguments}`)
      : [];
  const first = byId.get(items[0] ?? '');
  const tool = message.role === 'tool' && first?.kind === 'call' ? first.tool : undefined;
  return {
    role: message.role,
    text,
    calls,
    items,
    ...(tool ? { tool } : {}),
    tokens: Math.round(tokensOf([text, ...calls], first) * scale),
  };
}

function shortened(message: PreviewMessage): PreviewMessage {
  const [text, ...calls] = [message.text, ...message.calls].map((part) => part.slice(0, shownChars)) as [string];
  const left = lengthOf([message.text, ...message.calls]) - lengthOf([text, ...calls]);
  return left === 0 ? message : { ...message, text, calls, more: left };
}

const lengthOf = (parts: readonly string[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** By the item that a message begins with; of another length when something of it was taken out or joined to it. */
const counted = new WeakMap<Item, { length: number; tokens: number }>();

function tokensOf(parts: readonly string[], first: Item | undefined): number {
  const length = lengthOf(parts);
  const known = first && counted.get(first);
  if (known?.length === length) return known.tokens;
  const tokens = parts.reduce((sum, part) => sum + textTokens(part), 0);
  if (first) counted.set(first, { length, tokens });
  return tokens;
}

function textOf({ content }: ChatMessage): string {
  if (content === null) return '';
  if (typeof content === 'string') return content;
  return content.map((part) => (part.type === 'text' ? part.text : '[image]')).join('\n');
}

/** What a compaction would do now. */
export function previewCompaction(
  state: SessionState,
  fixed: Fixed,
  window: number | undefined,
): Omit<CompactionPreview, 'byModel'> {
  const cut = chooseCut(state, window, state.head.context?.scale);
  const pinned = new Set(planOf(state.head).pinned);
  const ahead = withPlan(
    state,
    cut.keepFrom === undefined ? { pruneBefore: cut.pruneBefore } : { keepFrom: cut.keepFrom },
  );
  return {
    gone: cut.gone.flatMap((slot) => goneItems(slot, pinned)),
    prunes: cut.pruneBefore !== undefined,
    tokensBefore: estimateContext(state, fixed),
    tokensAfter: estimateContext(ahead, fixed),
  };
}

function goneItems(slot: Slot, pinned: ReadonlySet<string>): GoneItem[] {
  if (slot.kind === 'summary') return [];
  const of = (id: string, kind: GoneItem['kind'], text: string, tokens: number): GoneItem => ({
    id,
    kind,
    text: text.trim().replace(/\s+/g, ' ').slice(0, 160),
    tokens,
    pinned: pinned.has(id),
  });
  if (slot.kind === 'prompt') return [of(slot.item.id, 'prompt', slot.item.text, slotTokens(slot))];
  const said =
    slot.text && slot.item.text ? [of(slot.item.id, 'message', slot.item.text, textTokens(slot.item.text))] : [];
  const calls = slot.calls.map((shown) => {
    const { asked, answered } = callTokens(shown);
    return of(shown.call.id, 'call', `${shown.call.tool}: ${shown.call.title}`, asked + answered);
  });
  return [...said, ...calls];
}
