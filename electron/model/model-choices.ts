import type { ModelChoice } from '../../shared/app/state.ts';
import type { Failure, Result } from '../../shared/errors.ts';
import type { ModelProfile, Settings } from '../../shared/settings.ts';
import { lookUpModel } from './catalogue.ts';
import type { LocalServer } from './discovery.ts';
import { demoModel, type Endpoint } from './endpoint.ts';
import type { GivenEndpoint } from './environment-model.ts';

/** Everything known about where models are. `undefined` where it is still being looked for. */
export interface Known {
  kind: 'window' | 'cli';
  settings: Settings;
  hasKey(profileId: string): boolean;
  environment?: { given: GivenEndpoint; settled: Result<Endpoint> | undefined };
  locals: LocalServer[] | undefined;
}

export type Default =
  | { state: 'ready'; id: string }
  | { state: 'searching' }
  | { state: 'unconfigured'; problem: Failure };

export const localId = (server: LocalServer): string => `local${server.port}`;

export const localEndpoint = (server: LocalServer, model = server.models[0] ?? ''): Endpoint => ({
  id: localId(server),
  source: 'local',
  name: server.name,
  model,
  baseUrl: server.baseUrl,
});

/** All that a session may be given: saved profiles, the environment, local servers, and always the demo. */
export function listChoices({ settings, hasKey, environment, locals }: Known): ModelChoice[] {
  const profiles = settings.profiles.map((profile) => ({
    ...choice({ ...profile, source: 'profile' }, hasKey(profile.id)),
    ...withWindow(profile.contextWindow ?? lookUpModel(profile.model)?.contextWindow),
  }));
  const given = environment?.settled?.ok ? environment.settled.value : environment?.given;
  const fromEnvironment = given
    ? [
        {
          ...choice({ ...given, model: given.model ?? '' }, Boolean(given.apiKey)),
          ...withWindow(lookUpModel(given.model ?? '')?.contextWindow),
        },
      ]
    : [];
  const local = (locals ?? []).map((server) => ({
    ...choice(localEndpoint(server), false),
    ...withWindow(server.contextWindow),
  }));
  const demo = {
    ...choice({ ...demoModel, source: 'demo', baseUrl: '' }, false),
    ...withWindow(demoModel.contextWindow),
  };
  return [...profiles, ...fromEnvironment, ...local, demo];
}

/** Which of them a session uses that names none. */
export function pickDefault(known: Known): Default {
  const { settings, environment, locals } = known;
  const chosen = settings.defaultProfileId;
  if (known.kind === 'cli') return pickForCli(known);
  if (chosen !== undefined) {
    const picked = pickChosen(chosen, known);
    if (picked) return picked;
  }
  const first = settings.profiles[0];
  if (first) return { state: 'ready', id: first.id };
  if (environment) return settledEnvironment(environment.settled);
  return localOrDemo(locals);
}

/**
 * Without a window the key store is closed, so the environment and profiles that need no key come first. Where the person has saved
 * models, the demo never stands in for them.
 */
function pickForCli(known: Known): Default {
  const { settings, environment, locals, hasKey } = known;
  if (environment) return settledEnvironment(environment.settled);
  const chosen = settings.defaultProfileId;
  const picked = chosen === undefined ? undefined : pickChosen(chosen, known);
  const profile = settings.profiles.find((candidate) => candidate.id === chosen);
  if (profile && hasKey(profile.id)) return { state: 'unconfigured', problem: unreadableKey(profile, 'cli') };
  if (picked) return picked;
  const open = settings.profiles.find((candidate) => !hasKey(candidate.id));
  if (open) return { state: 'ready', id: open.id };
  const rest = localOrDemo(locals);
  const locked = settings.profiles[0];
  if (locked && rest.state === 'ready' && rest.id === demoModel.id) {
    return { state: 'unconfigured', problem: unreadableKey(locked, 'cli') };
  }
  return rest;
}

/** What the settings name; undefined when they name something that no longer exists. */
function pickChosen(chosen: string, { settings, environment, locals }: Known): Default | undefined {
  if (chosen === demoModel.id || settings.profiles.some((profile) => profile.id === chosen))
    return { state: 'ready', id: chosen };
  if (chosen === 'environment' && environment) return settledEnvironment(environment.settled);
  if (!/^local\d+$/.test(chosen)) return undefined;
  if (!locals) return { state: 'searching' };
  if (locals.some((server) => localId(server) === chosen)) return { state: 'ready', id: chosen };
  return { state: 'unconfigured', problem: localGone(chosen) };
}

function settledEnvironment(settled: Result<Endpoint> | undefined): Default {
  if (!settled) return { state: 'searching' };
  return settled.ok ? { state: 'ready', id: settled.value.id } : { state: 'unconfigured', problem: settled.error };
}

function localOrDemo(locals: LocalServer[] | undefined): Default {
  if (!locals) return { state: 'searching' };
  const first = locals[0];
  return { state: 'ready', id: first ? localId(first) : demoModel.id };
}

export const localGone = (id: string): Failure => ({
  code: 'notConfigured',
  message: `The model server at 127.0.0.1:${id.replace('local', '')} does not answer.`,
  hint: 'Start it, or choose another model in Settings.',
});

export const unreadableKey = (profile: ModelProfile, kind: 'window' | 'cli'): Failure => ({
  code: 'notConfigured',
  message: `The API key of the model "${profile.name}" cannot be read${kind === 'cli' ? ' outside of the window' : ''}.`,
  hint:
    kind === 'cli'
      ? 'Set OPENAI_API_KEY, and OPENAI_BASE_URL and OPENAI_MODEL or --base-url and --model with it.'
      : 'Enter the key again in Settings, or choose another model.',
});

const choice = ({ id, source, name, model, baseUrl }: Endpoint, hasKey: boolean): ModelChoice => ({
  id,
  source,
  name,
  model,
  baseUrl,
  hasKey,
});

const withWindow = (contextWindow: number | undefined) => (contextWindow === undefined ? {} : { contextWindow });
