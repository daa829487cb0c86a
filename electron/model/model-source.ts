import type { ModelStatus } from '../../shared/app/state.ts';
import { fail, failureText, ok, type Result, toFailure } from '../../shared/errors.ts';
import type { ModelProfile, Prices, Settings } from '../../shared/settings.ts';
import { createWindowFinder } from './context-window.ts';
import { type LocalServer, listModels } from './discovery.ts';
import { demoModel, type Endpoint } from './endpoint.ts';
import { environmentEndpoint, type GivenEndpoint, onlyModel } from './environment-model.ts';
import {
  type Known,
  listChoices,
  localEndpoint,
  localGone,
  localId,
  pickDefault,
  unreadableKey,
} from './model-choices.ts';
import type { ModelClient, ResolvedModel } from './model-client.ts';
import { createOpenAiClient } from './openai-client.ts';

export interface ModelSourceDeps {
  /** The command line cannot read stored keys, so its order differs. */
  kind: 'window' | 'cli';
  env: Record<string, string | undefined>;
  settings(): Settings;
  keys: { get(profileId: string): Promise<string | undefined>; has(profileId: string): boolean };
  /** Looks for local servers; see `findLocalServers`. */
  probe(): Promise<LocalServer[]>;
  /** Called at most once, when the demo is first used. */
  startDemo(): Promise<{ baseUrl: string; close(): Promise<void> }>;
  /** Of the command line; they outrank everything, for every session. */
  flags?: { baseUrl?: string | undefined; model?: string | undefined };
  now?: () => number;
}

export interface ModelSource {
  /** What is known now; never waits. */
  status(): ModelStatus;
  /** Calls `listener` after every change of `status()`; returns the way to stop. */
  onChange(listener: (status: ModelStatus) => void): () => void;
  /**
   * The model with this id, or the default one; waits for what it needs to know. Never falls back to another model than the one named:
   * a model that cannot be had is a failure which says what to do (`notConfigured`, `notFound`).
   */
  resolve(profileId?: string): Promise<Result<ResolvedModel>>;
  /** Reads settings and environment and looks for local servers anew; resolves when all is known. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** What the demo costs. */
const free: Prices = { input: 0, output: 0 };

/** The window's first picture comes first; whoever needs a model sooner begins the search. */
const lookAfterMs = 300;

/** Knows which models there are and hands them out. In a window it looks around by itself. */
export function createModelSource(deps: ModelSourceDeps): ModelSource {
  const listeners = new Set<(status: ModelStatus) => void>();
  const clients = new Map<string, { settings: string; client: ModelClient }>();
  const findWindow = createWindowFinder(deps.now ?? Date.now);
  const flagged = flagEndpoint(deps);
  let announced = '';
  let locals: LocalServer[] | undefined;
  let settled: Result<Endpoint> | undefined;
  let searching: Promise<void> | undefined;
  let asking: Promise<Result<Endpoint>> | undefined;
  let demo: ReturnType<ModelSourceDeps['startDemo']> | undefined;

  const given = (): GivenEndpoint | undefined => flagged ?? environmentEndpoint(deps.env);
  const known = (): Known => {
    const environment = given();
    return {
      kind: deps.kind,
      settings: deps.settings(),
      hasKey: deps.keys.has,
      ...(environment ? { environment: { given: environment, settled } } : {}),
      locals,
    };
  };

  const status = (): ModelStatus => {
    const facts = known();
    const choices = listChoices(facts);
    const picked = pickDefault(facts);
    if (picked.state === 'ready') return { state: 'ready', defaultId: picked.id, choices };
    if (picked.state === 'searching') return { state: 'searching', choices };
    return { state: 'unconfigured', choices, problem: failureText(picked.problem) };
  };

  const announce = () => {
    const current = status();
    const text = JSON.stringify(current);
    if (text === announced) return;
    announced = text;
    for (const listener of listeners) listener(current);
  };

  const search = (): Promise<void> => {
    searching ??= deps
      .probe()
      .catch(() => [])
      .then((found) => {
        locals = found;
        announce();
      });
    return searching;
  };

  const askEnvironment = (endpoint: GivenEndpoint): Promise<Result<Endpoint>> => {
    asking ??= (async () => {
      const listed = endpoint.model ? ok([]) : await listModels(endpoint.baseUrl, endpoint.apiKey);
      settled = onlyModel(endpoint, listed, deps.kind);
      announce();
      return settled;
    })();
    return asking;
  };

  const lookAround = async () => {
    const endpoint = given();
    await Promise.all([search(), endpoint ? askEnvironment(endpoint) : undefined]);
  };

  /** Waits only for what the choice depends on. */
  const defaultId = async (): Promise<Result<string>> => {
    for (;;) {
      const facts = known();
      const picked = pickDefault(facts);
      if (picked.state === 'ready') return ok(picked.id);
      if (picked.state === 'unconfigured') return { ok: false, error: picked.problem };
      if (facts.environment && !facts.environment.settled) await askEnvironment(facts.environment.given);
      else await search();
    }
  };

  const ready = async (endpoint: Endpoint, demoServer = false): Promise<Result<ResolvedModel>> => {
    const { id, name, model, baseUrl, apiKey, reasoningEffort, headers } = endpoint;
    const options = {
      baseUrl,
      model,
      ...(apiKey ? { apiKey } : {}),
      ...(reasoningEffort ? { reasoningEffort } : {}),
      ...(headers ? { headers } : {}),
    };
    const settings = JSON.stringify(options);
    const kept = clients.get(id);
    const client = kept?.settings === settings ? kept.client : createOpenAiClient(options);
    clients.set(id, { settings, client });
    const limits = demoServer
      ? { contextWindow: demoModel.contextWindow, windowSource: 'endpoint' as const, prices: free }
      : await findWindow(endpoint);
    return ok({ client, id, name, model, demo: demoServer, ...limits });
  };

  const resolveDemo = async (): Promise<Result<ResolvedModel>> => {
    demo ??= deps.startDemo();
    try {
      const { baseUrl } = await demo;
      return await ready({ ...demoModel, source: 'demo', baseUrl }, true);
    } catch (error) {
      demo = undefined;
      return fail(
        'provider',
        `The demo model could not start: ${toFailure(error).message}`,
        'Choose another model in Settings.',
      );
    }
  };

  const resolveGiven = async (endpoint: GivenEndpoint): Promise<Result<ResolvedModel>> => {
    const found = await askEnvironment(endpoint);
    return found.ok ? ready(found.value) : found;
  };

  const resolveProfile = async (profile: ModelProfile): Promise<Result<ResolvedModel>> => {
    const endpoint: Endpoint = { ...profile, source: 'profile' };
    if (!deps.keys.has(profile.id)) return ready(endpoint);
    const apiKey = await deps.keys.get(profile.id).catch(() => undefined);
    if (apiKey) return ready({ ...endpoint, apiKey });
    // On the command line the environment is how a person gives what the key store cannot.
    const instead = deps.kind === 'cli' ? given() : undefined;
    return instead ? resolveGiven(instead) : { ok: false, error: unreadableKey(profile, deps.kind) };
  };

  const resolveLocal = async (id: string, again: boolean): Promise<Result<ResolvedModel>> => {
    await search();
    const server = locals?.find((candidate) => localId(candidate) === id);
    if (server) return ready(localEndpoint(server));
    if (again) return { ok: false, error: localGone(id) };
    // It may have been started since we looked.
    searching = undefined;
    return resolveLocal(id, true);
  };

  const resolve = async (profileId?: string): Promise<Result<ResolvedModel>> => {
    if (flagged) return resolveGiven(flagged);
    if (deps.flags?.model) return resolveNamed(deps.flags.model);
    const id = profileId === undefined ? await defaultId() : ok(profileId);
    if (!id.ok) return id;
    return resolveId(id.value);
  };

  const resolveId = async (id: string): Promise<Result<ResolvedModel>> => {
    if (id === demoModel.id) return resolveDemo();
    const profile = deps.settings().profiles.find((candidate) => candidate.id === id);
    if (profile) return resolveProfile(profile);
    const environment = id === 'environment' ? given() : undefined;
    if (environment) return resolveGiven(environment);
    if (id === 'environment') {
      return fail(
        'notConfigured',
        'This session uses the model of the environment, which is not set now.',
        'Set OPENAI_BASE_URL or OPENAI_API_KEY, or choose another model.',
      );
    }
    if (/^local\d+$/.test(id)) return resolveLocal(id, false);
    return fail('notFound', 'The model of this session is no longer in Settings.', 'Choose another model for it.');
  };

  /** `--model` alone: a name has to be found somewhere; nothing else may stand in for it. */
  const resolveNamed = async (name: string): Promise<Result<ResolvedModel>> => {
    if (name === demoModel.id || name === demoModel.model) return resolveDemo();
    const profile = deps
      .settings()
      .profiles.find((candidate) => [candidate.id, candidate.name, candidate.model].includes(name));
    if (profile) return resolveProfile(profile);
    await search();
    const server = locals?.find((candidate) => candidate.models.includes(name));
    if (server) return ready(localEndpoint(server, name));
    return fail(
      'notConfigured',
      `No model "${name}" is known.`,
      'Set OPENAI_API_KEY, or name its server with --base-url.',
    );
  };

  const start = deps.kind === 'window' ? setTimeout(() => void lookAround(), lookAfterMs) : undefined;
  announced = JSON.stringify(status());
  return {
    status,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resolve,
    refresh: async () => {
      searching = undefined;
      asking = undefined;
      announce();
      await lookAround();
    },
    close: async () => {
      clearTimeout(start);
      listeners.clear();
      await demo?.then(({ close }) => close()).catch(() => undefined);
    },
  };
}

/** What flags say, filled up from the environment. `--model` alone counts only where the environment says where. */
function flagEndpoint({ flags, env }: ModelSourceDeps): GivenEndpoint | undefined {
  const environment = environmentEndpoint(env);
  const namesDemo = !flags?.baseUrl && flags?.model === demoModel.id;
  if (namesDemo || (!flags?.baseUrl && !(flags?.model && environment))) return undefined;
  return {
    id: 'environment',
    source: 'environment',
    name: 'Command line',
    baseUrl: flags.baseUrl ?? environment?.baseUrl ?? '',
    apiKey: environment?.apiKey,
    model: flags.model ?? environment?.model,
  };
}
