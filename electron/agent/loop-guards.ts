import type { Failure } from '../../shared/errors.ts';
import { executedArgs, isCall } from '../../shared/session/selectors.ts';
import type { CallItem, Item, SessionState } from '../../shared/session/state.ts';

/** Turns in a row whose every call was unreadable, before the run gives up. */
const malformedTurns = 3;
/** Of the newest `recentCalls` calls of a run, so many may be the same. */
const recentCalls = 8;
const sameCalls = 3;

/** Stops a model that cannot write its calls, instead of paying for 50 turns of it. */
export function tooManyMalformed(state: SessionState): Failure | undefined {
  const { run } = state.head;
  if (!run || run.turn < malformedTurns) return undefined;
  const calls = callsOfRun(state.items, run.id).filter((call) => call.turn > run.turn - malformedTurns);
  if (calls.length < malformedTurns || calls.some((call) => !call.malformed)) return undefined;
  return {
    code: 'provider',
    message: `The model sent calls whose arguments are not JSON ${malformedTurns} turns in a row.`,
    hint: 'Try again, or choose a model that supports tool calls.',
  };
}

/** What to tell the model instead of running a call that it repeats, or undefined. */
export function repeatedCall(state: SessionState, call: CallItem): string | undefined {
  const earlier = callsOfRun(state.items, call.runId).filter((other) => other.id !== call.id && precedes(other, call));
  const inReply = earlier.find((other) => other.turn === call.turn && isSame(other, call));
  if (inReply) return 'Not run: this reply asks for the same call twice. See the result of the first.';
  const same = earlier.slice(-recentCalls).filter((other) => isSame(other, call)).length;
  if (same < sameCalls) return undefined;
  return `Not run: this very call was made ${same} times already. Its result will not change; do something else or finish.`;
}

const callsOfRun = (items: readonly Item[], runId: string): CallItem[] => {
  const start = items.findLastIndex((item) => item.kind === 'prompt' && item.runId === runId);
  return items.slice(start + 1).filter(isCall);
};

const precedes = (a: CallItem, b: CallItem): boolean => a.turn < b.turn || (a.turn === b.turn && a.index < b.index);

const isSame = (a: CallItem, b: CallItem): boolean =>
  a.tool === b.tool && JSON.stringify(executedArgs(a)) === JSON.stringify(b.args);
