import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { findLocalServers, type LocalPort, listModels } from '../../../electron/model/discovery.ts';
import { liveWindow } from '../../../electron/model/live-window.ts';

type Answers = Record<string, unknown>;

/** A server on loopback that answers these paths with JSON (or text), all others with 404. */
async function serve(answers: Answers, status = 200, headers: Record<string, string> = {}) {
  const asked: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request);
    const answer = answers[request.url ?? ''];
    if (answer === undefined) return response.writeHead(404).end('not here');
    response.writeHead(status, headers).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { port, asked, baseUrl: `http://127.0.0.1:${port}/v1` };
}

const models = (...ids: string[]) => ({ object: 'list', data: ids.map((id) => ({ id })) });
const find = (...ports: LocalPort[]) => findLocalServers({ ports });

test('finds Ollama by its tags, a loaded model first, with the window it was loaded with', async () => {
  const { port } = await serve({
    '/api/tags': { models: [{ name: 'nomic-embed-text:latest' }, { name: 'big:70b' }, { name: 'small:8b' }] },
    '/api/ps': { models: [{ name: 'small:8b', context_length: 4096 }] },
  });
  expect(await find({ kind: 'ollama', port })).toEqual([
    {
      name: 'Ollama',
      baseUrl: `http://127.0.0.1:${port}/v1`,
      port,
      models: ['small:8b', 'big:70b'],
      contextWindow: 4096,
    },
  ]);
});

test('finds LM Studio, with the loaded context and not the maximum', async () => {
  const { port } = await serve({
    '/v1/models': models('other', 'loaded-one', 'text-embedding-x'),
    '/api/v0/models': {
      data: [
        { id: 'other', state: 'not-loaded', max_context_length: 131072 },
        { id: 'loaded-one', state: 'loaded', max_context_length: 131072, loaded_context_length: 8192 },
      ],
    },
  });
  expect(await find({ kind: 'lmStudio', port })).toMatchObject([
    { name: 'LM Studio', models: ['loaded-one', 'other'], contextWindow: 8192 },
  ]);
});

test('finds llama.cpp with n_ctx and vLLM with max_model_len', async () => {
  const llama = await serve({
    '/v1/models': models('m.gguf'),
    '/props': { default_generation_settings: { n_ctx: 16384 } },
  });
  const vllm = await serve({ '/v1/models': { data: [{ id: 'Qwen/Q', max_model_len: 32768 }] } });
  expect(await find({ kind: 'llamaCpp', port: llama.port }, { kind: 'vllm', port: vllm.port })).toMatchObject([
    { name: 'llama.cpp', models: ['m.gguf'], contextWindow: 16384 },
    { name: 'vLLM', models: ['Qwen/Q'], contextWindow: 32768 },
  ]);
});

test.each([
  ['a web page', { '/v1/models': '<html></html>' }],
  ['JSON of another shape', { '/v1/models': { models: ['a'] } }],
  ['entries without an id', { '/v1/models': { data: [{ name: 'a' }] } }],
  ['no model at all', { '/v1/models': models() }],
  ['only embedding models', { '/v1/models': models('text-embedding-3') }],
  ['nothing there', {}],
])('%s is no model server', async (_what, answers) => {
  const { port } = await serve(answers);
  expect(await find({ kind: 'llamaCpp', port })).toEqual([]);
});

test('a closed port is no server, and a silent one takes no longer than the limit', async () => {
  const silent = http.createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close().closeAllConnections());
  const { port } = silent.address() as AddressInfo;
  const startedAt = performance.now();
  const ports: LocalPort[] = [
    { kind: 'vllm', port },
    { kind: 'ollama', port },
    { kind: 'vllm', port: 9 },
  ];
  expect(await findLocalServers({ ports, timeoutMs: 100 })).toEqual([]);
  expect(performance.now() - startedAt).toBeLessThan(8_000);
});

test('redirects are not followed', async () => {
  const target = await serve({ '/v1/models': models('stolen') });
  const { port } = await serve({ '/v1/models': '' }, 302, { location: `${target.baseUrl}/models` });
  expect(await find({ kind: 'vllm', port })).toEqual([]);
  expect(target.asked).toEqual([]);
});

test('lists the models of an endpoint with its key, and tells why it cannot without showing the key', async () => {
  const good = await serve({ '/v1/models': models('b', 'a') });
  expect(await listModels(`${good.baseUrl}/`, 'sk-abcdefgh')).toEqual({ ok: true, value: ['b', 'a'] });
  expect(good.asked[0]?.headers.authorization).toBe('Bearer sk-abcdefgh');
  const bad = await serve({ '/v1/models': { error: { message: 'wrong key sk-abcdefgh' } } }, 401);
  expect(await listModels(bad.baseUrl, 'sk-abcdefgh')).toMatchObject({
    ok: false,
    error: { code: 'provider', message: expect.stringContaining('401: wrong key [key]') },
  });
  const odd = await serve({ '/v1/models': { hello: 1 } });
  expect(await listModels(odd.baseUrl, undefined)).toMatchObject({
    ok: false,
    error: { hint: expect.stringContaining('/v1') },
  });
});

test('asks an endpoint itself for the window of a model', async () => {
  const options = { timeoutMs: 700 };
  const llama = await serve({ '/v1/models': models('x'), '/props': { n_ctx: 2048 } });
  expect(await liveWindow(llama.baseUrl, 'x', options)).toBe(2048);
  const router = await serve({
    '/v1/models': {
      data: [
        { id: 'a', context_length: 1 },
        { id: 'x', context_length: 65536 },
      ],
    },
  });
  expect(await liveWindow(router.baseUrl, 'x', options)).toBe(65536);
  expect(await liveWindow(router.baseUrl, 'unknown', options)).toBeUndefined();
});
