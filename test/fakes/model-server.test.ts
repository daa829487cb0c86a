import { expect, onTestFinished, test } from 'vitest';
import {
  call,
  cut,
  gate,
  hang,
  httpError,
  type ModelServer,
  raw,
  say,
  startModelServer,
  usage,
} from './model-server.ts';

async function start(): Promise<ModelServer> {
  const server = await startModelServer();
  onTestFinished(() => server.close());
  return server;
}

const post = (server: ModelServer, text: string, signal?: AbortSignal) =>
  fetch(`${server.baseUrl}/chat/completions`, {
    method: 'POST',
    signal: signal ?? null,
    body: JSON.stringify({
      model: 'test-model',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: text }],
    }),
  });

test('steps are taken in order, with calls and usage', async () => {
  const server = await start();
  server.script(
    say('Hi', call('ls', { path: '.' }), usage({ input: 5, output: 2, cached: 1 })),
    httpError(429, { error: 1 }),
  );
  const body = await (await post(server, 'go')).text();
  expect(body).toContain('"content":"Hi"');
  expect(body).toContain('"name":"ls"');
  expect(body).toContain('"finish_reason":"tool_calls"');
  expect(body).toContain('"cached_tokens":1');
  expect(body.trimEnd().endsWith('data: [DONE]')).toBe(true);
  expect((await post(server, 'again')).status).toBe(429);
  expect(server.left()).toBe(0);
});

test('two gated streams run at once, each with its own queue', async () => {
  const server = await start();
  const first = gate();
  const second = gate();
  server.when('one', say('a', first, 'b'));
  server.when(/two/, say('c', second, 'd'));
  const [one, two] = [post(server, 'session one'), post(server, 'session two')];
  await Promise.all([first.reached, second.reached]);
  second.open();
  expect(await (await two).text()).toContain('"content":"d"');
  first.open();
  expect(await (await one).text()).toContain('"content":"b"');
});

test('a request without a step fails loudly', async () => {
  const server = await start();
  const response = await post(server, 'surprise');
  expect(response.status).toBe(500);
  expect(await response.text()).toContain('surprise');
  expect(server.errors).toHaveLength(1);
});

test('a cut destroys the connection after what was sent, raw bytes pass through', async () => {
  const server = await start();
  server.script(say('partial', raw('data: {oops\n\n'), cut));
  const response = await post(server, 'go');
  await expect(response.text()).rejects.toThrow();
});

test('a hanging request shows when the client leaves', async () => {
  const server = await start();
  server.script(say(hang));
  const abort = new AbortController();
  const sent = post(server, 'go', abort.signal);
  const request = await server.request(0);
  abort.abort();
  await expect(sent).rejects.toThrow();
  expect(await request.ended).toBe('aborted');
});
