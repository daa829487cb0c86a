import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { estimateTokenCount } from 'tokenx';
import { z } from 'zod';
import { demoModel } from '../endpoint.ts';
import { wait } from '../retry.ts';
import { type DemoReply, demoReply } from './rules.ts';

export interface DemoServer {
  /** On 127.0.0.1, with `/v1`. */
  baseUrl: string;
  close(): Promise<void>;
}

const maxBody = 32 * 1024 * 1024;
const wordMs = 8;
/** However long an answer is, it is said in about this time. */
const replyMs = 900;

const partSchema = z.looseObject({ type: z.string(), text: z.string().optional() });
const callSchema = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });
const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z
    .union([z.string(), z.array(partSchema).transform((parts) => parts.map((part) => part.text ?? '').join('\n'))])
    .nullish(),
  tool_calls: z.array(callSchema).optional(),
  tool_call_id: z.string().optional(),
});
const requestSchema = z.object({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).optional(),
  stream: z.boolean().optional(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
});

type DemoRequest = z.infer<typeof requestSchema>;

/**
 * Starts the embedded demo: a real HTTP server on a free port of this machine that speaks Chat Completions and follows plain requests by
 * rules. It is not a language model, and every answer says so. It does nothing by itself: its calls go through the ordinary approvals.
 */
export async function startDemoServer(): Promise<DemoServer> {
  const server = http.createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendError(response, 500, 'server_error', error instanceof Error ? error.message : String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // It must never be what keeps the process alive.
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function route(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (request.method === 'GET' && path === '/v1/models') {
    return sendJson(response, 200, {
      object: 'list',
      data: [{ id: demoModel.model, object: 'model', created: 0, owned_by: 'switchyard' }],
    });
  }
  if (request.method !== 'POST' || path !== '/v1/chat/completions') {
    return sendError(response, 404, 'not_found', `There is nothing at ${request.method} ${path}.`);
  }
  const body = await readBody(request);
  if (body === undefined) return sendError(response, 413, 'too_large', 'The request is larger than 32 MiB.');
  const parsed = requestSchema.safeParse(parseJson(body));
  if (!parsed.success) return sendError(response, 400, 'invalid_request_error', z.prettifyError(parsed.error));
  if (parsed.data.model !== demoModel.model) {
    return sendError(
      response,
      404,
      'model_not_found',
      `The demo has only the model ${demoModel.model}, which is not a language model.`,
    );
  }
  await answer(response, parsed.data, estimateTokenCount(body));
}

async function answer(response: http.ServerResponse, request: DemoRequest, inputTokens: number): Promise<void> {
  const tools = new Set((request.tools ?? []).map((tool) => tool.function.name));
  const reply = demoReply(request.messages, tools);
  const id = `chatcmpl-demo-${Date.now().toString(36)}`;
  const calls = reply.calls.map((call, index) => ({
    index,
    id: `${id}-${index}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.args) },
  }));
  const output = estimateTokenCount(reply.text + JSON.stringify(reply.calls));
  const usage = { prompt_tokens: inputTokens, completion_tokens: output, total_tokens: inputTokens + output };
  const finish = calls.length > 0 ? 'tool_calls' : 'stop';
  const head = { id, created: Math.floor(Date.now() / 1000), model: demoModel.model };
  if (!request.stream) {
    const message = { role: 'assistant', content: reply.text, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
    const choices = [{ index: 0, message, finish_reason: finish }];
    return sendJson(response, 200, { ...head, object: 'chat.completion', choices, usage });
  }
  const send = (choices: unknown[], extra: object = {}) => {
    const chunk = { ...head, object: 'chat.completion.chunk', choices, ...extra };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  const delta = (value: object, finishReason: string | null = null) =>
    send([{ index: 0, delta: value, finish_reason: finishReason }]);

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  delta({ role: 'assistant', content: '' });
  await sayWords(reply, (words) => delta({ content: words }), response);
  if (response.destroyed) return;
  for (const call of calls) delta({ tool_calls: [call] });
  delta({}, finish);
  if (request.stream_options?.include_usage) send([], { usage });
  response.end('data: [DONE]\n\n');
}

/** A few words at a time, at a pace that can be read along. Ends early when the client leaves. */
async function sayWords(
  { text }: DemoReply,
  say: (words: string) => void,
  response: http.ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const words = text.match(/\s*\S+\s*/g) ?? [];
  const atOnce = Math.max(1, Math.ceil((words.length * wordMs) / replyMs));
  for (let at = 0; at < words.length && !gone.signal.aborted; at += atOnce) {
    say(words.slice(at, at + atOnce).join(''));
    await wait(wordMs, gone.signal);
  }
}

async function readBody(request: http.IncomingMessage): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += (piece as Buffer).length;
    if (size > maxBody) return undefined;
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sendJson(response: http.ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function sendError(response: http.ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { message, type: 'invalid_request_error', code } });
}
