import { type Failure, fail, ok, type Result } from '../../shared/errors.ts';
import type { Answer } from '../../shared/ipc/contract.ts';
import type { ConfirmationPolicy } from '../../shared/permissions/confirmation.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import type { PendingApproval, SessionState } from '../../shared/session/state.ts';
import { firstOf, outcomeOfAbort } from '../agent/abort.ts';
import type { CallQuestion, Resolution } from '../agent/ports.ts';
import type { Firmness, SourcedDecision } from '../permissions/policy.ts';
import {
  endByJudgement,
  type QuestionEnd,
  type RunQuestion,
  requested,
  requestedOfRun,
  resolved,
} from './approval-facts.ts';
import { hashCall } from './call-hash.ts';
import { endOfSilence } from './confirmation-policy.ts';
import { clockAfter, createDeadlines } from './deadlines.ts';

/** The session an approval belongs to: its journal is the approval's only home. */
export interface ApprovalHome {
  id: string;
  state(): SessionState;
  append(event: SessionEvent): { flushed: Promise<void> };
}

/** Judges a waiting call by rules, modes and confirmation policies as they are now. */
export type Rejudge = () => Promise<SourcedDecision & Firmness>;

/** Judges edited arguments as strictly as the first ones: schema, deny rules, protected paths. */
export type Recheck = (args: unknown) => Promise<Result<{ args: unknown; title?: string; places?: string[] }>>;

/** How a call is judged while it waits. `judgedAt` is the version of the policy that made it a question; absent or old, it is judged anew. */
export interface Judging {
  recheck: Recheck;
  rejudge?: Rejudge;
  judgedAt?: number;
  patience?: Patience;
}

/** How long a question of this session waits, as it is now; absent for questions that are about no call. */
export type Patience = () => { policy: ConfirmationPolicy; paused: boolean };

interface Waiter {
  home: ApprovalHome;
  args: unknown;
  recheck: Recheck;
  rejudge?: Rejudge;
  patience?: Patience;
  signal: AbortSignal;
  settle(resolution: Resolution): void;
}

/**
 * Who waits for which approval, across all sessions. It holds no facts: what is pending stands in the sessions, and this index is built
 * anew when their runs go on after a restart. First answer wins.
 */
export function createBroker(newId: () => string, now: () => number) {
  const waiters = new Map<string, Waiter>();
  /** Approvals of runs that are being taken up after a restart, with what resolves when they have been. */
  const expected = new Map<string, { taken: Promise<void>; take(): void }>();
  const takeUp = (id: string) => {
    expected.get(id)?.take();
    expected.delete(id);
  };
  /** Rises with every change of rules or modes: a judgement from before one does not count after it. */
  let policyVersion = 0;
  let judging = Promise.resolve();
  const ready = async (id: string): Promise<void> => expected.get(id)?.taken;
  const deadlines = createDeadlines({ now, due: (id) => void endOfTime(id) });

  const resolve = (approval: PendingApproval, waiter: Waiter, end: QuestionEnd): Promise<void> => {
    waiters.delete(approval.id);
    deadlines.set(approval.id, undefined);
    const edited = 'args' in end;
    const args = edited ? end.args : waiter.args;
    const { flushed } = waiter.home.append(resolved(approval, end, args));
    const resolution = {
      outcome: end.outcome,
      args,
      edited,
      ...(end.comment ? { comment: end.comment } : {}),
      ...(end.by !== 'person' && end.reason
        ? { settledBy: { by: end.by, reason: end.reason, unanswered: end.unanswered } }
        : {}),
    };
    // An allowed call waits for the disk, unless it is stopped; an end that starts nothing need not.
    if (end.outcome === 'allowed') void firstOf(flushed, waiter.signal).then(() => waiter.settle(resolution));
    else waiter.settle(resolution);
    return flushed;
  };

  const find = (id: string): Result<{ approval: PendingApproval; waiter: Waiter }> => {
    const waiter = waiters.get(id);
    const approval = waiter?.home.state().head.approvals.find((pending) => pending.id === id);
    if (waiter && approval) return ok({ approval, waiter });
    return fail('stale', 'This approval request is no longer active.', 'Its run has ended or it was answered already.');
  };

  /** A person may answer while the judgement is made: then theirs stands. */
  const judgeAgain = async (id: string): Promise<void> => {
    const waiter = waiters.get(id);
    if (!waiter?.rejudge) return;
    const version = policyVersion;
    const judged = await waiter.rejudge();
    const found = find(id);
    if (judged.decision === 'ask' || version !== policyVersion || !found.ok || found.value.waiter !== waiter) return;
    void resolve(found.value.approval, waiter, endByJudgement(judged));
  };

  /** Writes the clock anew where what it goes by has changed, and winds the timer. */
  const setClock = (id: string): void => {
    const found = find(id);
    // A plan is no call: it waits as long as it takes.
    if (!found.ok || !found.value.waiter.patience || found.value.approval.kind !== 'call') return;
    const { approval, waiter } = found.value;
    const { policy, paused } = found.value.waiter.patience();
    const terms = { timeoutMs: policy.defaultTimeoutMs, paused, deferred: approval.deferred };
    const clock = clockAfter(approval.clock, terms, now());
    if (JSON.stringify(clock) !== JSON.stringify(approval.clock)) {
      waiter.home.append({ type: 'approval.scheduled', approvalId: id, ...(clock ? { clock } : {}) });
    }
    deadlines.set(id, clock?.deadline);
  };

  /** Nobody answered in time. What changed while the call is judged once more counts: an answer, a pause, another policy. */
  async function endOfTime(id: string): Promise<void> {
    const waiter = waiters.get(id);
    const version = policyVersion;
    const judged = await waiter?.rejudge?.();
    if (!waiter?.patience || !judged || waiters.get(id) !== waiter) return;
    if (version !== policyVersion) return endOfTime(id);
    setClock(id);
    const found = find(id);
    if (!found.ok) return;
    const { approval } = found.value;
    const { clock } = approval;
    if (clock?.deadline === undefined || clock.deadline > now()) return;
    const { policy } = waiter.patience();
    const asks = judged.decision === 'ask';
    const end: QuestionEnd = asks
      ? { ...endOfSilence(judged, policy, clock.timeoutMs), by: 'confirmation', unanswered: true }
      : endByJudgement(judged);
    void resolve(approval, waiter, end);
  }

  const judgeAll = async (version: number): Promise<void> => {
    for (const id of [...waiters.keys()]) setClock(id);
    for (const id of [...waiters.keys()]) {
      // A later change judges them all itself.
      if (version !== policyVersion) return judging;
      await judgeAgain(id);
    }
  };

  /** The waiter stands before the question is announced. */
  const wait = (
    home: ApprovalHome,
    pending: PendingApproval | undefined,
    announce: (id: string) => SessionEvent,
    args: unknown,
    { recheck, rejudge, judgedAt, patience }: Judging,
    signal: AbortSignal,
  ): Promise<Resolution> => {
    const id = pending?.id ?? newId();
    return new Promise((settle) => {
      const cancel = () => {
        const found = find(id);
        if (!found.ok) return;
        const { approval, waiter } = found.value;
        void resolve(approval, waiter, { outcome: outcomeOfAbort(signal), by: 'workbench' });
      };
      waiters.set(id, {
        home,
        args,
        recheck,
        rejudge,
        patience,
        signal,
        settle: (resolution) => {
          signal.removeEventListener('abort', cancel);
          settle(resolution);
        },
      });
      if (!pending) home.append(announce(id));
      setClock(id);
      takeUp(id);
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel, { once: true });
      if (judgedAt !== policyVersion) void judgeAgain(id);
    });
  };

  return {
    policyVersion: () => policyVersion,

    /** Rules, a mode or a confirmation policy changed: what waits is judged again, and what is no longer a question is settled. */
    policyChanged(): Promise<void> {
      policyVersion += 1;
      judging = judgeAll(policyVersion);
      return judging;
    },

    /** Resolves when what waits has been judged by rules, modes and policies as they are now. */
    judged: () => judging,

    /**
     * Asks, or takes up what was asked before a restart, and waits as long as it takes. Aborting `signal` resolves the approval as
     * cancelled.
     */
    ask(home: ApprovalHome, question: CallQuestion, judging: Judging, signal: AbortSignal): Promise<Resolution> {
      const pending = home.state().head.approvals.find((approval) => approval.callId === question.call.id);
      return wait(home, pending, (id) => requested(id, question), question.args, judging, signal);
    },

    /** As `ask`, about the run as a whole: one such question of a kind at a time. It can be answered, not edited. */
    askAbout(home: ApprovalHome, question: RunQuestion, signal: AbortSignal): Promise<Resolution> {
      const { approvals } = home.state().head;
      const pending = approvals.find(({ kind, callId }) => kind === question.kind && callId === undefined);
      return wait(home, pending, (id) => requestedOfRun(id, question), question.args, { recheck: notEditable }, signal);
    },

    /** Says that a run which waits for these is about to be taken up; when `ended` resolves, it is over and they are forgotten. */
    expect(ids: string[], ended: Promise<void>): void {
      for (const id of ids) {
        let take: () => void = () => {};
        const taken = new Promise<void>((resolve) => {
          take = resolve;
        });
        expected.set(id, { taken, take });
      }
      void ended.then(() => ids.forEach(takeUp));
    },

    /** Resolves when an approval from before a restart can be answered: at once, but in the first moments after it. */
    ready,

    /** Refuses an answer that comes too late, to something else than was shown, or whose edited arguments do not hold. */
    async answer(answer: Answer): Promise<Result<{ sessionId: string; flushed: Promise<void> }>> {
      await ready(answer.id);
      const found = find(answer.id);
      if (!found.ok) return found;
      const { approval, waiter } = found.value;
      const sessionId = waiter.home.id;
      if (answer.shownHash !== approval.hash) {
        return fail('stale', 'The call changed after it was shown.', 'Look at it again, then answer.');
      }
      const comment = answer.comment?.trim() || undefined;
      if (answer.decision === 'deny') {
        return ok({ sessionId, flushed: resolve(approval, waiter, { outcome: 'denied', by: 'person', comment }) });
      }
      const { rules, scope } = answer.grant ?? {};
      const byPerson: QuestionEnd = {
        outcome: 'allowed',
        by: 'person',
        comment,
        ...(rules && scope ? { granted: { rules, scope } } : {}),
      };
      const edited = answer.args !== undefined && hashCall(approval.tool, answer.args) !== approval.hash;
      if (!edited) {
        return ok({ sessionId, flushed: resolve(approval, waiter, byPerson) });
      }
      const checked = await waiter.recheck(answer.args);
      if (!checked.ok) return checked;
      // The check took time: another answer may have come first.
      if (waiters.get(answer.id) !== waiter) return find(answer.id) as { ok: false; error: Failure };
      return ok({ sessionId, flushed: resolve(approval, waiter, { ...byPerson, ...checked.value }) });
    },

    /** Later, or back from later. It goes on blocking its call. */
    defer(id: string, deferred: boolean): Result<{ sessionId: string; flushed: Promise<void> }> {
      const found = find(id);
      if (!found.ok) return found;
      const { home } = found.value.waiter;
      const { flushed } = home.append({ type: 'approval.deferred', approvalId: id, deferred });
      setClock(id);
      return ok({ sessionId: home.id, flushed });
    },

    /** Takes a question back: its call is not run, and its run goes on. */
    cancel(id: string): Result<{ sessionId: string; flushed: Promise<void> }> {
      const found = find(id);
      if (!found.ok) return found;
      const { approval, waiter } = found.value;
      const end: QuestionEnd = {
        outcome: 'cancelled',
        by: 'workbench',
        reason: 'The request for approval was taken back',
      };
      return ok({ sessionId: waiter.home.id, flushed: resolve(approval, waiter, end) });
    },

    /** A session was paused or resumed: clocks stand still, or go on. */
    clocksChanged(): void {
      for (const id of [...waiters.keys()]) setClock(id);
    },

    /** From here on no question ends by itself. */
    stop: deadlines.stop,

    /** The session and the pending approval behind an id. */
    pending(id: string): Result<{ home: ApprovalHome; approval: PendingApproval }> {
      const found = find(id);
      return found.ok ? ok({ home: found.value.waiter.home, approval: found.value.approval }) : found;
    },
  };
}

const notEditable: Recheck = async () => fail('unsupported', 'This question can be answered, but not edited.');

export type Broker = ReturnType<typeof createBroker>;
