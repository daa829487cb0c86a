import { type Failure, fail, ok, type Result } from '../../shared/errors.ts';
import { type Endpoint, openAiBaseUrl } from './endpoint.ts';
import { hostOf } from './provider-error.ts';

/** What `OPENAI_*` or flags of the command line say about a model; `model` may still have to be asked for. */
export interface GivenEndpoint extends Omit<Endpoint, 'model'> {
  model?: string | undefined;
}

/** Undefined when neither address nor key is set: a model's name alone says nothing about where it is. */
export function environmentEndpoint(env: Record<string, string | undefined>): GivenEndpoint | undefined {
  const baseUrl = env.OPENAI_BASE_URL?.trim();
  const apiKey = env.OPENAI_API_KEY?.trim();
  if (!baseUrl && !apiKey) return undefined;
  return {
    id: 'environment',
    source: 'environment',
    name: 'Environment',
    baseUrl: baseUrl || openAiBaseUrl,
    apiKey: apiKey || undefined,
    model: env.OPENAI_MODEL?.trim() || undefined,
  };
}

/** The model of an endpoint that names none: the only one it lists. Otherwise a failure that says how to choose. */
export function onlyModel(given: GivenEndpoint, listed: Result<string[]>, kind: 'window' | 'cli'): Result<Endpoint> {
  if (given.model) return ok({ ...given, model: given.model });
  const advice =
    kind === 'cli' ? 'Name one with --model, or set OPENAI_MODEL.' : 'Set OPENAI_MODEL, or add a model in Settings.';
  const host = hostOf(given.baseUrl);
  if (!listed.ok) return undecided(`No model is named, and ${host} cannot be asked: ${listed.error.message}`, advice);
  const [first, ...others] = listed.value;
  if (first === undefined) return undecided(`No model is named, and ${host} offers none.`, advice);
  if (others.length > 0) {
    const some = listed.value.slice(0, 3).join(', ');
    return undecided(`No model is named, and ${host} offers ${listed.value.length} (${some}, …).`, advice);
  }
  return ok({ ...given, model: first });
}

const undecided = (message: string, hint: string): { ok: false; error: Failure } =>
  fail('notConfigured', message, hint);
