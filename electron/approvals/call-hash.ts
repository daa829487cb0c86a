import { createHash } from 'node:crypto';

/** Keys in any order give the same hash, so that it covers what was shown and not how it was written. */
export function hashCall(tool: string, args: unknown): string {
  return createHash('sha256')
    .update(`${tool}\n${canonical(args)}`)
    .digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
