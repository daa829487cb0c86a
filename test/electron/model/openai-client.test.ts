import { expect, onTestFinished, test } from 'vitest';
import type { ModelEvent, ModelRequest } from '../../../electron/model/model-client.ts';
import { createOpenAiClient, type OpenAiClientOptions } from '../../../electron/model/openai-client.ts';
import {
  call,
  cut,
  delta,
  finish,
  gate,
  hang,
  httpError,
  type ModelServer,
  noFinish,
  raw,
  say,
  served,
  startModelServer,
  thinking,
  usage,
} from '../../fakes/model-server.ts';

const key = 'sk-very-secret-0123456789';

const request: ModelRequest = {
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
  ],
  tools: [{ name: 'read', description: 'Reads.', parameters: { type: 'object', properties: {} } }],
};

async function start(): Promise<ModelServer> {
  const server = await startModelServer();
  onTestFinished(() => server.close());
  return server;
}

/** A client that waits a millisecond where a real one would wait half a second. */
const clientOf = (server: { baseUrl: string }, more: Partial<OpenAiClientOptions> = {}) =>
  createOpenAiClient({
    baseUrl: server.baseUrl,
    apiKey: key,
    model: 'm-1',
    retry: { baseMs: 1 },
    random: () => 0.5,
    ...more,
  });

async function collect(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of events) all.push(event);
  const lasts = all.filter((event) => ['completed', 'failed', 'aborted'].includes(event.type));
  expect(lasts).toEqual([all.at(-1)]);
  return all;
}

const run = (server: { baseUrl: string }, more: Partial<OpenAiClientOptions> = {}) =>
  collect(clientOf(server, more).stream(request, new AbortController().signal));

function last<T extends ModelEvent['type']>(events: ModelEvent[], type: T): Extract<ModelEvent, { type: T }> {
  const event = events.at(-1);
  expect(event).toMatchObject({ type });
  return event as Extract<ModelEvent, { type: T }>;
}

test('streams text, reasoning and calls as they come, and reports usage with the cached part', async () => {
  const server = await start();
  server.script(
    say(
      thinking('Hm.'),
      'Hel',
      'lo',
      call('read', { file_path: 'a' }, 'x1'),
      served('m-1-0101'),
      usage({ input: 9, output: 3, cached: 4 }),
    ),
  );
  const events = await run(server);
  expect(events.map((event) => event.type)).toEqual(['reasoning', 'text', 'text', 'call', 'call', 'completed']);
  expect(events[4]).toEqual({ type: 'call', index: 0, name: 'read', chars: 17 });
  expect(last(events, 'completed').reply).toEqual({
    text: 'Hello',
    reasoning: 'Hm.',
    calls: [{ id: 'x1', name: 'read', argsText: '{"file_path":"a"}' }],
    usage: { input: 9, output: 3, cachedInput: 4 },
    finishReason: 'tool_calls',
    model: 'm-1-0101',
  });
});

test('sends the request as Chat Completions with tools, usage and effort, and the key only in its header', async () => {
  const server = await start();
  server.script(say('ok'));
  await run(server, { reasoningEffort: 'low', headers: { 'x-team': 'blue' } });
  const [sent] = server.requests;
  expect(sent?.body).toMatchObject({
    model: 'm-1',
    stream: true,
    stream_options: { include_usage: true },
    reasoning_effort: 'low',
    messages: request.messages,
    tools: [{ type: 'function', function: { name: 'read' } }],
  });
  expect(sent?.headers).toMatchObject({ authorization: `Bearer ${key}`, 'x-team': 'blue' });
  expect(JSON.stringify(sent?.body)).not.toContain(key);
});

test('without a key no Authorization header is sent, whatever the environment holds', async () => {
  const server = await start();
  server.script(say('ok'));
  process.env.OPENAI_API_KEY = 'sk-of-the-environment';
  process.env.OPENAI_ORG_ID = 'org-of-the-environment';
  onTestFinished(() => {
    delete process.env.OPENAI_API_KEY;
    delete process.env.OPENAI_ORG_ID;
  });
  last(await run(server, { apiKey: '' }), 'completed');
  expect(JSON.stringify(server.requests[0]?.headers)).not.toMatch(/authorization|of-the-environment/);
});

test('an empty reply is complete', async () => {
  const server = await start();
  server.script(say());
  expect(last(await run(server), 'completed').reply).toMatchObject({ text: '', calls: [], finishReason: 'stop' });
});

test('usage of zero, or none, is not reported', async () => {
  const server = await start();
  server.script(say('a', usage({ input: 0, output: 0 })), say('b', usage(null)));
  expect(last(await run(server), 'completed').reply.usage).toBeUndefined();
  expect(last(await run(server), 'completed').reply.usage).toBeUndefined();
});

test('a server that refuses stream_options is asked again without, and never again with', async () => {
  const server = await start();
  const client = clientOf(server);
  const refusal = { detail: [{ loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }] };
  server.script(httpError(422, refusal), say('fine'), say('again'));
  const signal = new AbortController().signal;
  expect((await collect(client.stream(request, signal))).map((event) => event.type)).toEqual(['text', 'completed']);
  last(await collect(client.stream(request, signal)), 'completed');
  expect(server.requests.map(({ body }) => 'stream_options' in body)).toEqual([true, false, false]);
});

test('a server that answers with one JSON document instead of a stream is understood', async () => {
  const server = await start();
  const body = {
    model: 'm-1',
    choices: [{ message: { role: 'assistant', content: 'whole\nanswer' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 4, completion_tokens: 2 },
  };
  server.script(httpError(200, JSON.stringify(body, null, 2), { 'content-type': 'application/json' }));
  expect(last(await run(server), 'completed').reply).toMatchObject({
    text: 'whole\nanswer',
    usage: { input: 4, output: 2 },
  });
});

test('a stream that is called JSON is read as a stream', async () => {
  const server = await start();
  const sse = 'data: {"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
  server.script(httpError(200, sse, { 'content-type': 'application/json' }));
  expect(last(await run(server), 'completed').reply.text).toBe('hi');
});

test('[DONE] without a finish reason ends a reply with an unknown one', async () => {
  const server = await start();
  server.script(say('text', finish(null)));
  expect(last(await run(server), 'completed').reply).toMatchObject({ text: 'text', finishReason: 'unknown' });
});

test('a [DONE] that the model itself writes does not end a cut-off reply', async () => {
  const server = await start();
  server.script(say('data: [DONE]', '\ndata: [DONE]\n', noFinish));
  expect(last(await run(server), 'failed').error.message).toContain('without ending the reply');
});

test('a stream cut before anything was seen is tried again, visibly', async () => {
  const server = await start();
  server.script(say(cut), say(noFinish), say('third time'));
  const events = await run(server);
  expect(events.map((event) => event.type)).toEqual(['retrying', 'retrying', 'text', 'completed']);
  expect(events[0]).toMatchObject({ attempt: 2, delayMs: 1 });
  expect(events[1]).toMatchObject({
    attempt: 3,
    delayMs: 2,
    reason: expect.stringContaining('without ending the reply'),
  });
});

test.each([
  ['text', say('partial', cut)],
  ['text that just stops', say('partial', noFinish)],
  ['a call', say(call('read', '{"file_'), cut)],
  ['reasoning', say(thinking('partial'), cut)],
])('a stream cut after %s fails with what had come, and is not tried again', async (_what, step) => {
  const server = await start();
  server.script(step, say('must not be asked'));
  const { error, partial } = last(await run(server), 'failed');
  expect(error.message).toMatch(/^The reply broke off\. /);
  expect(partial.text + partial.reasoning + (partial.calls[0]?.argsText ?? '')).toMatch(/partial|file_/);
  expect(server.requests).toHaveLength(1);
});

test('a connection that breaks after the finish reason is no failure', async () => {
  const server = await start();
  server.script(
    say(delta({ content: 'done' }), raw('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'), cut),
  );
  expect(last(await run(server), 'completed').reply).toMatchObject({ text: 'done', finishReason: 'stop' });
});

test('a server that never closes after the finish reason does not hold the reply back', async () => {
  const server = await start();
  server.script(say('done', raw('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n'), hang));
  expect(last(await run(server, { patience: { afterFinishMs: 20 } }), 'completed').reply.text).toBe('done');
});

test('malformed JSON in the stream is a clear failure', async () => {
  const server = await start();
  server.script(say('a', raw('data: {oops\n\n')));
  const { error, partial } = last(await run(server), 'failed');
  expect(error.message).toContain('malformed JSON');
  expect(partial.text).toBe('a');
});

test('an error inside the stream is told; before anything was seen it is tried again', async () => {
  const server = await start();
  server.script(
    say(raw('data: {"error":{"message":"engine crashed"}}\n\n')),
    say('x', raw('data: {"error":"out of memory"}\n\n')),
  );
  const events = await run(server);
  expect(events[0]).toMatchObject({ type: 'retrying', reason: expect.stringContaining('engine crashed') });
  expect(last(events, 'failed').error.message).toContain('out of memory');
});

test.each([408, 409, 429, 500, 502, 503, 504, 529])(
  'status %i is tried again within one budget of four',
  async (status) => {
    const server = await start();
    server.reply(() => httpError(status, { error: { message: 'later' } }));
    const events = await run(server);
    expect(events.map((event) => event.type)).toEqual(['retrying', 'retrying', 'retrying', 'failed']);
    expect(server.requests).toHaveLength(4);
    expect(last(events, 'failed').error.message).toMatch(/later Tried 4 times\.$/);
  },
);

test.each([
  [400, { error: { message: 'bad field' } }, 'provider', /does not accept the request \(400\): bad field/, /.?/],
  [
    400,
    { error: { message: "This model's maximum context length is 8192 tokens" } },
    'limit',
    /no longer fits/,
    /Compact/,
  ],
  [401, { error: { message: 'Incorrect API key' } }, 'provider', /refuses the API key/, /Check the key/],
  [403, { detail: 'not your project' }, 'provider', /403\): not your project/, /Check the key/],
  [
    404,
    { error: { message: 'The model `m-1` does not exist' } },
    'provider',
    /does not know the model m-1/,
    /It offers good-model\./,
  ],
  [404, 'Not Found', 'provider', /no chat completions/, /\/v1/],
  [
    413,
    '<html><head><title>413 Too Large</title></head></html>',
    'limit',
    /too large.*web page "413 Too Large"/,
    /Compact/,
  ],
  [429, { error: { message: 'x', code: 'insufficient_quota' } }, 'provider', /quota/, /billing/],
  [302, 'moved', 'provider', /redirects to http:\/\/elsewhere/, /base URL/],
])('status %i with %j is explained and not tried again', async (status, body, code, message, hint) => {
  const server = await start();
  server.models = ['good-model'];
  server.script(httpError(status, body, status === 302 ? { location: 'http://elsewhere.test/' } : {}));
  const { error } = last(await run(server), 'failed');
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(error.hint ?? '').toMatch(hint);
  expect(server.requests).toHaveLength(1);
});

test('a missing key and a web page are named as such', async () => {
  const server = await start();
  server.script(httpError(401), httpError(200, '<!doctype html>', { 'content-type': 'text/html' }));
  expect(last(await run(server, { apiKey: '' }), 'failed').error).toMatchObject({
    message: expect.stringContaining('wants an API key'),
  });
  expect(last(await run(server), 'failed').error.message).toContain('web page');
});

test('the key and secret headers never appear in messages', async () => {
  const server = await start();
  const text = `no access for ${key} nor Bearer hush-hush-hush`;
  server.script(httpError(503, { error: { message: text } }), httpError(401, text));
  const events = await run(server, { headers: { 'X-Auth-Token': 'hush-hush-hush' } });
  expect(JSON.stringify(events)).toContain('[key]');
  expect(JSON.stringify(events)).not.toMatch(/very-secret|hush-hush/);
});

test('x-should-retry outranks the status', async () => {
  const server = await start();
  server.script(httpError(500, 'no', { 'x-should-retry': 'false' }));
  last(await run(server), 'failed');
  expect(server.requests).toHaveLength(1);
});

test.each([
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
  [{ 'retry-after-ms': '1250', 'retry-after': '60' }, 1_250],
])('honours %j, in a wait that abort ends at once', async (headers, delayMs) => {
  const server = await start();
  server.script(httpError(429, {}, headers));
  const abort = new AbortController();
  const client = clientOf(server, { now: () => Date.parse('2026-01-01T00:00:00Z') });
  const events: ModelEvent[] = [];
  for await (const event of client.stream(request, abort.signal)) {
    events.push(event);
    if (event.type === 'retrying') abort.abort();
  }
  expect(events).toMatchObject([
    { type: 'retrying', delayMs },
    { type: 'aborted', partial: { text: '' } },
  ]);
  expect(server.requests).toHaveLength(1);
});

test('a wait longer than two minutes is told instead of borne', async () => {
  const server = await start();
  server.script(httpError(429, {}, { 'retry-after': '3600' }));
  expect(last(await run(server), 'failed').error.message).toContain('asks to wait 3600 s');
});

test('nothing listens: one quick second try, then a clear message', async () => {
  const server = await startModelServer();
  await server.close();
  const events = await run(server);
  expect(events.map((event) => event.type)).toEqual(['retrying', 'failed']);
  expect(last(events, 'failed').error).toMatchObject({
    message: expect.stringMatching(/^Nothing answers at 127\.0\.0\.1:\d+\./),
    hint: 'Is the model server running?',
  });
});

test('abort in mid-stream ends quickly with what had come, and closes the connection', async () => {
  const server = await start();
  server.script(say('partial', hang));
  const abort = new AbortController();
  const events: ModelEvent[] = [];
  for await (const event of clientOf(server).stream(request, abort.signal)) {
    events.push(event);
    if (event.type === 'text') abort.abort();
  }
  expect(events).toMatchObject([{ type: 'text' }, { type: 'aborted', partial: { text: 'partial' } }]);
  expect(await server.requests[0]?.ended).toBe('aborted');
});

test('abort before the first byte, or before the call, ends with aborted', async () => {
  const server = await start();
  server.script(say(hang));
  const abort = new AbortController();
  const events = collect(clientOf(server).stream(request, abort.signal));
  await server.request(0);
  abort.abort();
  expect(last(await events, 'aborted').partial.text).toBe('');
  last(await collect(clientOf(server).stream(request, abort.signal)), 'aborted');
  expect(server.requests).toHaveLength(1);
});

test('a consumer that leaves closes the connection', async () => {
  const server = await start();
  server.script(say('partial', hang));
  for await (const event of clientOf(server).stream(request, new AbortController().signal))
    if (event.type === 'text') break;
  expect(await server.requests[0]?.ended).toBe('aborted');
});

test('silence in mid-stream and before the first byte are told apart; neither is tried again', async () => {
  const server = await start();
  server.script(say('partial', hang), say(hang));
  const silent = async (patience: { firstByteMs: number; idleMs: number }) =>
    last(await run(server, { patience }), 'failed').error.message;
  expect(await silent({ firstByteMs: 10_000, idleMs: 50 })).toContain('stopped sending in the middle');
  expect(await silent({ firstByteMs: 50, idleMs: 10_000 })).toContain('has not begun to answer');
  expect(server.requests).toHaveLength(2);
});

test('a slow reader is not taken for a silent server', async () => {
  const server = await start();
  const rest = gate();
  server.script(say('one', rest, 'two'));
  const stream = clientOf(server, { patience: { idleMs: 40 } }).stream(request, new AbortController().signal);
  const events: ModelEvent[] = [];
  for await (const event of stream) {
    events.push(event);
    if (event.type !== 'text' || event.text !== 'one') continue;
    // Longer than the patience: the watch must stand still while we are the slow ones.
    await new Promise((resolve) => setTimeout(resolve, 80));
    rest.open();
  }
  expect(last(events, 'completed').reply.text).toBe('onetwo');
});

test('a base URL that is none, or that cannot be, fails as an event', async () => {
  last(await run({ baseUrl: 'not a url' }), 'failed');
  const events = await run({ baseUrl: 'http://user:hunter22@127.0.0.1:9/v1' });
  expect(JSON.stringify(events)).not.toContain('hunter22');
});

test('two streams of one client do not disturb each other', async () => {
  const server = await start();
  const [first, second] = [gate(), gate()];
  server.script(say('a1', first, 'a2'), say('b1', second, 'b2'));
  const client = clientOf(server);
  const signal = new AbortController().signal;
  const one = collect(client.stream(request, signal));
  await server.request(0);
  const two = collect(client.stream(request, signal));
  await Promise.all([first.reached, second.reached]);
  second.open();
  expect(last(await two, 'completed').reply.text).toBe('b1b2');
  first.open();
  expect(last(await one, 'completed').reply.text).toBe('a1a2');
});

test('connections are kept for later turns', async () => {
  const server = await start();
  const turns = 5;
  for (let turn = 0; turn < turns; turn++) server.script(say('a '.repeat(200), usage({ input: 5, output: 5 })));
  const client = clientOf(server);
  for (let turn = 0; turn < turns; turn++)
    last(await collect(client.stream(request, new AbortController().signal)), 'completed');
  expect(server.requests).toHaveLength(turns);
  // A turn that follows at once may need a second one.
  expect(new Set(server.requests.map(({ clientPort }) => clientPort)).size).toBeLessThanOrEqual(2);
});
