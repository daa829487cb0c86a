import { expect } from 'vitest';
import { replay } from '../../electron/session/session.ts';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { Envelope } from '../../shared/session/events.ts';
import { newestWindow, windowOf } from '../../shared/session/replica.ts';
import { isCall, isSettled } from '../../shared/session/selectors.ts';
import type { SessionState } from '../../shared/session/state.ts';
import { type Bench, quiet } from './harness.ts';

/** What is on disk of a session, read as the command line reads it. */
export async function onDisk(userDataDir: string, id: string): Promise<{ state: SessionState; envelopes: Envelope[] }> {
  const loaded = await createFileStore({ root: userDataDir, log: quiet }).read(id, { fromStart: true });
  expect(loaded.problems).toEqual([]);
  return { state: replay(id, loaded), envelopes: loaded.envelopes };
}

/** Every law that must hold of a session whose run has ended, in memory, in the window and on disk. */
export async function expectLaws({ workbench, window, userDataDir }: Bench, id: string): Promise<void> {
  const session = await workbench.manager.getSession(id);
  await session.allSaved();
  const live = session.state;
  const { state: replayed, envelopes } = await onDisk(userDataDir, id);
  expect(replayed).toEqual(live);
  const replica = window.session(id);
  expect(replica).toEqual(windowOf(newestWindow(live), replica.firstItem));
  expectRunLaws(envelopes);
  expectCallLaws(live, envelopes);
}

/** I1, I2: runs do not overlap, and each has exactly one end, which is the last thing said of it. */
export function expectRunLaws(envelopes: Envelope[]): void {
  let open: string | undefined;
  const ended = new Set<string>();
  for (const { event } of envelopes) {
    if (event.type === 'run.started') {
      expect(open).toBeUndefined();
      open = event.runId;
    } else if (event.type === 'run.ended') {
      expect(event.runId).toBe(open);
      ended.add(event.runId);
      open = undefined;
    } else if ('runId' in event) expect(ended.has(event.runId)).toBe(false);
  }
  expect(open).toBeUndefined();
  const seqs = envelopes.map((envelope) => envelope.seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
}

/** I3, I9: every call is answered exactly once, none runs without an allow, and what runs is what was approved. */
export function expectCallLaws(state: SessionState, envelopes: Envelope[]): void {
  const ends = new Map<string, number>();
  for (const { event } of envelopes) {
    if (event.type === 'call.ended') ends.set(event.callId, (ends.get(event.callId) ?? 0) + 1);
    if (event.type === 'call.started') {
      const call = state.items.find((item) => item.id === event.callId);
      expect(
        call?.kind === 'call' && (call.decision?.decision === 'allow' || call.approval?.outcome === 'allowed'),
      ).toBe(true);
    }
    if (event.type === 'approval.resolved' && !('finalArgs' in event)) expect(event.finalHash).toBe(event.originalHash);
  }
  for (const call of state.items.filter(isCall)) {
    expect(isSettled(call)).toBe(true);
    expect(ends.get(call.id)).toBe(1);
  }
  expect(state.head.approvals).toEqual([]);
}
