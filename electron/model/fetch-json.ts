import { fail, ok, type Result } from '../../shared/errors.ts';
import { readAtMost } from './bounded-body.ts';
import { bodyText, hostOf } from './provider-error.ts';

export interface FetchOptions {
  headers?: Record<string, string>;
  fetch?: typeof fetch;
  /** For the whole answer, in milliseconds. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Lists of models are far shorter, in bytes. */
const maxBody = 16 * 1024 * 1024;

/** The JSON that a GET answers. Redirects are not followed; whatever goes wrong is a failure, nothing is thrown. */
export async function fetchJson(url: string, options: FetchOptions): Promise<Result<unknown>> {
  const control = new AbortController();
  const abort = () => control.abort();
  const timer = setTimeout(abort, options.timeoutMs);
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  try {
    const ask = options.fetch ?? fetch;
    const response = await ask(url, { headers: options.headers ?? {}, redirect: 'manual', signal: control.signal });
    const { text: body, cut } = await readAtMost(response, maxBody);
    if (cut) throw new Error('the answer is too long');
    if (!response.ok)
      return fail('provider', `${hostOf(url)} answers ${response.status}${body ? `: ${bodyText(body)}` : ''}`);
    return ok(JSON.parse(body) as unknown);
  } catch (error) {
    const reason = control.signal.aborted ? 'no answer in time' : describe(error);
    return fail(
      'provider',
      `${hostOf(url)} does not answer as expected (${reason}).`,
      'Is the server running? Check the base URL.',
    );
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

function describe(error: unknown): string {
  if (error instanceof SyntaxError) return 'the answer is not JSON';
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  return cause?.code ?? (error instanceof Error ? error.message : String(error));
}

/** A field of something whose shape is not known. */
export const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

export const asList = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value : undefined);
