import { fail, ok, type Result } from '../../shared/errors.ts';
import { asList, type FetchOptions, fetchJson, field } from './fetch-json.ts';
import { secretHider } from './hide-secrets.ts';
import { anyModel, type LocalKind, loadedModels } from './live-window.ts';
import { hostOf } from './provider-error.ts';

/** The ids that an endpoint's `/models` lists, in its order. Takes at most `timeoutMs` (5 s); redirects are not followed. */
export async function listModels(
  baseUrl: string,
  apiKey: string | undefined,
  options: Partial<FetchOptions> = {},
): Promise<Result<string[]>> {
  const headers = { ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}), ...options.headers };
  const answer = await fetchJson(`${baseUrl.replace(/\/+$/, '')}/models`, { timeoutMs: 5_000, ...options, headers });
  if (!answer.ok) {
    const hide = secretHider({ baseUrl, apiKey, headers });
    return fail(answer.error.code, hide(answer.error.message), answer.error.hint);
  }
  const models = modelIds(answer.value);
  return models
    ? ok(models)
    : fail('provider', `${hostOf(baseUrl)} lists no models.`, 'Check the base URL; most end in /v1.');
}

/** A model server that answers on this machine. */
export interface LocalServer {
  name: string;
  /** With `/v1`. */
  baseUrl: string;
  port: number;
  /** Loaded ones first. */
  models: string[];
  /** Of the first model, as it is loaded; never the model's theoretical maximum. */
  contextWindow?: number;
}

export interface LocalPort {
  kind: LocalKind;
  port: number;
}

export const defaultLocalPorts: LocalPort[] = [
  { kind: 'ollama', port: 11434 },
  { kind: 'lmStudio', port: 1234 },
  { kind: 'llamaCpp', port: 8080 },
  { kind: 'vllm', port: 8000 },
];

const names: Record<LocalKind, string> = {
  ollama: 'Ollama',
  lmStudio: 'LM Studio',
  llamaCpp: 'llama.cpp',
  vllm: 'vLLM',
};

/**
 * Looks for model servers on this machine, all ports at once; takes at most `timeoutMs` (700 ms). Only 127.0.0.1 is asked, redirects are
 * not followed, and what does not answer in the shape of a model list is not a model server. Never fails: what is not found is absent.
 */
export async function findLocalServers(
  options: Partial<FetchOptions> & { ports?: LocalPort[] } = {},
): Promise<LocalServer[]> {
  const { ports = defaultLocalPorts, timeoutMs = 700, ...rest } = options;
  const found = await Promise.all(ports.map((place) => probe(place, { timeoutMs, ...rest })));
  return found.filter((server) => server !== undefined);
}

async function probe({ kind, port }: LocalPort, options: FetchOptions): Promise<LocalServer | undefined> {
  const root = `http://127.0.0.1:${port}`;
  // Asked at the same time, so that both together keep the one limit.
  const [listed, loaded] = await Promise.all([
    fetchJson(root + (kind === 'ollama' ? '/api/tags' : '/v1/models'), options),
    loadedModels(root, kind, options),
  ]);
  if (!listed.ok) return undefined;
  const known = kind === 'ollama' ? ollamaTags(listed.value) : modelIds(listed.value);
  const chatting = known?.filter((model) => !/embed/i.test(model)) ?? [];
  const models = [...chatting.filter((model) => loaded.has(model)), ...chatting.filter((model) => !loaded.has(model))];
  const first = models[0];
  // A server without any model cannot answer a prompt.
  if (first === undefined) return undefined;
  const contextWindow = loaded.get(first) ?? loaded.get(anyModel);
  return {
    name: names[kind],
    baseUrl: `${root}/v1`,
    port,
    models,
    ...(contextWindow === undefined ? {} : { contextWindow }),
  };
}

const ollamaTags = (value: unknown) => ids(asList(field(value, 'models')), 'name');
const modelIds = (value: unknown) => ids(asList(field(value, 'data')), 'id');

function ids(entries: unknown[] | undefined, key: string): string[] | undefined {
  const found = entries?.map((entry) => field(entry, key));
  return found?.every((id): id is string => typeof id === 'string' && id !== '') ? found : undefined;
}
