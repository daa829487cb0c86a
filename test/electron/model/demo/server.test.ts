import { expect, onTestFinished, test } from 'vitest';
import { startDemoServer } from '../../../../electron/model/demo/server.ts';
import { listModels } from '../../../../electron/model/discovery.ts';
import { demoModel } from '../../../../electron/model/endpoint.ts';
import type { ModelEvent, ModelRequest } from '../../../../electron/model/model-client.ts';
import { createOpenAiClient } from '../../../../electron/model/openai-client.ts';

async function start() {
  const server = await startDemoServer();
  onTestFinished(() => server.close());
  return server;
}

const ask = (content: string): ModelRequest => ({
  messages: [{ role: 'user', content }],
  tools: ['ls', 'task', 'write'].map((name) => ({ name, description: name, parameters: { type: 'object' } })),
});

async function collect(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
  const all: ModelEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const post = (baseUrl: string, body: unknown) =>
  fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test('streams an answer word by word through the ordinary client, with usage', async () => {
  const { baseUrl } = await start();
  const client = createOpenAiClient({ baseUrl, model: demoModel.model });
  const startedAt = performance.now();
  const events = await collect(client.stream(ask('What can you do?'), new AbortController().signal));
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  const texts = events.filter((event) => event.type === 'text');
  expect(texts.length).toBeGreaterThan(10);
  const last = events.at(-1);
  if (last?.type !== 'completed') throw new Error(JSON.stringify(last));
  expect(last.reply.text).toBe(texts.map(({ text }) => text).join(''));
  expect(last.reply.text).toMatch(/not a language model\._$/);
  expect(last.reply.usage?.input).toBeGreaterThan(5);
  expect(last.reply.usage?.output).toBeGreaterThan(50);
});

test('asks for several calls in one reply, with ids of their own', async () => {
  const { baseUrl } = await start();
  const client = createOpenAiClient({ baseUrl, model: demoModel.model });
  const events = await collect(client.stream(ask('In parallel look at a, b and c'), new AbortController().signal));
  const last = events.at(-1);
  if (last?.type !== 'completed') throw new Error(JSON.stringify(last));
  expect(last.reply.finishReason).toBe('tool_calls');
  expect(last.reply.calls.map(({ name }) => name)).toEqual(['task', 'task', 'task']);
  expect(new Set(last.reply.calls.map(({ id }) => id)).size).toBe(3);
});

test('lists its model, and says in its name that it is the demo', async () => {
  const { baseUrl } = await start();
  expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  expect(await listModels(baseUrl, undefined)).toEqual({ ok: true, value: ['switchyard-demo'] });
});

test('answers without a stream too', async () => {
  const { baseUrl } = await start();
  const body = { model: demoModel.model, messages: [{ role: 'user', content: 'hi' }] };
  const answer = (await (await post(baseUrl, body)).json()) as { choices: { message: { content: string } }[] };
  expect(answer.choices[0]?.message.content).toContain('not a language model');
});

test.each([
  ['not json', 400],
  [{ model: demoModel.model }, 400],
  [{ model: demoModel.model, messages: [] }, 400],
  [{ model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] }, 404],
])('refuses %j with %i and a reason', async (body, status) => {
  const { baseUrl } = await start();
  const response = await post(baseUrl, body);
  expect(response.status).toBe(status);
  expect((await response.json()) as object).toMatchObject({ error: { message: expect.stringMatching(/./) } });
});

test('knows no other address', async () => {
  const { baseUrl } = await start();
  expect((await fetch(`${baseUrl}/embeddings`, { method: 'POST', body: '{}' })).status).toBe(404);
});

test('odd messages do not break it, and closing ends what still streams', async () => {
  const server = await start();
  const messages = [
    { role: 'user' },
    { role: 'user', content: 7 },
    { role: 'assistant', tool_calls: [{}] },
    { role: 'tool' },
  ];
  const odd = await post(server.baseUrl, { model: demoModel.model, messages });
  expect(odd.status).toBe(400);
  const response = await post(server.baseUrl, {
    ...{ model: demoModel.model, stream: true },
    messages: ask('hi').messages,
  });
  const reader = response.body?.getReader();
  await reader?.read();
  await server.close();
  const drain = async () => {
    while (!(await reader?.read())?.done);
  };
  await expect(drain()).rejects.toThrow();
});
