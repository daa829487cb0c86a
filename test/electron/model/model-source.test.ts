import { expect, onTestFinished, test, vi } from 'vitest';
import type { LocalServer } from '../../../electron/model/discovery.ts';
import type { ResolvedModel } from '../../../electron/model/model-client.ts';
import { createModelSource, type ModelSourceDeps } from '../../../electron/model/model-source.ts';
import type { ModelStatus } from '../../../shared/app/state.ts';
import type { Result } from '../../../shared/errors.ts';
import { type ModelProfile, type Settings, settingsSchema } from '../../../shared/settings.ts';
import { type ModelServer, say, startModelServer } from '../../fakes/model-server.ts';

const settingsOf = (profiles: ModelProfile[] = [], defaultProfileId?: string): Settings =>
  settingsSchema.parse({ profiles, ...(defaultProfileId ? { defaultProfileId } : {}) });

// Nothing listens there: a window is asked for and not found at once.
const nowhere = 'http://127.0.0.1:9/v1';
const profile = (id: string, more: Partial<ModelProfile> = {}): ModelProfile => ({
  id,
  name: id.toUpperCase(),
  baseUrl: nowhere,
  model: `model-${id}`,
  ...more,
});
const ollama: LocalServer = {
  name: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  port: 11434,
  models: ['small:8b', 'big'],
};
const local = { ...ollama, baseUrl: nowhere };

async function server(models: string[]): Promise<ModelServer> {
  const started = await startModelServer({ models });
  onTestFinished(() => started.close());
  return started;
}

interface Given extends Partial<Omit<ModelSourceDeps, 'settings' | 'keys'>> {
  settings?: Settings;
  /** Profile id → key; undefined for one that is stored but cannot be read. */
  stored?: Record<string, string | undefined>;
  locals?: LocalServer[];
}

function source({ settings = settingsOf(), stored = {}, locals = [], ...deps }: Given = {}) {
  const held = { settings, locals };
  const startDemo = vi.fn(async () => ({ baseUrl: 'http://127.0.0.1:9/v1', close: async () => {} }));
  const created = createModelSource({
    kind: 'window',
    env: {},
    settings: () => held.settings,
    keys: { has: (id) => id in stored, get: async (id) => stored[id] },
    probe: async () => held.locals,
    startDemo,
    ...deps,
  });
  onTestFinished(() => created.close());
  return { ...created, held, startDemo };
}

const idOf = (resolved: Result<ResolvedModel>) => (resolved.ok ? resolved.value.id : resolved.error);
const failure = (resolved: Result<ResolvedModel>) => {
  if (resolved.ok) throw new Error(`resolved to ${resolved.value.id}`);
  return `${resolved.error.code}: ${resolved.error.message} ${resolved.error.hint}`;
};
const settle = async (models: ReturnType<typeof source>): Promise<ModelStatus> => {
  await models.refresh();
  return models.status();
};

test('with nothing at all the demo is the default, and starts only when it is used', async () => {
  const models = source();
  expect(models.status()).toMatchObject({ state: 'searching' });
  expect(await settle(models)).toMatchObject({
    state: 'ready',
    defaultId: 'demo',
    choices: [{ id: 'demo', source: 'demo' }],
  });
  expect(models.startDemo).not.toHaveBeenCalled();
  const [one, two] = await Promise.all([models.resolve(), models.resolve('demo')]);
  expect(one).toMatchObject({
    ok: true,
    value: { id: 'demo', demo: true, contextWindow: 32768, prices: { input: 0, output: 0 } },
  });
  expect(two.ok).toBe(true);
  expect(models.startDemo).toHaveBeenCalledTimes(1);
});

test.each<[string, Given, string]>([
  ['the chosen profile', { settings: settingsOf([profile('a'), profile('b')], 'b'), locals: [local] }, 'b'],
  ['a deleted choice: the first profile', { settings: settingsOf([profile('a')], 'gone'), locals: [local] }, 'a'],
  [
    'a profile before the environment',
    { settings: settingsOf([profile('a')]), env: { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' } },
    'a',
  ],
  [
    'the environment before a local server',
    { env: { OPENAI_BASE_URL: nowhere, OPENAI_MODEL: 'm' }, locals: [local] },
    'environment',
  ],
  ['a local server before the demo', { locals: [local] }, 'local11434'],
  ['the demo, when the person chose it', { settings: settingsOf([profile('a')], 'demo') }, 'demo'],
  [
    'a local server, when the person chose it',
    { settings: settingsOf([profile('a')], 'local11434'), locals: [local] },
    'local11434',
  ],
])('in the window the default is %s', async (_what, given, id) => {
  const models = source(given);
  expect(idOf(await models.resolve())).toBe(id);
  expect(await settle(models)).toMatchObject({ state: 'ready', defaultId: id });
});

test('every source is a choice, the demo always last', async () => {
  const models = source({
    settings: settingsOf([profile('a', { contextWindow: 5_000 }), profile('b', { model: 'gpt-5' })]),
    stored: { b: 'key' },
    env: { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'gpt-5-mini' },
    locals: [{ ...local, contextWindow: 4096 }],
  });
  const { choices } = await settle(models);
  expect(
    choices.map(({ id, source: from, model, hasKey, contextWindow }) => [id, from, model, hasKey, contextWindow]),
  ).toEqual([
    ['a', 'profile', 'model-a', false, 5_000],
    ['b', 'profile', 'gpt-5', true, 400_000],
    ['environment', 'environment', 'gpt-5-mini', true, 400_000],
    ['local11434', 'local', 'small:8b', false, 4096],
    ['demo', 'demo', 'switchyard-demo', false, 32_768],
  ]);
  expect(choices[2]?.baseUrl).toBe('https://api.openai.com/v1');
});

test('status never waits: a saved profile is ready while local servers are still looked for', async () => {
  let found: (servers: LocalServer[]) => void = () => {};
  const models = source({
    settings: settingsOf([profile('a')]),
    probe: () => new Promise((resolve) => (found = resolve)),
  });
  const heard: ModelStatus[] = [];
  models.onChange((status) => heard.push(status));
  expect(models.status()).toMatchObject({ state: 'ready', defaultId: 'a' });
  expect(idOf(await models.resolve())).toBe('a');
  const asked = models.resolve('local11434');
  found([local]);
  await asked;
  expect(heard).toHaveLength(1);
  expect(heard[0]?.choices.map(({ id }) => id)).toEqual(['a', 'local11434', 'demo']);
});

test('a change of settings needs a refresh and no restart; listeners hear it once, and not after they left', async () => {
  const models = source();
  await models.refresh();
  const heard: ModelStatus[] = [];
  const stop = models.onChange((status) => heard.push(status));
  models.held.settings = settingsOf([profile('a')]);
  await models.refresh();
  expect(heard.map(({ defaultId }) => defaultId)).toEqual(['a']);
  expect(idOf(await models.resolve())).toBe('a');
  stop();
  models.held.settings = settingsOf();
  await models.refresh();
  expect(heard).toHaveLength(1);
});

test('a profile is called with its own key, effort and headers', async () => {
  const endpoint = await server(['x']);
  endpoint.script(say('hello'));
  const models = source({
    settings: settingsOf([
      profile('a', { baseUrl: endpoint.baseUrl, model: 'x', reasoningEffort: 'high', headers: { 'x-team': 'blue' } }),
    ]),
    stored: { a: 'sk-of-a-profile' },
    env: { OPENAI_API_KEY: 'sk-of-the-environment' },
  });
  const resolved = await models.resolve('a');
  if (!resolved.ok) throw new Error(resolved.error.message);
  expect(resolved.value).toMatchObject({ id: 'a', name: 'A', model: 'x', demo: false });
  const request = { messages: [{ role: 'user' as const, content: 'hi' }], tools: [] };
  for await (const event of resolved.value.client.stream(request, new AbortController().signal)) void event;
  expect(endpoint.requests[0]?.headers).toMatchObject({ authorization: 'Bearer sk-of-a-profile', 'x-team': 'blue' });
  expect(endpoint.requests[0]?.body).toMatchObject({ model: 'x', reasoning_effort: 'high' });
});

test('a chosen model that cannot be had is a failure, never another model', async () => {
  const models = source({
    settings: settingsOf([profile('a', { name: 'Work' })], 'a'),
    stored: { a: undefined },
    locals: [local],
  });
  expect(failure(await models.resolve())).toMatch(
    /^notConfigured: The API key of the model "Work" cannot be read\. Enter the key again/,
  );
  expect(failure(await models.resolve('gone'))).toMatch(/^notFound: .*no longer in Settings/);
  expect(failure(await models.resolve('environment'))).toMatch(/^notConfigured: .*OPENAI_BASE_URL/);
  expect(failure(await models.resolve('local1234'))).toMatch(
    /^notConfigured: The model server at 127\.0\.0\.1:1234 does not answer\./,
  );
  expect(models.startDemo).not.toHaveBeenCalled();
});

test('a local server that was chosen and is gone is said, and found again once it runs', async () => {
  const models = source({ settings: settingsOf([], 'local11434') });
  expect(await settle(models)).toMatchObject({ state: 'unconfigured', problem: expect.stringContaining('Start it') });
  expect(failure(await models.resolve())).toContain('127.0.0.1:11434');
  models.held.locals = [local];
  expect(idOf(await models.resolve('local11434'))).toBe('local11434');
  expect(models.status()).toMatchObject({ state: 'ready', defaultId: 'local11434' });
});

test('OPENAI_MODEL unset: the only model that is offered, otherwise a question', async () => {
  const one = await server(['only']);
  const models = source({ env: { OPENAI_BASE_URL: one.baseUrl } });
  expect(models.status()).toMatchObject({ state: 'searching' });
  expect(await models.resolve()).toMatchObject({ ok: true, value: { id: 'environment', model: 'only' } });

  const many = await server(['m1', 'm2']);
  const asking = source({ env: { OPENAI_BASE_URL: many.baseUrl } });
  expect(failure(await asking.resolve())).toMatch(
    /^notConfigured: .*offers 2 \(m1, m2, …\)\. Set OPENAI_MODEL, or add a model in Settings\./,
  );
  expect(await settle(asking)).toMatchObject({
    state: 'unconfigured',
    problem: expect.stringContaining('OPENAI_MODEL'),
  });
  expect(idOf(await asking.resolve('demo'))).toBe('demo');

  const down = source({ env: { OPENAI_BASE_URL: nowhere } });
  expect(failure(await down.resolve())).toMatch(/cannot be asked: .*127\.0\.0\.1:9/);
});

test('the window comes from the setting, then the endpoint, then the catalogue, else is unknown', async () => {
  const endpoint = await server(['gpt-5']);
  const at = (more: Partial<ModelProfile>) => profile('a', { model: 'gpt-5', ...more });
  const windowOf = async (given: ModelProfile) => {
    const resolved = await source({ settings: settingsOf([given]) }).resolve('a');
    if (!resolved.ok) throw new Error(resolved.error.message);
    const { contextWindow, windowSource, prices } = resolved.value;
    return { contextWindow, windowSource, prices };
  };
  expect(await windowOf(at({ contextWindow: 7_000 }))).toMatchObject({ contextWindow: 7_000, windowSource: 'setting' });
  expect(await windowOf(at({ baseUrl: endpoint.baseUrl }))).toMatchObject({
    contextWindow: 400_000,
    windowSource: 'catalogue',
  });
  expect(await windowOf(at({ model: 'never-heard-of' }))).toEqual({});
  // A hosted endpoint whose model the catalogue knows is not waited for.
  expect(await windowOf(at({ baseUrl: 'https://models.invalid/v1' }))).toMatchObject({
    contextWindow: 400_000,
    windowSource: 'catalogue',
    prices: { input: 1.25, output: 10 },
  });
  // A server of this machine costs nothing by the token unless the person says so.
  expect(await windowOf(at({}))).toMatchObject({ prices: undefined });
  expect(await windowOf(at({ prices: { input: 1, output: 2 } }))).toMatchObject({ prices: { input: 1, output: 2 } });
});

const cli = (given: Given) => source({ kind: 'cli', ...given });

test.each<[string, Given, string]>([
  [
    'flags first',
    { flags: { baseUrl: nowhere, model: 'm' }, env: { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'e' } },
    'environment',
  ],
  [
    'the environment before a profile',
    { env: { OPENAI_API_KEY: 'k', OPENAI_MODEL: 'e' }, settings: settingsOf([profile('a')], 'a') },
    'environment',
  ],
  ['a profile that needs no key', { settings: settingsOf([profile('a'), profile('b')]), stored: { a: 'k' } }, 'b'],
  ['a local server', { locals: [local] }, 'local11434'],
  ['the demo', {}, 'demo'],
])('on the command line: %s', async (_what, given, id) => {
  expect(idOf(await cli(given).resolve())).toBe(id);
});

test('on the command line a stored key is a usage error that names OPENAI_API_KEY, never the demo', async () => {
  const chosen = cli({ settings: settingsOf([profile('a')], 'a'), stored: { a: undefined }, locals: [local] });
  expect(failure(await chosen.resolve())).toMatch(/^notConfigured: .*OPENAI_API_KEY/);
  const unchosen = cli({ settings: settingsOf([profile('a')]), stored: { a: undefined } });
  expect(failure(await unchosen.resolve())).toContain('OPENAI_API_KEY');
  expect(failure(await unchosen.resolve('a'))).toContain('OPENAI_API_KEY');
  expect(unchosen.startDemo).not.toHaveBeenCalled();
});

test('a session with such a profile goes on with what the environment gives instead', async () => {
  const models = cli({
    settings: settingsOf([profile('a')]),
    stored: { a: undefined },
    env: { OPENAI_BASE_URL: nowhere, OPENAI_API_KEY: 'k', OPENAI_MODEL: 'm' },
  });
  expect(await models.resolve('a')).toMatchObject({ ok: true, value: { id: 'environment', model: 'm' } });
});

test('flags outrank the model of every session; their key comes from the environment', async () => {
  const endpoint = await server(['m']);
  endpoint.script(say('hi'));
  const models = cli({ flags: { baseUrl: endpoint.baseUrl }, env: { OPENAI_API_KEY: 'sk-of-the-environment' } });
  const resolved = await models.resolve('demo');
  if (!resolved.ok) throw new Error(resolved.error.message);
  expect(resolved.value).toMatchObject({ model: 'm', name: 'Command line', demo: false });
  const request = { messages: [{ role: 'user' as const, content: 'hi' }], tools: [] };
  for await (const event of resolved.value.client.stream(request, new AbortController().signal)) void event;
  expect(endpoint.requests[0]?.headers.authorization).toBe('Bearer sk-of-the-environment');
});

test('--model alone finds a profile, a local model or the demo, and nothing else', async () => {
  const given = { settings: settingsOf([profile('a')]), locals: [local] };
  expect(idOf(await cli({ ...given, flags: { model: 'model-a' } }).resolve())).toBe('a');
  expect(await cli({ ...given, flags: { model: 'big' } }).resolve()).toMatchObject({
    ok: true,
    value: { id: 'local11434', model: 'big' },
  });
  expect(idOf(await cli({ ...given, flags: { model: 'demo' }, env: { OPENAI_API_KEY: 'k' } }).resolve())).toBe('demo');
  expect(failure(await cli({ ...given, flags: { model: 'gpt-x' } }).resolve())).toMatch(/OPENAI_API_KEY.*--base-url/);
  const withKey = cli({ ...given, flags: { model: 'gpt-x' }, env: { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: nowhere } });
  expect(await withKey.resolve()).toMatchObject({ ok: true, value: { model: 'gpt-x' } });
});

test('the command line looks for local servers only when it needs them', async () => {
  const probe = vi.fn(async () => [local]);
  const models = cli({ probe, env: { OPENAI_BASE_URL: nowhere, OPENAI_MODEL: 'm' } });
  await models.resolve();
  expect(probe).not.toHaveBeenCalled();
});

test('a demo that cannot start is a failure, and is tried again', async () => {
  const startDemo = vi.fn<ModelSourceDeps['startDemo']>();
  startDemo.mockRejectedValueOnce(new Error('no port'));
  startDemo.mockResolvedValue({ baseUrl: nowhere, close: async () => {} });
  const models = source({ startDemo });
  expect(failure(await models.resolve('demo'))).toContain('no port');
  expect((await models.resolve('demo')).ok).toBe(true);
});
