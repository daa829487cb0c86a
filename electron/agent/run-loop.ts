import { type Failure, toFailure } from '../../shared/errors.ts';
import type { RunOutcome } from '../../shared/session/parts.ts';
import { isCall, openCalls } from '../../shared/session/selectors.ts';
import type { DirectCall, Run, SessionState } from '../../shared/session/state.ts';
import { askedSkill } from '../../shared/skills/skill.ts';
import { outcomeOfAbort } from './abort.ts';
import { settleCalls } from './calls.ts';
import { directCallOf, requestDirectCall } from './direct-call.ts';
import { tooManyMalformed } from './loop-guards.ts';
import type { LoopPorts } from './ports.ts';
import { type TurnEnd, takeTurn } from './turn.ts';

/**
 * Carries the open run of a session to its end and appends exactly one `run.ended`. It keeps nothing between steps: the next step
 * always follows from the state, so a run that only waited for approvals is resumed by calling this again.
 */
export async function runLoop(ports: LoopPorts, signal: AbortSignal): Promise<void> {
  const run = ports.state().head.run;
  if (!run || run.outcome) return;
  const direct = directCallOf(ports.state(), run);
  const { outcome, error } = await untilEnd(ports, direct, signal).catch((thrown) => ({
    outcome: 'failed' as const,
    error: toFailure(thrown),
  }));
  closeOpenCalls(ports, outcome);
  ports.append(
    error ? { type: 'run.ended', runId: run.id, outcome, error } : { type: 'run.ended', runId: run.id, outcome },
  );
}

/** `direct`: the call that the run consists of, if its prompt named one. */
async function untilEnd(
  ports: LoopPorts,
  direct: DirectCall | undefined,
  signal: AbortSignal,
): Promise<{ outcome: RunOutcome; error?: Failure }> {
  for (;;) {
    const open = openCalls(ports.state());
    if (open.length > 0) await settleCalls(ports, open, signal);
    if (signal.aborted) return { outcome: outcomeOfAbort(signal) };

    const state = ports.state();
    const run = state.head.run as Run;
    if (direct) {
      if (run.turn > 0) return { outcome: 'completed' };
      await ports.gate(signal);
      if (!signal.aborted) await requestDirectCall(ports, run, direct);
      continue;
    }
    if (isAnswered(state, run) && !isSteered(state)) return { outcome: 'completed' };
    if (run.turn >= state.head.config.maxTurns) return limitReached(state.head.config.maxTurns);
    const malformed = tooManyMalformed(state);
    if (malformed) return { outcome: 'failed', error: malformed };

    const usedUp = await ports.budget(signal);
    if (!usedUp) await ports.gate(signal);
    if (signal.aborted) return { outcome: outcomeOfAbort(signal) };
    if (usedUp) return { outcome: 'limit', error: usedUp };
    steer(ports, run.id);
    bringSkills(ports, run.id);
    const turn = await takeTurnThatFits(ports, run.turn + 1, signal);
    if (turn.status === 'aborted') return { outcome: outcomeOfAbort(signal) };
    if (turn.status === 'failed') return { outcome: 'failed', error: turn.error };
  }
}

/** A request that is refused for its length is made shorter and sent once more. */
async function takeTurnThatFits(ports: LoopPorts, turn: number, signal: AbortSignal): Promise<TurnEnd> {
  const end = await takeTurn(ports, turn, signal);
  if (end.status !== 'failed' || end.error.code !== 'limit') return end;
  return (await ports.makeRoom('overflow', signal)) ? takeTurn(ports, turn + 1, signal) : end;
}

/** The last turn asked for no calls: the reply is the answer. */
function isAnswered(state: SessionState, run: Run): boolean {
  if (run.turn === 0) return false;
  const reply = state.items.findLastIndex((item) => item.kind === 'message');
  return !state.items.slice(reply + 1).some((item) => isCall(item) || item.kind === 'prompt');
}

const isSteered = (state: SessionState): boolean => state.head.queue.some((prompt) => prompt.steer);

/** What the person said meanwhile, in order; the coming turn answers it. */
function steer(ports: LoopPorts, runId: string): void {
  for (const prompt of ports.state().head.queue) {
    if (prompt.steer) ports.append({ type: 'prompt.steered', promptId: prompt.id, runId });
  }
}

/** A person's prompts that the coming turn answers bring along the skills that they ask for. */
function bringSkills(ports: LoopPorts, runId: string): void {
  const { items } = ports.state();
  const newest = items.slice(items.findLastIndex((item) => item.kind === 'message') + 1);
  for (const item of newest) {
    if (item.kind !== 'prompt' || item.by !== 'person' || item.runId !== runId || item.skill) continue;
    const name = askedSkill(item.text);
    const skill = name === undefined ? undefined : ports.skillFor(name);
    if (skill) ports.append({ type: 'skill.loaded', runId, promptId: item.id, ...skill });
  }
}

const limitReached = (maxTurns: number) => ({
  outcome: 'limit' as const,
  error: {
    code: 'limit' as const,
    message: `Stopped after ${maxTurns} turns, the limit of one run.`,
    hint: 'Send "continue" to go on with a new run.',
  },
});

/** Whatever way the run ended, every call is answered exactly once before it does. */
function closeOpenCalls(ports: LoopPorts, outcome: RunOutcome): void {
  for (const call of openCalls(ports.state())) {
    ports.append({
      type: 'call.ended',
      callId: call.id,
      status: outcome === 'cancelled' || outcome === 'interrupted' ? outcome : 'error',
      output: `Not completed: the run was ${outcome}.`,
      durationMs: 0,
    });
  }
}
