import { z } from 'zod';
import { WorkbenchError } from '../../shared/errors.ts';
import { idSchema } from '../../shared/ids.ts';
import { type Envelope, envelopeSchema, type SessionEvent } from '../../shared/session/events.ts';
import { isRunning } from '../../shared/session/selectors.ts';
import type { SessionState } from '../../shared/session/state.ts';
import { redact } from '../redact.ts';
import { mapStrings } from '../redact-event.ts';
import type { SessionLog } from '../storage/session-store.ts';
import type { Stores } from '../storage/stores.ts';
import { endOfRun } from './recover.ts';
import { replay } from './session.ts';

const format = 'switchyard-session';
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** A session in one file: every fact in order, and the stored outputs and images that they name. */
const exportSchema = z.object({
  format: z.literal(format),
  version: z.literal(1),
  id: idSchema,
  envelopes: z.array(envelopeSchema).min(1),
  /** By the hash that the facts cite; bytes as base64. */
  blobs: z.record(z.string(), base64),
  /** Cited, but no longer there when the file was made. */
  missingBlobs: z.array(z.string()),
});
type SessionExport = z.infer<typeof exportSchema>;

/** All facts of a session as the text of a file, with what looks like a secret taken out. Throws `notFound`. */
export async function exportJson(store: Pick<Stores, 'read' | 'readBlob'>, id: string): Promise<string> {
  const { envelopes } = await store.read(id, { fromStart: true });
  const blobs: Record<string, string> = {};
  const missingBlobs: string[] = [];
  for (const hash of blobsIn(envelopes)) {
    const bytes = await store.readBlob(id, hash).catch(() => undefined);
    if (bytes) blobs[hash] = redactBytes(bytes).toString('base64');
    else missingBlobs.push(hash);
  }
  const clean = envelopes.map((envelope) => ({
    ...envelope,
    event: mapStrings(envelope.event, redact) as SessionEvent,
  }));
  const exported: SessionExport = { format, version: 1, id, envelopes: clean, blobs, missingBlobs };
  return `${JSON.stringify(exported)}\n`;
}

/** Text is redacted; what is not text stays as it is. */
function redactBytes(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? Buffer.from(redact(text), 'utf8') : Buffer.from(bytes);
}

/** Reads an export. Throws `invalid` with what is wrong with it. */
export function parseExport(text: string): SessionExport {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WorkbenchError('invalid', 'That file is not JSON.', 'Choose a session that was exported as JSON.');
  }
  const parsed = exportSchema.safeParse(value);
  const first = parsed.data?.envelopes[0]?.event.type;
  if (parsed.success && first === 'session.created' && isInOrder(parsed.data.envelopes)) return parsed.data;
  const why = parsed.error ? z.prettifyError(parsed.error).split('\n', 1)[0] : 'its facts are not in order.';
  throw new WorkbenchError('invalid', `That file is no exported session: ${why}`);
}

const isInOrder = (envelopes: readonly Envelope[]): boolean =>
  envelopes.every(({ seq }, place) => place === 0 || seq > (envelopes[place - 1]?.seq ?? 0));

/**
 * Makes a session of its own from an export and returns its id. It keeps every fact, but stands alone, is at rest, and is trusted with
 * nothing: what ran is closed, what was queued is removed, its mode is Manual and what it allowed is asked again.
 */
export async function importSession(
  deps: { store: Pick<Stores, 'create' | 'remove'>; newId(): string; now(): number },
  exported: SessionExport,
): Promise<string> {
  const id = deps.newId();
  const log = await deps.store.create(id);
  const filled = await fill(id, log, exported, deps.now()).then(
    () => undefined,
    (thrown: unknown) => ({ thrown }),
  );
  const saved = await log.close(30_000);
  if (!filled && saved) return id;
  await deps.store.remove(id);
  throw filled ? filled.thrown : new WorkbenchError('storage', 'The imported session could not be saved.');
}

async function fill(id: string, log: SessionLog, exported: SessionExport, now: number): Promise<void> {
  const hashes = new Map<string, string>();
  for (const [hash, bytes] of Object.entries(exported.blobs)) {
    hashes.set(hash, await log.writeBlob(Buffer.from(bytes, 'base64')));
  }
  const envelopes = exported.envelopes
    .filter(({ event }) => event.type !== 'session.destroyed')
    .map(({ seq, at, event }): Envelope => ({ stream: id, seq, at, event: standAlone(withHashes(event, hashes)) }));
  for (const event of atRest(replay(id, { envelopes }))) {
    envelopes.push({ stream: id, seq: (envelopes.at(-1)?.seq ?? 0) + 1, at: now, event });
  }
  for (const envelope of envelopes) log.append(envelope);
}

const standAlone = (event: SessionEvent): SessionEvent => {
  if (event.type !== 'session.created') return event;
  const { parent: _parent, forkedFrom: _origin, ...created } = event;
  return { ...created, depth: 0 };
};

/** What makes it a session at rest that may do nothing by itself. */
function atRest(state: SessionState): SessionEvent[] {
  const { run, queue, config, archivedAt, parent, depth } = state.head;
  const closing = endOfRun(state, run?.id ?? '', 'interrupted', {
    code: 'cancelled',
    message: 'This run was under way when the session was exported.',
  });
  const { mode, rules, confirmation } = config;
  const untrusted: SessionEvent = {
    type: 'session.configured',
    changes: { mode: mode === 'plan' ? mode : 'manual', rules: { ...rules, allow: [] } },
    unset: ['confirmation'],
  };
  const unarchived: SessionEvent = { type: 'session.unarchived' };
  const isTrusted = confirmation !== undefined || rules.allow.length > 0 || (mode !== 'plan' && mode !== 'manual');
  return [
    ...(isRunning(state.head) ? closing : closing.filter((event) => event.type === 'approval.resolved')),
    ...queue.map(({ id }): SessionEvent => ({ type: 'prompt.removed', promptId: id })),
    ...(isTrusted ? [untrusted] : []),
    ...(archivedAt === undefined ? [] : [unarchived]),
    ...(parent === undefined && depth === 0 ? [] : [{ type: 'session.moved' as const, depth: 0 }]),
  ];
}

/** Hashes of stored outputs and images, wherever an event cites one. */
function blobsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const entry of value) blobsIn(entry, found);
  else if (value && typeof value === 'object') {
    for (const [key, entry] of Object.entries(value)) {
      if (key === 'blob' && typeof entry === 'string' && /^[0-9a-f]{64}$/.test(entry)) found.add(entry);
      else if (key !== 'args') blobsIn(entry, found);
    }
  }
  return found;
}

/** Redacted bytes have another hash. */
const withHashes = (event: SessionEvent, hashes: ReadonlyMap<string, string>): SessionEvent =>
  mapStrings(event, (text) => hashes.get(text) ?? text) as SessionEvent;
