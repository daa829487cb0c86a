import { readAtMost } from './bounded-body.ts';
import { ExchangeFault, fault } from './provider-error.ts';

/** What one exchange with a server showed beyond what the protocol library passes on. */
export interface Tap {
  /** The server said `data: [DONE]`. */
  done: boolean;
  /** Some byte of the body has arrived. */
  answered: boolean;
  /** Body of an answer that is not a success, at most 64 KiB. */
  errorBody: string;
  /** The address it wants us to go to instead. */
  redirect?: string;
  /** A success whose body is a web page: this is not an API. */
  page: boolean;
  /** Called for every piece that arrives, comments that only keep the connection alive included. */
  onBytes(): void;
}

const maxErrorBody = 64 * 1024;

/** Of one line of a stream, and of an answer that is one document, in bytes: both must be whole in memory before they can be read. */
const maxPiece = 24 * 1024 * 1024;

const tooLong = () =>
  new ExchangeFault(
    fault(`The server sent more than ${maxPiece / 1024 / 1024} MiB in one piece.`, 'no', 'The server is at fault.'),
  );

/** Beside what `fetch` knows: where to tell of this exchange. */
type TappedInit = RequestInit & { tap: Tap };

/**
 * A `fetch` that watches each exchange and tells its `tap`. Redirects are reported, never followed, so that a key goes only where the
 * person sent it; an answer that is one JSON document, from a server that does not stream, is passed on as a stream of one event.
 */
export function tappedFetch(inner: typeof fetch): typeof fetch {
  return async (input, tapped) => {
    const { tap, ...init } = tapped as TappedInit;
    const response = await inner(input, {
      ...init,
      redirect: 'manual',
      ...(inner === fetch ? patience() : {}),
    } as RequestInit);
    const { status, headers } = response;
    if (status >= 300 && status < 400) tap.redirect = headers.get('location') ?? '';
    if (!response.ok) {
      tap.errorBody = (await readAtMost(response, maxErrorBody, () => tap.onBytes())).text;
      return new Response(status === 304 ? null : tap.errorBody, { status, headers });
    }
    const type = headers.get('content-type') ?? '';
    if (type.includes('text/html')) {
      tap.page = true;
      return new Response('', { status: 404 });
    }
    if (type.includes('application/json')) {
      const { text, cut } = await readAtMost(response, maxPiece, () => tap.onBytes());
      if (cut) throw tooLong();
      // Some servers call a stream JSON all the same.
      const stream = new Response(/^\s*(?:data|event|id)?:/.test(text) ? text : asEventStream(text)).body;
      return withBody(new Response(null, { headers: eventStream }), stream && watched(stream, tap));
    }
    return withBody(response, response.body && watched(response.body, tap));
  };
}

/** To the package a body is whatever can be iterated; a second stream around the first would cost more than all else done here. */
const withBody = (response: Response, body: AsyncIterableIterator<Uint8Array> | null): Response =>
  Object.defineProperty(response, 'body', { value: body });

const newline = 10;
const eventStream = { 'content-type': 'text/event-stream' };

// Line breaks in JSON are only white space, but they would end an event.
const asEventStream = (json: string): string => `data: ${json.replace(/[\r\n]+/g, ' ')}\n\ndata: [DONE]\n\n`;

/** How long the end of an answer may take after `[DONE]`, in milliseconds. */
const drainMs = 1_000;

/**
 * Passes the body on and watches it. A reader that leaves after `[DONE]` leaves only the mark of the end unread: that is fetched, so
 * that the connection serves the next turn too.
 */
function watched(body: ReadableStream<Uint8Array>, tap: Tap): AsyncIterableIterator<Uint8Array> {
  const reader = body.getReader();
  let tail = '';
  let lineLength = 0;
  return {
    async next() {
      const { done, value } = await reader.read();
      if (done) return { done, value };
      tap.answered = true;
      tap.onBytes();
      const text = tail + Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
      // JSON strings hold no raw line break, so this cannot be part of what the model says.
      if (/(^|[\r\n])data: ?\[DONE\]/.test(text)) tap.done = true;
      tail = text.slice(-16);
      const lineEnd = value.lastIndexOf(newline);
      lineLength = lineEnd < 0 ? lineLength + value.length : value.length - lineEnd - 1;
      if (lineLength > maxPiece) {
        void reader.cancel().catch(() => undefined);
        throw tooLong();
      }
      return { done, value };
    },
    async return() {
      if (tap.done) void drain(reader);
      else await reader.cancel();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), drainMs);
  try {
    while (!(await reader.read()).done);
  } catch {
    // The connection is gone, and with it what there was to keep.
  } finally {
    clearTimeout(timer);
  }
}

let patient: object | undefined;

/**
 * Node's own `fetch` gives up when no header comes for five minutes, which slow local models exceed; our watch decides instead. Only the
 * class of its dispatcher can be reached without a package of its own, so where that changes the default stays in force.
 */
function patience(): object {
  // Node loads its implementation on first use.
  void Response;
  const current = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')];
  if (patient === undefined && current) {
    try {
      const Agent = (current as { constructor: new (options: object) => unknown }).constructor;
      patient = { dispatcher: new Agent({ headersTimeout: 0, bodyTimeout: 0 }) };
    } catch {
      patient = {};
    }
  }
  return patient ?? {};
}
