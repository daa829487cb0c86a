import type OpenAI from 'openai';
import { type Tap, tappedFetch } from './http-tap.ts';
import { ExchangeFault, fault, hostOf } from './provider-error.ts';

export interface Connection {
  baseUrl: string;
  apiKey: string | undefined;
  headers: Record<string, string>;
  fetch: typeof fetch;
  patience: Patience;
}

/** How long silence is borne, in milliseconds. */
export interface Patience {
  /** Until the first byte: local models may read a long prompt for minutes. */
  firstByteMs: number;
  /** Between any two bytes after it. */
  idleMs: number;
  /** For what may still follow the end of the reply (usage, `[DONE]`). */
  afterFinishMs: number;
}

export const defaultPatience: Patience = { firstByteMs: 600_000, idleMs: 120_000, afterFinishMs: 5_000 };

export const createTap = (): Tap => ({ done: false, answered: false, errorBody: '', page: false, onBytes: () => {} });

/**
 * Sends one request (the JSON of a streaming Chat Completions request), once, and yields the parsed chunks of the answer; ends silently when `signal` aborts. Throws what went wrong,
 * silence included. `finished` says that the reply is complete, after which silence is an ordinary end.
 */
export async function* exchange(
  connection: Connection,
  body: Uint8Array<ArrayBuffer>,
  tap: Tap,
  finished: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<unknown, void> {
  const control = new AbortController();
  const abort = () => control.abort();
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) control.abort();
  const { firstByteMs, idleMs, afterFinishMs } = connection.patience;
  const watch = createWatch(abort);
  tap.onBytes = watch.touch;
  try {
    const openai = await clientOf(connection);
    watch.arm(firstByteMs);
    const headers = { 'content-type': 'application/json' };
    const stream = (await openai.post('/chat/completions', {
      body,
      headers,
      stream: true,
      signal: control.signal,
      fetchOptions: { tap } as object,
    })) as AsyncIterable<unknown>;
    const chunks = stream[Symbol.asyncIterator]();
    for (;;) {
      // Armed only while we wait for the server, so that a slow reader of ours is never taken for a silent server.
      watch.arm(finished() ? afterFinishMs : tap.answered ? idleMs : firstByteMs, tap.answered ? undefined : idleMs);
      const next = await chunks.next();
      watch.disarm();
      if (next.done) break;
      yield next.value;
    }
    if (watch.expired() && !finished()) throw silence(connection, tap);
  } catch (error) {
    // Whatever happens after the end of the reply or after our own abort changes nothing.
    if (finished() || signal.aborted) return;
    throw watch.expired() ? silence(connection, tap) : error;
  } finally {
    watch.disarm();
    signal.removeEventListener('abort', abort);
    // After the regular end there is nothing to abort, and the connection can be used again.
    if (!tap.done) control.abort();
  }
}

/** One for each connection: making it takes as long as all else before a request is sent. */
const clients = new WeakMap<Connection, OpenAI>();

async function clientOf(connection: Connection): Promise<OpenAI> {
  const known = clients.get(connection);
  if (known) return known;
  const { default: OpenAI } = await import('openai');
  const { apiKey, headers } = connection;
  const client = new OpenAI({
    baseURL: connection.baseUrl,
    apiKey: apiKey || 'none',
    // Whatever of the environment the package would read by itself belongs to no profile.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    fetch: tappedFetch(connection.fetch),
    defaultHeaders: { 'User-Agent': 'Switchyard', ...(apiKey ? {} : { Authorization: null }), ...headers },
  });
  clients.set(connection, client);
  return client;
}

function silence({ baseUrl, patience }: Connection, tap: Tap): ExchangeFault {
  const seconds = Math.round((tap.answered ? patience.idleMs : patience.firstByteMs) / 1000);
  const what = tap.answered ? 'stopped sending in the middle of the reply' : 'has not begun to answer';
  return new ExchangeFault(
    fault(`${hostOf(baseUrl)} ${what}: nothing came for ${seconds} s.`, 'no', 'Is the server overloaded? Try again.'),
  );
}

/** A timer that starts over with every byte. */
function createWatch(onExpire: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let next = 0;
  let expired = false;
  const arm = (ms: number, afterTouch?: number) => {
    clearTimeout(timer);
    next = afterTouch ?? ms;
    timer = setTimeout(() => {
      expired = true;
      onExpire();
    }, ms);
  };
  return {
    arm,
    touch: () => {
      if (timer) arm(next);
    },
    disarm: () => {
      clearTimeout(timer);
      timer = undefined;
    },
    expired: () => expired,
  };
}
