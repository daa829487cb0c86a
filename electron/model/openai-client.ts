import type { Failure } from '../../shared/errors.ts';
import { toFailure } from '../../shared/errors.ts';
import { thinkingFields } from '../../shared/thinking.ts';
import { listModels } from './discovery.ts';
import { type Connection, createTap, defaultPatience, exchange, type Patience } from './exchange.ts';
import { secretHider } from './hide-secrets.ts';
import type { ModelClient, ModelEvent, ModelRequest } from './model-client.ts';
import { explain, type Fault, fault, hostOf } from './provider-error.ts';
import { createReplyBuilder } from './reply-builder.ts';
import { createBodyWriter } from './request-body.ts';
import { backoff, defaultRetryPolicy, type RetryPolicy, wait } from './retry.ts';

export interface OpenAiClientOptions {
  /** With the version part, as in `https://api.openai.com/v1`. */
  baseUrl: string;
  /** Empty or absent: no Authorization header is sent. */
  apiKey?: string;
  model: string;
  reasoningEffort?: 'minimal' | 'low' | 'medium' | 'high';
  headers?: Record<string, string>;
  /** Default: that of the runtime. */
  fetch?: typeof fetch;
  patience?: Partial<Patience>;
  retry?: Partial<RetryPolicy>;
  now?: () => number;
  random?: () => number;
}

type ReplyBuilder = ReturnType<typeof createReplyBuilder>;

/**
 * A model behind any server that speaks Chat Completions. Loads its protocol library on first use. Messages and reasons never contain
 * the key or another secret header.
 */
export function createOpenAiClient(options: OpenAiClientOptions): ModelClient {
  const policy = { ...defaultRetryPolicy, ...options.retry };
  const { now = Date.now, random = Math.random } = options;
  const connection: Connection = {
    baseUrl: options.baseUrl,
    apiKey: options.apiKey,
    headers: options.headers ?? {},
    fetch: options.fetch ?? fetch,
    patience: { ...defaultPatience, ...options.patience },
  };
  const place = { model: options.model, baseUrl: options.baseUrl, hasKey: Boolean(options.apiKey) };
  const hide = secretHider(options);
  const bodyOf = createBodyWriter();
  // Learnt from the first refusal; some servers reject what they do not know.
  let asksUsage = true;

  async function* attempt(request: ModelRequest, builder: ReplyBuilder, signal: AbortSignal) {
    const tap = createTap();
    try {
      const body = bodyOf(request.messages, request.tools, fieldsOf(request, options, asksUsage));
      for await (const chunk of exchange(connection, body, tap, builder.finished, signal)) yield* builder.add(chunk);
      return builder.finished() || tap.done ? undefined : cutOff(options.baseUrl);
    } catch (error) {
      return explain(error, tap, place, now());
    }
  }

  async function* turn(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent, void> {
    const toolNames = new Set(request.tools.map((tool) => tool.name));
    for (let count = 1, refused = 0; ; count++) {
      const builder = createReplyBuilder(options.model, toolNames);
      const found = yield* attempt(request, builder, signal);
      if (signal.aborted) return yield { type: 'aborted', partial: builder.reply() };
      if (!found) return yield { type: 'completed', reply: builder.reply() };
      if (asksUsage && found.refusesUsage) {
        asksUsage = false;
        count--;
        continue;
      }
      if (found.retry === 'once') refused++;
      const tooLong = (found.waitMs ?? 0) > policy.maxServerWaitMs;
      if (builder.seen() || found.retry === 'no' || refused > 1 || tooLong || count >= policy.attempts) {
        const error = await finalFailure(found, builder.seen(), count, tooLong, signal);
        if (signal.aborted) return yield { type: 'aborted', partial: builder.reply() };
        return yield { type: 'failed', error, partial: builder.reply() };
      }
      const delayMs = found.waitMs ?? backoff(policy, count, random());
      yield { type: 'retrying', attempt: count + 1, delayMs, reason: hide(found.failure.message) };
      await wait(delayMs, signal);
      if (signal.aborted) return yield { type: 'aborted', partial: builder.reply() };
    }
  }

  async function finalFailure(
    found: Fault,
    seen: boolean,
    count: number,
    tooLong: boolean,
    signal: AbortSignal,
  ): Promise<Failure> {
    const { code, message, hint } = found.failure;
    const notes = [message];
    if (seen) notes.unshift('The reply broke off.');
    if (tooLong) notes.push(`The server asks to wait ${Math.ceil((found.waitMs ?? 0) / 1000)} s.`);
    else if (count > 1) notes.push(`Tried ${count} times.`);
    const offered = found.status === 404 ? await offeredModels(connection, signal) : '';
    const advice = [hint, offered].filter(Boolean).join(' ');
    return { code, message: hide(notes.join(' ')), ...(advice === '' ? {} : { hint: hide(advice) }) };
  }

  return {
    async *stream(request, signal) {
      try {
        yield* turn(request, signal);
      } catch (error) {
        // A defect of ours; the promise to end with a last event holds all the same.
        const failure = toFailure(error);
        const partial = createReplyBuilder(options.model, new Set()).reply();
        yield { type: 'failed', error: { ...failure, message: hide(failure.message) }, partial };
      }
    },
  };
}

function fieldsOf(request: ModelRequest, options: OpenAiClientOptions, asksUsage: boolean): Record<string, unknown> {
  return {
    model: options.model,
    stream: true,
    ...(asksUsage ? { stream_options: { include_usage: true } } : {}),
    ...thinkingFields(options.baseUrl, { ...profileThinking(options), ...request.thinking }),
  };
}

const profileThinking = ({ reasoningEffort }: OpenAiClientOptions) =>
  reasoningEffort ? { effort: reasoningEffort } : {};

const cutOff = (baseUrl: string): Fault =>
  fault(`${hostOf(baseUrl)} closed the stream without ending the reply.`, 'yes', 'Send the prompt again to go on.');

/** Up to five names, so that a wrong one can be mended at once. */
async function offeredModels({ baseUrl, apiKey, headers, fetch }: Connection, signal: AbortSignal): Promise<string> {
  const listed = await listModels(baseUrl, apiKey, { headers, fetch, timeoutMs: 2_000, signal });
  if (!listed.ok || listed.value.length === 0) return '';
  const names = listed.value.slice(0, 5).join(', ');
  return `It offers ${names}${listed.value.length > 5 ? ` and ${listed.value.length - 5} more` : ''}.`;
}
