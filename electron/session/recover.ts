import type { Failure } from '../../shared/errors.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import type { RunOutcome } from '../../shared/session/parts.ts';
import { reduceSession } from '../../shared/session/reduce.ts';
import { isRunning, openCalls } from '../../shared/session/selectors.ts';
import type { CallItem, SessionState } from '../../shared/session/state.ts';

/**
 * What a restart makes of the run that was under way. `wait`: no call of it had begun and at least one waits for a person, or it stood
 * between two turns for a pause or a question about itself, so nothing is lost and, where someone can answer, it goes on waiting. A
 * `task` call counts as waiting when its child's run does. `interrupted`: the events that say so, in order; nothing is ever run again
 * without a question.
 */
export type Recovery = { kind: 'none' } | { kind: 'wait' } | { kind: 'interrupted'; events: SessionEvent[] };

export function recover(
  state: SessionState,
  childWaits: (childId: string) => boolean,
  someoneAnswers: boolean,
): Recovery {
  const { run } = state.head;
  if (!run || !isRunning(state.head)) return { kind: 'none' };
  if (run.heldAt !== undefined) return { kind: 'wait' };
  const open = openCalls(state);
  const stillWaits = (call: CallItem): boolean =>
    call.state === 'waiting' || call.state === 'setAside' || (call.childId !== undefined && childWaits(call.childId));
  const untouched = (call: CallItem): boolean => call.state !== 'running' || stillWaits(call);
  // Without open calls it is the run itself that is asked about.
  const asks = open.length === 0 ? state.head.approvals.length > 0 : open.some(stillWaits);
  const waits = asks && open.every(untouched);
  if (waits && (someoneAnswers || state.head.pausedAt !== undefined)) return { kind: 'wait' };

  return {
    kind: 'interrupted',
    events: endOfRun(state, run.id, 'interrupted', {
      code: 'cancelled',
      message: waits
        ? 'This run waited for a person, and was taken up where nobody can answer.'
        : 'Switchyard stopped while this run was under way.',
      hint: 'Nothing was run again. Ask again to go on.',
    }),
  };
}

/** The state with its run closed in memory alone, as it will be written once that is possible. */
export function closed(state: SessionState): SessionState {
  const recovery = recover(state, () => false, true);
  if (recovery.kind !== 'interrupted') return state;
  const at = state.head.updatedAt;
  return recovery.events.reduce(
    (now, event) => reduceSession(now, { stream: state.id, seq: now.seq + 1, at, event }),
    state,
  );
}

/** What ends a run that no loop carries: nothing waits for an answer any more, and every call has one. */
export function endOfRun(state: SessionState, runId: string, outcome: RunOutcome, error: Failure): SessionEvent[] {
  return [
    ...state.head.approvals.map(
      (approval): SessionEvent => ({
        type: 'approval.resolved',
        approvalId: approval.id,
        ...(approval.callId ? { callId: approval.callId } : {}),
        outcome: 'interrupted',
        by: 'workbench',
        originalHash: approval.hash,
        finalHash: approval.hash,
      }),
    ),
    ...openCalls(state).map(
      (call): SessionEvent => ({
        type: 'call.ended',
        callId: call.id,
        status: 'interrupted',
        output: whatIsKnown(call),
        durationMs: 0,
      }),
    ),
    { type: 'run.ended', runId, outcome, error },
  ];
}

const whatIsKnown = (call: CallItem): string =>
  call.state === 'running'
    ? 'Interrupted: Switchyard stopped while this was running. It may have had part of its effects; check before trying again.'
    : 'Interrupted: Switchyard stopped before this was run. It was not run.';
