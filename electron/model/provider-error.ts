import type { Failure } from '../../shared/errors.ts';
import type { Tap } from './http-tap.ts';
import { isRetryableStatus, serverWait } from './retry.ts';

/** Why an exchange failed, in words for people, and whether sending it again may help. */
export interface Fault {
  failure: Failure;
  status?: number;
  /** `once`: the server of this machine is not running; more than one more try would only keep the person waiting. */
  retry: 'no' | 'once' | 'yes';
  /** What the server asks to wait, in milliseconds. */
  waitMs?: number;
  /** It does not know the option that asks for usage. */
  refusesUsage?: boolean;
}

export interface Place {
  model: string;
  baseUrl: string;
  hasKey: boolean;
}

/** A fault that we found ourselves, on its way through code that throws. */
export class ExchangeFault extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.failure.message);
    this.name = 'ExchangeFault';
    this.fault = fault;
  }
}

export const fault = (message: string, retry: Fault['retry'] = 'no', hint?: string): Fault => ({
  failure: hint === undefined ? { code: 'provider', message } : { code: 'provider', message, hint },
  retry,
});

/**
 * Turns whatever an exchange threw into a fault. A request that does not fit the context window, or is too large for the server, has the
 * code `limit`; all else is `provider`.
 */
export function explain(thrown: unknown, tap: Tap, place: Place, now: number): Fault {
  // What is thrown inside of `fetch` arrives wrapped.
  const own = thrown instanceof ExchangeFault ? thrown : (thrown as { cause?: unknown } | undefined)?.cause;
  if (own instanceof ExchangeFault) return own.fault;
  const host = hostOf(place.baseUrl);
  if (tap.redirect !== undefined) {
    return fault(
      `${host} redirects to ${tap.redirect || 'another address'}.`,
      'no',
      'Set the base URL of this model to that address.',
    );
  }
  if (tap.page) return fault(`${host} answers with a web page, not as a model server.`, 'no', baseUrlHint);
  const error = thrown as { status?: unknown; error?: unknown; headers?: unknown; message?: unknown };
  // Inside a stream the status is known only from the body.
  const inStream = error?.error ?? undefined;
  const fields = isRecord(inStream) ? inStream : {};
  const status = asStatus(error?.status) ?? asStatus(fields.status) ?? asStatus(fields.code);
  const said = bodyText(tap.errorBody) || messageOf(inStream) || (inStream === undefined ? '' : String(error.message));
  if (status === undefined && inStream === undefined) return connectionFault(thrown, host, place);

  const headers = error.headers instanceof Headers ? error.headers : undefined;
  const waitMs = serverWait(headers, now);
  const known = byStatus(status, said, host, place);
  const hopeless = known.retry === 'no';
  const retry = !hopeless && (status === undefined || isRetryableStatus(status, headers)) ? 'yes' : 'no';
  return {
    failure: known.failure,
    retry,
    ...(status === undefined ? {} : { status }),
    ...(waitMs === undefined ? {} : { waitMs }),
    refusesUsage: (status === 400 || status === 422) && /stream_options|include_usage/.test(tap.errorBody),
  };
}

const baseUrlHint = 'Check the base URL in Settings; most end in /v1.';

function byStatus(status: number | undefined, said: string, host: string, place: Place): Fault {
  const detail = said === '' ? '' : `: ${said}`;
  if (
    /context.{0,20}(length|window|size)|maximum context|too many tokens|prompt is too long|exceed.{0,40}context/i.test(
      said,
    )
  ) {
    const message = `The conversation no longer fits the context window of ${place.model}${detail}`;
    return limit(message, 'Compact the session, or choose a model with a larger window.');
  }
  switch (status) {
    case 400:
    case 422:
      return fault(`${host} does not accept the request (${status})${detail}`);
    case 401:
      return place.hasKey
        ? fault(`${host} refuses the API key (401)${detail}`, 'no', 'Check the key of this model in Settings.')
        : fault(
            `${host} wants an API key (401)${detail}`,
            'no',
            'Give this model a key in Settings, or set OPENAI_API_KEY.',
          );
    case 402:
      return fault(
        `The account at ${host} has no credit left (402)${detail}`,
        'no',
        'Check the account with the provider.',
      );
    case 403:
      return fault(
        `${host} does not allow this (403)${detail}`,
        'no',
        `Check the key of this model and whether it may use ${place.model}.`,
      );
    case 404:
    case 405:
      return /model/i.test(said)
        ? fault(
            `${host} does not know the model ${place.model} (${status})${detail}`,
            'no',
            'Choose another model in Settings.',
          )
        : fault(`${host} has no chat completions at this address (${status})${detail}`, 'no', baseUrlHint);
    case 413:
      return limit(`The request is too large for ${host} (413)${detail}`, 'Compact the session, or begin a new one.');
    case 429:
      return /insufficient_quota|exceeded your current quota|billing|credit/i.test(said)
        ? fault(
            `The quota of the account at ${host} is used up (429)${detail}`,
            'no',
            'Check plan and billing with the provider.',
          )
        : fault(
            `${host} receives too many requests (429)${detail}`,
            'yes',
            'Wait a little, or run fewer sessions at once.',
          );
    default:
      return fault(
        `${host} failed${status === undefined ? '' : ` (${status})`}${detail}`,
        'yes',
        'Try again later, or choose another model.',
      );
  }
}

const limit = (message: string, hint: string): Fault => ({ failure: { code: 'limit', message, hint }, retry: 'no' });

function connectionFault(thrown: unknown, host: string, place: Place): Fault {
  const code = causeCode(thrown);
  if (code === 'ECONNREFUSED') {
    return fault(
      `Nothing answers at ${host}.`,
      isLoopback(place.baseUrl) ? 'once' : 'yes',
      'Is the model server running?',
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return fault(`The address ${host} cannot be found.`, 'yes', 'Check the network, and the base URL in Settings.');
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/.test(code)) {
    return fault(
      `The connection to ${host} is not secure (${code}).`,
      'no',
      'Check the certificate of the server and the base URL.',
    );
  }
  if (code === 'ERR_INVALID_URL') return fault('The base URL is not an address.', 'no', baseUrlHint);
  if (thrown instanceof SyntaxError) {
    return fault(
      `${host} sent something that is not Chat Completions (malformed JSON in the stream).`,
      'no',
      'Try again; if it stays, the server is at fault.',
    );
  }
  const detail = plainWords[code] ?? (code === '' ? innermost(thrown) : code);
  return fault(
    `The connection to ${host} failed (${detail}).`,
    code === '' ? 'no' : 'yes',
    'Check the network and the server.',
  );
}

const closed = 'it was closed from the other side';
const late = 'it did not come about in time';
const plainWords: Record<string, string> = {
  ...{ ECONNRESET: closed, EPIPE: closed, UND_ERR_SOCKET: closed },
  ...{ ETIMEDOUT: late, UND_ERR_CONNECT_TIMEOUT: late },
  ...{ EHOSTUNREACH: 'the host cannot be reached', ENETUNREACH: 'the network cannot be reached' },
};

/** What an error body says, in one line of at most 300 characters. */
export function bodyText(body: string): string {
  const text = body.trim();
  if (text === '') return '';
  if (/^<(!doctype|html|\?xml)/i.test(text)) {
    const title = /<title[^>]*>([^<]*)</i.exec(text)?.[1] ?? /<h1[^>]*>([^<]*)</i.exec(text)?.[1] ?? '';
    return oneLine(title === '' ? 'the answer is a web page' : `web page "${title}"`);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    return messageOf(parsed) || (isRecord(parsed) && Object.keys(parsed).length === 0 ? '' : oneLine(text));
  } catch {
    return oneLine(text);
  }
}

/** The sentence in the many forms of error objects: `{error: {message, code}}`, `{error}`, `{message}`, `{detail}`. */
function messageOf(value: unknown): string {
  if (typeof value === 'string') return oneLine(value);
  if (Array.isArray(value)) return oneLine(value.map(messageOf).filter(Boolean).join('; '));
  if (!isRecord(value)) return '';
  const message = messageOf(value.error ?? value.message ?? value.msg ?? value.detail ?? '');
  const code = typeof value.code === 'string' && !message.includes(value.code) ? ` (${value.code})` : '';
  return message === '' ? '' : message + code;
}

function causeCode(thrown: unknown): string {
  for (let error = thrown, depth = 0; isObject(error) && depth < 6; depth++) {
    const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === 'string') return code;
    error = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return '';
}

function innermost(thrown: unknown): string {
  let error = thrown;
  while (error instanceof Error && error.cause !== undefined) error = error.cause;
  return error instanceof Error ? error.message : String(error);
}

export function isLoopback(baseUrl: string): boolean {
  try {
    return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(baseUrl).hostname);
  } catch {
    return false;
  }
}

/** Host and port alone: a base URL may hold a password. */
export function hostOf(baseUrl: string): string {
  try {
    return new URL(baseUrl).host;
  } catch {
    return 'the model server';
  }
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
};

const asStatus = (value: unknown): number | undefined => {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && status >= 300 && status < 600 ? status : undefined;
};
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isRecord = (value: unknown): value is Record<string, unknown> => isObject(value) && !Array.isArray(value);
