import type { Usage } from '../../shared/session/parts.ts';
import { type CallDelta, createCallAssembler } from './call-assembler.ts';
import type { ModelEvent, ModelReply } from './model-client.ts';
import { ExchangeFault, fault } from './provider-error.ts';

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

/** Of text, reasoning and arguments together, in characters: more than any model writes, and little enough to keep. */
const maxChars = 8 * 1024 * 1024;
const maxCalls = 1_000;
/** Of a model or a reason to end, in characters. */
const maxName = 200;
/** No context holds a billion tokens: larger numbers are an error of the server, and would make sums and prices nonsense. */
const maxTokens = 1e9;

const endless = (what: string) =>
  new ExchangeFault(fault(`${what} and was stopped there.`, 'no', 'Send the prompt again, or choose another model.'));

/**
 * Collects the chunks of one streamed answer. `add` never throws on odd chunks, it reads what it understands; only on a reply without
 * end, of which what was read until then stays.
 */
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
      if (text.length + reasoning.length + calls.chars() > maxChars) throw endless('The reply grew to more than 8 MiB');
      if (calls.size() > maxCalls) throw endless(`The reply asked for more than ${maxCalls} calls`);
      if (!isRecord(value)) return [];
      const chunk = value as Chunk;
      if (typeof chunk.model === 'string' && chunk.model !== '') model = chunk.model.slice(0, maxName);
      usage = readUsage(chunk.usage) ?? usage;
      const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
      if (!isRecord(choice)) return [];
      if (typeof choice.finish_reason === 'string' && choice.finish_reason !== '')
        finishReason = choice.finish_reason.slice(0, maxName);
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
const asCount = (value: unknown): number =>
  typeof value === 'number' && value > 0 && value < maxTokens ? Math.floor(value) : 0;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
