import type {
  CompactionPreview,
  ContextPreview,
  GoneItem,
  PreviewMessage,
} from '../../../shared/app/context-preview.ts';
import type { RecalledItem } from '../../../shared/memory/memory.ts';
import { planOf } from '../../../shared/session/context-plan.ts';
import type { ContextMeasure, SessionState } from '../../../shared/session/state.ts';
import type { ChatMessage } from '../../model/model-client.ts';
import { buildSourced, type SourcedMessage } from '../model-request.ts';
import { chooseCut, withPlan } from './cut.ts';
import { callTokens, estimateContext, estimateParts, type Fixed, slotTokens, sumOf, textTokens } from './estimate.ts';
import { type Slot, selectSlots } from './selection.ts';

/** What the next request of this session would send, message by message. */
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
  const tools = new Map(state.items.flatMap((item) => (item.kind === 'call' ? [[item.id, item.tool] as const] : [])));
  const sourced = await buildSourced(slots, fixed.systemPrompt, readBlob);
  return {
    seq: state.seq,
    messages: sourced.map((entry) => asPreview(entry, tools, scaled)),
    memory: recalled.map((item) => ({ ...item, tokens: scaled(item.tokens) })),
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

function asPreview(
  { message, items }: SourcedMessage,
  tools: ReadonlyMap<string, string>,
  scaled: (tokens: number) => number,
): PreviewMessage {
  const text = textOf(message);
  const calls =
    message.role === 'assistant'
      ? (message.tool_calls ?? []).map((call) => `${call.function.name} ${call.function.arguments}`)
      : [];
  const tool = message.role === 'tool' ? tools.get(items[0] ?? '') : undefined;
  return {
    role: message.role,
    text,
    calls,
    items,
    ...(tool ? { tool } : {}),
    tokens: scaled([text, ...calls].reduce((sum, part) => sum + textTokens(part), 0)),
  };
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
