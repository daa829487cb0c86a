import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Log } from '../../../electron/log.ts';
import type { SessionLog } from '../../../electron/storage/session-store.ts';
import type { Envelope } from '../../../shared/session/events.ts';
import type { SessionState } from '../../../shared/session/state.ts';

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** A folder of this test's own, removed when it ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'switchyard-storage-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const nobody = 65_534;

/**
 * Does the work as a user whom permissions of files bind: the superuser may write everywhere. Folders of the test are to be made inside.
 * Needs a process of its own, not a worker thread, which is how vitest runs its files.
 */
export async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    await work();
  } finally {
    process.seteuid?.(0);
  }
}

export const note = (seq: number, text = `note ${seq}`, stream = 's1'): Envelope => ({
  stream,
  seq,
  at: 1_700_000_000_000 + seq,
  event: { type: 'notice.posted', noticeId: `n${seq}`, level: 'info', text },
});

export const notes = (first: number, last: number): Envelope[] =>
  Array.from({ length: last - first + 1 }, (_, index) => note(first + index));

export const stateAt = (seq: number, id = 's1'): SessionState => ({
  id,
  seq,
  firstItem: 0,
  items: [{ kind: 'notice', id: 'n1', at: 1, level: 'info', text: `state at ${seq}` }],
  head: {
    config: { title: 't', workspace: '/w', mode: 'manual', rules: { allow: [], ask: [], deny: [] }, maxTurns: 50 },
    depth: 0,
    createdAt: 1,
    updatedAt: 1,
    destroyed: false,
    queue: [],
    approvals: [],
    totals: { input: 0, output: 0, cachedInput: 0, modelCalls: 0, cost: 0, unpriced: 0 },
    children: [],
  },
});

/** Appends and waits until the last of them is on disk. */
export function appendAndFlush(
  log: Pick<SessionLog, 'append' | 'listen'>,
  envelopes: readonly Envelope[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const last = envelopes.at(-1)?.seq ?? 0;
    log.listen({
      flushed: (seq) => seq >= last && resolve(),
      failed: (reason) => reject(new Error(reason)),
    });
    for (const envelope of envelopes) log.append(envelope);
  });
}
