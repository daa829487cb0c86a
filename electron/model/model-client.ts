import type { Failure } from '../../shared/errors.ts';
import type { Usage } from '../../shared/session/parts.ts';
import type { Prices } from '../../shared/settings.ts';
import type { Thinking } from '../../shared/thinking.ts';

/** Messages in the shape of Chat Completions, the part that we send. */
export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | ContentPart[] }
  | { role: 'assistant'; content: string | null; tool_calls?: WireCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

export type ContentPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

export interface WireCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

export interface ToolDefinition {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
}

export interface ModelRequest {
  messages: ChatMessage[];
  /** In a stable order, so that prompt caches hold. */
  tools: ToolDefinition[];
  /** Stands above what the model's profile says. */
  thinking?: Thinking;
}

/** A call as the model wrote it; `argsText` may be anything, `id` may be empty or repeated. */
export interface ModelCall {
  id: string;
  name: string;
  argsText: string;
}

export interface ModelReply {
  text: string;
  reasoning: string;
  calls: ModelCall[];
  usage?: Usage;
  /** As the provider says it; `unknown` where it says nothing. */
  finishReason: string;
  /** The model that served the call, as the provider names it. */
  model: string;
}

/**
 * `completed`, `failed` and `aborted` are last events: exactly one of them ends a stream. `retrying` comes before the wait; its `attempt`
 * is the number of the request to come. A `failed` with code `limit` means that the request does not fit the model or its server.
 */
export type ModelEvent =
  | { type: 'text'; text: string }
  | { type: 'reasoning'; text: string }
  | { type: 'call'; index: number; name: string; chars: number }
  | { type: 'retrying'; attempt: number; delayMs: number; reason: string }
  | { type: 'completed'; reply: ModelReply }
  | { type: 'failed'; error: Failure; partial: ModelReply }
  | { type: 'aborted'; partial: ModelReply };

/**
 * A model behind any protocol. Once called, `stream` never throws and always ends with exactly one last event, soon after `signal`
 * aborts too. It retries only while nothing of the reply has been seen.
 */
export interface ModelClient {
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
}

/** A model ready to be called, with what is known of it. */
export interface ResolvedModel {
  client: ModelClient;
  id: string;
  name: string;
  model: string;
  demo: boolean;
  contextWindow?: number;
  windowSource?: 'setting' | 'endpoint' | 'catalogue';
  prices?: Prices;
}
