/**
 * A scripted model: a real HTTP server on loopback that speaks Chat Completions with real SSE, for tests that drive the product through
 * the ordinary base URL. Free of any test framework, so Vitest and Playwright use it alike.
 *
 *   const server = await startModelServer();
 *   server.script(say(call('read', { file_path: 'a.txt' })), say('It says hello.'));     // one step a request, in order
 *   server.when('second session', say('Hi '), …);                                        // own queue: last user text contains it
 *   server.reply((request) => say(`You said ${request.lastUser}`));                      // asked when no queue has a step
 *   … point the product at server.baseUrl …
 *   expect(server.errors).toEqual([]);  await server.close();
 *
 * A step is `say(...parts)` or `httpError(status, body?, headers?)`. Parts are sent in order, each as a chunk of its own:
 *   'text' · thinking('…') · call(name, args | rawArgsText, id?) · usage({ input, output, cached }) or usage(null)
 *   gate()     waits until the test opens it: `const g = gate(); say('Hel', g, 'lo')`; `await g.reached; g.open()`
 *   cut        destroys the socket · hang: sends nothing more until the client leaves or the server closes
 *   noFinish   ends the body with neither finish_reason nor [DONE] · finish('length') another finish_reason
 *   delta({…}) any delta object · raw('data: {oops\n\n') bytes as they are · served('name') the model name in the chunks
 * `say()` alone is an empty reply. Several calls in one step are parallel calls.
 *
 * Wait with `await server.request(n)` (the n-th chat request, from 0, as soon as it has arrived) and `await request.ended`.
 * A request for which no step is left gets HTTP 500, marked not to be retried, and is recorded in `server.errors`.
 */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { sendReply } from './model-reply.ts';

export interface Gate {
  kind: 'gate';
  /** Everything before the gate has been written. */
  reached: Promise<void>;
  open(): void;
  /** Used by the server. */
  wait(): Promise<void>;
}

export interface WireUsage {
  input: number;
  output: number;
  cached?: number;
}

type Directive =
  | { kind: 'thinking'; text: string }
  | { kind: 'call'; name: string; argsText: string; id?: string }
  | { kind: 'usage'; usage: WireUsage | null }
  | { kind: 'finish'; reason: string | null }
  | { kind: 'delta'; delta: Record<string, unknown> }
  | { kind: 'raw'; bytes: string }
  | { kind: 'served'; model: string }
  | { kind: 'cut' | 'hang' | 'noFinish' };

export type Part = string | Gate | Directive;

export type Step =
  | { kind: 'reply'; parts: Part[] }
  | { kind: 'error'; status: number; body: string; headers: Record<string, string> };

export interface WireMessage {
  role: string;
  content: unknown;
  tool_calls?: { id: string; type: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

export interface ModelServerRequest {
  /** Position among the chat requests, from 0. */
  index: number;
  headers: http.IncomingHttpHeaders;
  /** Tells connections apart. */
  clientPort: number;
  /** The parsed body. */
  body: { model: string; messages: WireMessage[]; tools?: { function: { name: string } }[]; [key: string]: unknown };
  /** Text of the newest user message. */
  lastUser: string;
  /** `performance.now()` when the body had arrived. */
  at: number;
  /** `performance.now()` when the last byte was handed to the socket or the client left. */
  endedAt?: number;
  /** How it ended: `aborted` when the client left first. */
  ended: Promise<'finished' | 'aborted'>;
}

export interface ModelServer {
  /** With `/v1`. */
  baseUrl: string;
  requests: ModelServerRequest[];
  /** What went wrong in the script itself; empty in a good test. */
  errors: string[];
  /** What `/v1/models` lists. */
  models: string[];
  script(...steps: Step[]): void;
  /** Steps for the requests whose last user text contains or matches `match`; tried before `script`, in order of definition. */
  when(match: string | RegExp | ((request: ModelServerRequest) => boolean), ...steps: Step[]): void;
  /** Answers what no queue answers; later functions are asked first. */
  reply(answer: (request: ModelServerRequest) => Step | undefined): void;
  /** The n-th chat request, from 0, as soon as it has arrived. */
  request(n: number): Promise<ModelServerRequest>;
  /** How many scripted steps no request has taken yet. */
  left(): number;
  close(): Promise<void>;
}

export const say = (...parts: Part[]): Step => ({ kind: 'reply', parts });

export const call = (name: string, args: unknown, id?: string): Directive => ({
  kind: 'call',
  name,
  argsText: typeof args === 'string' ? args : JSON.stringify(args),
  id,
});

export const thinking = (text: string): Directive => ({ kind: 'thinking', text });
export const usage = (value: WireUsage | null): Directive => ({ kind: 'usage', usage: value });
export const finish = (reason: string | null): Directive => ({ kind: 'finish', reason });
export const delta = (value: Record<string, unknown>): Directive => ({ kind: 'delta', delta: value });
export const raw = (bytes: string): Directive => ({ kind: 'raw', bytes });
export const served = (model: string): Directive => ({ kind: 'served', model });
export const cut: Directive = { kind: 'cut' };
export const hang: Directive = { kind: 'hang' };
export const noFinish: Directive = { kind: 'noFinish' };

/** An HTTP error; an object body is sent as JSON, a string as it is. */
export function httpError(status: number, body: unknown = {}, headers: Record<string, string> = {}): Step {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  return { kind: 'error', status, body: text, headers: { 'content-type': type, ...headers } };
}

export function gate(): Gate {
  const reached = deferred<void>();
  const opened = deferred<void>();
  return {
    kind: 'gate',
    reached: reached.promise,
    open: () => opened.resolve(),
    wait: () => {
      reached.resolve();
      return opened.promise;
    },
  };
}

export async function startModelServer(options: { models?: string[] } = {}): Promise<ModelServer> {
  const queues: { takes(request: ModelServerRequest): boolean; steps: Step[] }[] = [];
  const answers: ((request: ModelServerRequest) => Step | undefined)[] = [];
  const common: Step[] = [];
  const waiters: { n: number; resolve(request: ModelServerRequest): void }[] = [];
  const closing = deferred<void>();

  const nextStep = (request: ModelServerRequest): Step | undefined => {
    const queue = queues.find((candidate) => candidate.steps.length > 0 && candidate.takes(request));
    const scripted = (queue?.steps ?? common).shift();
    if (scripted) return scripted;
    for (const answer of answers) {
      const step = answer(request);
      if (step) return step;
    }
    return undefined;
  };

  const chat = async (incoming: http.IncomingMessage, response: http.ServerResponse) => {
    const body = JSON.parse(await readBody(incoming)) as ModelServerRequest['body'];
    const ended = deferred<'finished' | 'aborted'>();
    const request: ModelServerRequest = {
      index: server.requests.length,
      headers: incoming.headers,
      clientPort: incoming.socket.remotePort ?? 0,
      body,
      lastUser: lastUserText(body.messages),
      at: performance.now(),
      ended: ended.promise,
    };
    response.once('close', () => {
      request.endedAt ??= performance.now();
      ended.resolve(response.writableFinished ? 'finished' : 'aborted');
    });
    server.requests.push(request);
    for (const waiter of waiters) if (waiter.n === request.index) waiter.resolve(request);

    const step = nextStep(request) ?? exhausted(server, request);
    if (step.kind === 'error') response.writeHead(step.status, step.headers).end(step.body);
    else if (body.stream === false) server.errors.push(`request ${request.index} did not ask for a stream`);
    else await sendReply(response, request, step.parts, closing.promise);
  };

  const listener = http.createServer((incoming, response) => {
    const path = (incoming.url ?? '').split('?')[0];
    if (incoming.method === 'GET' && path === '/v1/models') {
      const data = server.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'test' }));
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ object: 'list', data }));
    }
    if (incoming.method !== 'POST' || path !== '/v1/chat/completions') return response.writeHead(404).end('not found');
    chat(incoming, response).catch((error: unknown) => {
      server.errors.push(`the model server failed: ${String(error)}`);
      response.destroy();
    });
  });

  const server: ModelServer = {
    baseUrl: '',
    requests: [],
    errors: [],
    models: options.models ?? ['test-model'],
    script: (...steps) => void common.push(...steps),
    when: (match, ...steps) => void queues.push({ takes: toPredicate(match), steps: [...steps] }),
    reply: (answer) => void answers.unshift(answer),
    request: (n) =>
      new Promise((resolve) => {
        const known = server.requests[n];
        if (known) resolve(known);
        else waiters.push({ n, resolve });
      }),
    left: () => common.length + queues.reduce((sum, queue) => sum + queue.steps.length, 0),
    close: () =>
      new Promise((resolve) => {
        closing.resolve();
        listener.close(() => resolve());
        listener.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  server.baseUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/v1`;
  return server;
}

/** Text of the newest user message, whatever form its content has. */
export function lastUserText(messages: WireMessage[]): string {
  const content = [...messages].reverse().find((message) => message.role === 'user')?.content;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: { text?: string }) => part.text ?? '').join('');
}

function exhausted(server: ModelServer, request: ModelServerRequest): Step {
  const message = `no scripted reply is left for request ${request.index} ("${request.lastUser.slice(0, 80)}")`;
  server.errors.push(message);
  return httpError(500, { error: { message } }, { 'x-should-retry': 'false' });
}

function toPredicate(match: string | RegExp | ((request: ModelServerRequest) => boolean)) {
  if (typeof match === 'function') return match;
  if (typeof match === 'string') return (request: ModelServerRequest) => request.lastUser.includes(match);
  return (request: ModelServerRequest) => match.test(request.lastUser);
}

async function readBody(incoming: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const piece of incoming) chunks.push(piece as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function deferred<T>(): { promise: Promise<T>; resolve(value: T): void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
