import type { Usage } from '../../shared/session/parts.ts';
import { type CallDelta, createCallAssembler } from './call-assembler.ts';
import type { ModelEvent, ModelReply } from './model-client.ts';

/** Everything we read of a chunk; nothing of it is trusted to have this form. */
interface Chunk {
  model?: unknown;
  usage?: unknown;
  choices?: { delta?: Delta | null; message?: Delta | null; finish_reason?: unknown }[] | null;
}

interface Delta {
  content?: unknown;
  refusal?: unknown;
  reasoning_content?: unknown;
  reasoning?: unknown;
  tool_calls?: CallDelta[] | null;
}

/** Collects the chunks of one streamed answer. `add` never throws on odd chunks; it reads what it understands. */
export function createReplyBuilder(requestedModel: string, toolNames: ReadonlySet<string>) {
  const calls = createCallAssembler(toolNames);
  let text = '';
  let reasoning = '';
  let usage: Usage | undefined;
  let finishReason: string | undefined;
  let model = requestedModel;

  const addDelta = (delta: Delta): ModelEvent[] => {
    const events: ModelEvent[] = [];
    const said = splitContent(delta.content);
    const thought = (asText(delta.reasoning_content) || asText(delta.reasoning)) + said.reasoning;
    if (thought !== '') {
      reasoning += thought;
      events.push({ type: 'reasoning', text: thought });
    }
    const words = said.text + asText(delta.refusal);
    if (words !== '') {
      text += words;
      events.push({ type: 'text', text: words });
    }
    for (const call of Array.isArray(delta.tool_calls) ? delta.tool_calls : []) {
      if (!isRecord(call)) continue;
      const index = calls.add(call);
      const { name, argsText } = calls.at(index);
      events.push({ type: 'call', index, name, chars: argsText.length });
    }
    return events;
  };

  return {
    add(value: unknown): ModelEvent[] {
      if (!isRecord(value)) return [];
      const chunk = value as Chunk;
      if (typeof chunk.model === 'string' && chunk.model !== '') model = chunk.model;
      usage = readUsage(chunk.usage) ?? usage;
      const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
      if (!isRecord(choice)) return [];
      if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '') finishReason = choice.finish_reason;
      // Servers that do not stream answer with one whole message.
      const delta = choice.delta ?? choice.message;
      return isRecord(delta) ? addDelta(delta) : [];
    },
    /** Something of the reply has been shown or must not be asked for twice. */
    seen: () => text !== '' || reasoning !== '' || calls.size() > 0,
    finished: () => finishReason !== undefined,
    reply: (): ModelReply => ({
      text,
      reasoning,
      calls: calls.calls(),
      ...(usage === undefined ? {} : { usage }),
      finishReason: finishReason ?? 'unknown',
      model,
    }),
  };
}

/** Undefined when nothing usable was reported: local servers send zeros. */
function readUsage(value: unknown): Usage | undefined {
  if (!isRecord(value)) return undefined;
  const input = asCount(value.prompt_tokens);
  if (input === 0) return undefined;
  const details = isRecord(value.prompt_tokens_details) ? value.prompt_tokens_details : {};
  const cached = asCount(details.cached_tokens) || asCount(value.prompt_cache_hit_tokens);
  const output = asCount(value.completion_tokens);
  return cached > 0 ? { input, output, cachedInput: Math.min(cached, input) } : { input, output };
}

/** Content is a string, or a list of parts of which some may be reasoning. */
function splitContent(content: unknown): { text: string; reasoning: string } {
  if (!Array.isArray(content)) return { text: asText(content), reasoning: '' };
  const said = { text: '', reasoning: '' };
  for (const part of content) {
    if (!isRecord(part)) continue;
    said.text += asText(part.text);
    said.reasoning += splitContent(part.thinking).text;
  }
  return said;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');
const asCount = (value: unknown): number => (typeof value === 'number' && value > 0 ? Math.floor(value) : 0);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
