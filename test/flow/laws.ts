import { expect } from 'vitest';
import { hashCall } from '../../electron/approvals/call-hash.ts';
import { replay } from '../../electron/session/session.ts';
import { createFileStore } from '../../electron/storage/file-store.ts';
import { isDurable } from '../../shared/session/durability.ts';
import type { Envelope, EventOf } from '../../shared/session/events.ts';
import { reduceSession } from '../../shared/session/reduce.ts';
import { windowOf } from '../../shared/session/replica.ts';
import { isCall, isSettled } from '../../shared/session/selectors.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { ModelServerRequest, WireMessage } from '../fakes/model-server.ts';
import { type Bench, quiet } from './harness.ts';

/** What is on disk of a session, read as the command line reads it. */
export async function onDisk(userDataDir: string, id: string): Promise<{ state: SessionState; envelopes: Envelope[] }> {
  const loaded = await createFileStore({ root: userDataDir, log: quiet }).read(id, { fromStart: true });
  expect(loaded.problems).toEqual([]);
  return { state: replay(id, loaded), envelopes: loaded.envelopes };
}

/** Every law that must hold of a session whose run has ended, in memory, in the window and on disk. */
export async function expectLaws({ workbench, window, server, userDataDir }: Bench, id: string): Promise<void> {
  const session = await workbench.manager.getSession(id);
  while (!(await session.allSaved())) {
    await new Promise<void>((resolve) => {
      const end = session.subscribe({
        envelope: () => {},
        unsaved: (reason) => {
          if (!reason) resolve(end() as undefined);
        },
      });
    });
  }
  const live = session.state;
  const { state: replayed, envelopes } = await onDisk(userDataDir, id);
  expect(replayed).toEqual(live);
  const replica = await window.until(() => window.session(id).seq >= live.seq && window.session(id));
  expect(replica).toEqual(windowOf(live, replica.firstItem));
  expectRunLaws(envelopes);
  expectCallLaws(live, envelopes);
  expectReplayAtTurnEnds(window.opened.get(id) as SessionState, window.heard);
  for (const request of server.requests) expectValidRequest(request);
}

/** Replay law: at every turn end, what was heard live is what the durable part of it adds up to, seen from the state at first. */
export function expectReplayAtTurnEnds(first: SessionState, heard: Envelope[]): void {
  let live = first;
  let replayed = first;
  for (const envelope of heard) {
    if (envelope.stream !== first.id || envelope.seq <= first.seq) continue;
    expect(envelope.seq).toBe(live.seq + 1);
    live = reduceSession(live, envelope);
    if (isDurable(envelope.event.type)) replayed = reduceSession(replayed, envelope);
    if (envelope.event.type === 'turn.ended' || envelope.event.type === 'run.ended') expect(replayed).toEqual(live);
  }
}

/** What every provider demands: each call is followed by exactly one result before anything else, and roles make sense. */
export function expectValidRequest({ body }: ModelServerRequest): void {
  const [first, ...rest] = body.messages;
  expect(first?.role).toBe('system');
  expect(rest[0]?.role).toBe('user');
  let owed: string[] = [];
  let before: WireMessage | undefined;
  for (const message of rest) {
    if (message.role === 'tool') {
      expect(owed).toContain(message.tool_call_id);
      expect(message.content).not.toBe('');
      owed = owed.filter((id) => id !== message.tool_call_id);
    } else {
      expect(owed).toEqual([]);
      owed = (message.tool_calls ?? []).map((made) => made.id);
      expect(new Set(owed).size).toBe(owed.length);
      expect(owed).not.toContain('');
      for (const made of message.tool_calls ?? []) expect(typeof JSON.parse(made.function.arguments)).toBe('object');
      if (message.role === 'user') expect(before?.role).not.toBe('user');
      if (message.role === 'assistant') expect(message.content || message.tool_calls).toBeTruthy();
    }
    before = message;
  }
  expect(owed).toEqual([]);
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

/** I3, I9: every call is answered exactly once, none runs without an allow, and what runs is what was shown and approved. */
export function expectCallLaws(state: SessionState, envelopes: Envelope[]): void {
  const ends = new Map<string, number>();
  const asked = new Map<string, EventOf<'approval.requested'>>();
  const allowed = new Set<string>();
  const started = new Set<string>();
  for (const { event } of envelopes) {
    if (event.type === 'call.decided' && event.decision === 'allow') allowed.add(event.callId);
    if (event.type === 'approval.requested') {
      expect(event.hash).toBe(hashCall(event.tool, event.args));
      expect(asked.has(event.approvalId)).toBe(false);
      asked.set(event.approvalId, event);
    }
    if (event.type === 'approval.resolved') {
      const question = asked.get(event.approvalId);
      expect(event.originalHash).toBe(question?.hash);
      expect(event.finalHash).toBe(hashCall(question?.tool ?? '', event.finalArgs ?? question?.args));
      if (event.outcome === 'allowed' && event.callId) allowed.add(event.callId);
    }
    if (event.type === 'call.started') {
      expect(allowed.has(event.callId)).toBe(true);
      expect(started.has(event.callId)).toBe(false);
      started.add(event.callId);
    }
    if (event.type === 'call.ended') {
      ends.set(event.callId, (ends.get(event.callId) ?? 0) + 1);
      if (event.status === 'ok') expect(started.has(event.callId)).toBe(true);
    }
  }
  for (const call of state.items.filter(isCall)) {
    expect(isSettled(call)).toBe(true);
    expect(ends.get(call.id)).toBe(1);
  }
  expect(state.head.approvals).toEqual([]);
}
