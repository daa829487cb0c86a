import type http from 'node:http';
import { performance } from 'node:perf_hooks';
import type { ModelServerRequest, Part, WireUsage } from './model-server.ts';

/** Sends the parts of one scripted reply as Chat Completions chunks; see the head of `model-server.ts` for what they mean. */
export async function sendReply(
  response: http.ServerResponse,
  request: ModelServerRequest,
  parts: Part[],
  closing: Promise<void>,
): Promise<void> {
  const left = new Promise<void>((resolve) => response.once('close', resolve));
  const gone = Promise.race([left, closing]);
  const state = { model: request.body.model, finish: undefined as string | null | undefined, calls: 0, chars: 0 };
  let reported: WireUsage | null | undefined;
  const begin = () => {
    if (!response.headersSent)
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  };
  const write = (bytes: string) => {
    begin();
    if (!response.destroyed) response.write(bytes);
  };
  const chunk = (choices: unknown[], extra: object = {}) => {
    const value = {
      id: `chatcmpl-${request.index}`,
      object: 'chat.completion.chunk',
      created: 0,
      model: state.model,
      choices,
      ...extra,
    };
    write(`data: ${JSON.stringify(value)}\n\n`);
  };
  const sendDelta = (value: Record<string, unknown>) => chunk([{ index: 0, delta: value, finish_reason: null }]);

  for (const part of parts) {
    if (response.destroyed) return;
    if (typeof part === 'string') {
      state.chars += part.length;
      sendDelta({ content: part });
      continue;
    }
    switch (part.kind) {
      case 'gate':
        await Promise.race([part.wait(), gone]);
        break;
      case 'thinking':
        sendDelta({ reasoning_content: part.text });
        break;
      case 'call': {
        const index = state.calls++;
        const id = part.id ?? `call_${request.index}_${index}`;
        state.chars += part.argsText.length;
        sendDelta({ tool_calls: [{ index, id, type: 'function', function: { name: part.name, arguments: '' } }] });
        sendDelta({ tool_calls: [{ index, function: { arguments: part.argsText } }] });
        break;
      }
      case 'delta':
        sendDelta(part.delta);
        break;
      case 'raw':
        write(part.bytes);
        break;
      case 'served':
        state.model = part.model;
        break;
      case 'usage':
        reported = part.usage;
        break;
      case 'finish':
        state.finish = part.reason;
        break;
      case 'cut':
        // What was written before the cut must reach the client first.
        await new Promise<void>((resolve) => (response.headersSent ? response.write('', () => resolve()) : resolve()));
        response.destroy();
        return;
      case 'hang':
        await gone;
        return;
      case 'noFinish':
        begin();
        response.end();
        return;
    }
  }
  if (response.destroyed) return;
  const reason = state.finish === undefined ? (state.calls > 0 ? 'tool_calls' : 'stop') : state.finish;
  if (reason !== null) chunk([{ index: 0, delta: {}, finish_reason: reason }]);
  if (reported !== null && wantsUsage(request))
    chunk([], { usage: toWire(reported ?? estimate(request, state.chars)) });
  write('data: [DONE]\n\n');
  request.endedAt = performance.now();
  response.end();
}

const wantsUsage = (request: ModelServerRequest): boolean =>
  (request.body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;

const estimate = (request: ModelServerRequest, chars: number): WireUsage => ({
  input: Math.ceil(JSON.stringify(request.body.messages).length / 4),
  output: Math.max(1, Math.ceil(chars / 4)),
});

const toWire = ({ input, output, cached }: WireUsage) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  ...(cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } }),
});
