import { WorkbenchError } from '../../shared/errors.ts';
import type { Envelope } from '../../shared/session/events.ts';
import type { SessionState } from '../../shared/session/state.ts';
import { blobHash, checkBlobHash } from './blobs.ts';
import { encodeLine } from './journal-line.ts';
import type { LogListener, SessionLog, SessionStore } from './session-store.ts';

interface MemorySession {
  envelopes: Envelope[];
  bytes: number;
  snapshot?: { seq: number; bytes: number; state: SessionState };
  blobs: Map<string, Uint8Array>;
  open: boolean;
}

/** Sessions that live as long as the process: the same contract as on disk, without the disk. */
export function createMemoryStore(): SessionStore {
  const sessions = new Map<string, MemorySession>();

  function find(id: string): MemorySession {
    const session = sessions.get(id);
    if (!session) throw new WorkbenchError('notFound', 'There is no such session.');
    return session;
  }

  return {
    name: 'memory',
    list: async (wanted) =>
      [...sessions]
        .filter(([id, { bytes }]) => bytes > 0 && (wanted?.includes(id) ?? true))
        .map(([id, { bytes }]) => ({ id, journalBytes: bytes })),
    async open(id) {
      const session = find(id);
      if (session.open) throw new WorkbenchError('busy', 'This session is open here already.');
      return openLog(session);
    },
    async create(id) {
      if (sessions.has(id)) throw new WorkbenchError('storage', `Session ${id} exists already.`);
      const session: MemorySession = { envelopes: [], bytes: 0, blobs: new Map(), open: false };
      sessions.set(id, session);
      return openLog(session);
    },
    read: async (id, { fromStart = false } = {}) => contentOf(find(id), fromStart),
    readBlob: async (id, hash) => blobOf(find(id), hash),
    isElsewhere: async () => false,
    async remove(id) {
      if (sessions.get(id)?.open) throw new WorkbenchError('busy', 'This session is open here already.');
      sessions.delete(id);
    },
    checkHealth: async () => {},
  };
}

function openLog(session: MemorySession): SessionLog {
  const listeners = new Set<LogListener>();
  let announcing: Promise<void> | undefined;
  session.open = true;

  async function announce(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    announcing = undefined;
    const seq = session.envelopes.at(-1)?.seq ?? 0;
    for (const listener of listeners) listener.flushed(seq);
  }

  return {
    load: async () => contentOf(session),
    listen: (listener) => void listeners.add(listener),
    append(envelope) {
      if (!session.open) return;
      session.envelopes.push(envelope);
      session.bytes += encodeLine(envelope).length;
      announcing ??= announce();
    },
    hurry() {},
    async saveSnapshot(state) {
      if (!session.open) return;
      session.snapshot = { seq: session.envelopes.at(-1)?.seq ?? 0, bytes: session.bytes, state };
    },
    bytesSinceSnapshot: () => session.bytes - (session.snapshot?.bytes ?? 0),
    journalBytes: () => session.bytes,
    async writeBlob(bytes) {
      const hash = blobHash(bytes);
      session.blobs.set(hash, bytes.slice());
      return hash;
    },
    readBlob: async (hash) => blobOf(session, hash),
    async close() {
      await announcing;
      session.open = false;
      return true;
    },
  };
}

function contentOf({ envelopes, snapshot: kept }: MemorySession, fromStart = false) {
  const snapshot = fromStart ? undefined : kept;
  const after = snapshot?.seq ?? 0;
  const content = { envelopes: envelopes.filter((envelope) => envelope.seq > after), problems: [] };
  return snapshot === undefined ? content : { snapshot: snapshot.state, ...content };
}

function blobOf(session: MemorySession, hash: string): Uint8Array {
  checkBlobHash(hash);
  const bytes = session.blobs.get(hash);
  if (!bytes) throw new WorkbenchError('notFound', 'That output is no longer stored.');
  return bytes;
}
