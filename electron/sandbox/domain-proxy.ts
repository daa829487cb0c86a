import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { addressFor } from './domains.ts';

/** The only way out of the sandbox. Speaks what `HTTP_PROXY` and `HTTPS_PROXY` stand for: CONNECT, and requests with a whole URL. */
export interface DomainProxy {
  /** Path of its socket, or its port on 127.0.0.1. */
  address: string | number;
  close(): Promise<void>;
}

/** `domains` is asked at every connection, so that a change holds at once. `socket`: a path to listen at; else a port is taken. */
export function startDomainProxy(domains: () => readonly string[], socket?: string): Promise<DomainProxy> {
  const open = new Set<Duplex>();
  const follow = (stream: Duplex) => {
    open.add(stream);
    stream.on('error', () => stream.destroy());
    stream.on('close', () => open.delete(stream));
  };
  const server = createServer((incoming, response) => void forward(incoming, response, domains()));
  server.on('connection', follow);
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    follow(client);
    void tunnel(incoming.url ?? '', client, head, domains(), follow);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const listening = () => {
      server.off('error', reject);
      server.on('error', () => {});
      resolve({
        address: socket ?? (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            for (const stream of open) stream.destroy();
          }),
      });
    };
    if (socket === undefined) server.listen(0, '127.0.0.1', listening);
    else server.listen(socket, listening);
  });
}

async function tunnel(
  target: string,
  client: Duplex,
  head: Buffer,
  domains: readonly string[],
  follow: (stream: Duplex) => void,
): Promise<void> {
  const [, host = '', port = '443'] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(target) ?? [];
  const address = await addressFor(domains, host, Number(port));
  if (client.destroyed) return;
  if (!address.ok) {
    client.end(
      `HTTP/1.1 403 Blocked by the sandbox\r\nContent-Type: text/plain\r\n\r\n${refusal(address.error.message)}`,
    );
    return;
  }
  const upstream = connect({ host: address.value, port: Number(port) });
  follow(upstream);
  let connected = false;
  upstream.once('connect', () => {
    connected = true;
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    upstream.write(head);
    client.pipe(upstream).pipe(client);
  });
  upstream.once('close', () => {
    if (connected) client.destroy();
    else client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  client.once('close', () => upstream.destroy());
}

const refusal = (message: string): string => `Switchyard's sandbox: ${message}\n`;

/** These are between a client and its proxy only. */
const own = new Set(['proxy-connection', 'proxy-authorization', 'connection', 'keep-alive', 'te', 'upgrade']);

async function forward(incoming: IncomingMessage, response: ServerResponse, domains: readonly string[]): Promise<void> {
  const answer = (status: number, text: string) =>
    response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
  let url: URL;
  try {
    url = new URL(incoming.url ?? '');
  } catch {
    return void answer(400, refusal('This is a proxy and needs a whole URL.'));
  }
  if (url.protocol !== 'http:') return void answer(400, refusal('Only http is forwarded this way.'));
  const port = Number(url.port || 80);
  const address = await addressFor(domains, url.hostname.replace(/^\[|\]$/g, ''), port);
  if (!address.ok) return void answer(403, refusal(address.error.message));
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !own.has(name)));
  const outgoing = request(
    // The Host header is what was checked, whatever the client sent.
    {
      host: address.value,
      port,
      method: incoming.method,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host },
    },
    (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
    },
  );
  outgoing.once('error', (error) => {
    if (response.headersSent) response.destroy();
    else answer(502, `${error.message}\n`);
  });
  response.once('close', () => outgoing.destroy());
  incoming.pipe(outgoing);
}
