import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { fail, ok, type Result } from '../../shared/errors.ts';

/** Addresses that belong to this machine or its network. A name of the outside world that leads there is not followed. */
const inner = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  inner.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  inner.addSubnet(network, prefix, 'ipv6');
}

const isInner = (address: string): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped ? inner.check(mapped, 'ipv4') : inner.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
};

interface Entry {
  host: string;
  port: number | undefined;
}

function read(entry: string): Entry {
  const [, host = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  return { host, port: port === undefined ? undefined : Number(port) };
}

/** The entry that lets the host be reached at the port. An address in numbers is only covered by its own entry. */
export function allowingEntry(domains: readonly string[], host: string, port: number): string | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  return domains.find((text) => {
    const entry = read(text);
    if (entry.port === undefined ? port !== 80 && port !== 443 : port !== entry.port) return false;
    if (entry.host === name) return true;
    if (isIP(name) !== 0) return false;
    return entry.host === '*' || (entry.host.startsWith('*.') && name.endsWith(entry.host.slice(1)));
  });
}

/** The address to connect to, looked up once and used as it is, so that it cannot change between the check and the use. */
export async function addressFor(domains: readonly string[], host: string, port: number): Promise<Result<string>> {
  const entry = /^[a-z0-9.:-]+$/i.test(host) ? allowingEntry(domains, host, port) : undefined;
  if (entry === undefined)
    return fail('denied', `${host}:${port} is not among the domains allowed in Settings, Permissions.`);
  const named = read(entry).host === host.toLowerCase();
  const found = isIP(host) ? host : (await lookup(host).catch(() => undefined))?.address;
  if (found === undefined) return fail('notFound', `${host} was not found.`);
  // Who wrote `localhost:3000` or an address meant it.
  const meant = named && (isIP(host) !== 0 || host.toLowerCase() === 'localhost');
  if (isInner(found) && !meant) return fail('denied', `${host} leads into this machine's own network.`);
  return ok(found);
}
