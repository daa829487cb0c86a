import { asList, type FetchOptions, fetchJson, field } from './fetch-json.ts';
import { isLoopback } from './provider-error.ts';

export type LocalKind = 'ollama' | 'lmStudio' | 'llamaCpp' | 'vllm';

/** The models a local server has in memory, with the window each was really loaded with where the server says so. */
export type LoadedModels = Map<string, number | undefined>;

/** Name of the one model of a server that does not name it. */
export const anyModel = '*';

const statePaths: Record<LocalKind, string> = {
  ollama: '/api/ps',
  lmStudio: '/api/v0/models',
  llamaCpp: '/props',
  vllm: '/v1/models',
};

/** Asks the server at `root` (without `/v1`) what it has loaded; empty when it does not say. */
export async function loadedModels(root: string, kind: LocalKind, options: FetchOptions): Promise<LoadedModels> {
  const answer = await fetchJson(root + statePaths[kind], options);
  if (!answer.ok) return new Map();
  const state = answer.value;
  switch (kind) {
    case 'llamaCpp': {
      const window =
        asWindow(field(field(state, 'default_generation_settings'), 'n_ctx')) ?? asWindow(field(state, 'n_ctx'));
      return window === undefined ? new Map() : new Map([[anyModel, window]]);
    }
    case 'ollama':
      return table(asList(field(state, 'models')), 'name', ['context_length']);
    case 'lmStudio': {
      const loaded = asList(field(state, 'data'))?.filter((model) => field(model, 'state') === 'loaded');
      return table(loaded, 'id', ['loaded_context_length']);
    }
    case 'vllm':
      return table(asList(field(state, 'data')), 'id', listedWindows);
  }
}

// What hosted endpoints and vLLM call the window in their lists of models.
const listedWindows = ['max_model_len', 'context_length', 'context_window', 'max_context_length'];

/**
 * The window that the endpoint itself gives for `model`. On this machine all local servers' own ways are tried, elsewhere only the list
 * of models. Undefined when it does not say.
 */
export async function liveWindow(baseUrl: string, model: string, options: FetchOptions): Promise<number | undefined> {
  const base = baseUrl.replace(/\/+$/, '');
  const root = base.replace(/\/v\d+$/, '');
  const kinds: LocalKind[] = isLoopback(base) ? ['lmStudio', 'ollama', 'llamaCpp'] : [];
  const [listed, ...loaded] = await Promise.all([
    fetchJson(`${base}/models`, options),
    ...kinds.map((kind) => loadedModels(root, kind, options)),
  ]);
  for (const models of loaded) {
    const window = models.get(model) ?? models.get(anyModel);
    if (window !== undefined) return window;
  }
  return listed.ok ? table(asList(field(listed.value, 'data')), 'id', listedWindows).get(model) : undefined;
}

function table(entries: unknown[] | undefined, id: string, keys: string[]): LoadedModels {
  const models: LoadedModels = new Map();
  for (const entry of entries ?? []) {
    const name = field(entry, id);
    const window = keys.map((key) => asWindow(field(entry, key))).find((value) => value !== undefined);
    if (typeof name === 'string') models.set(name, window);
  }
  return models;
}

const asWindow = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined;
