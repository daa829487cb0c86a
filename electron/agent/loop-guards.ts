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
  let calls = 0;
  for (const call of newestCalls(state.items, run.id)) {
    if (call.turn <= run.turn - malformedTurns) break;
    if (!call.malformed) return undefined;
    calls += 1;
  }
  if (calls < malformedTurns) return undefined;
  return {
    code: 'provider',
    message: `The model sent calls whose arguments are not JSON ${malformedTurns} turns in a row.`,
    hint: 'Try again, or choose a model that supports tool calls.',
  };
}

/** What to tell the model instead of running a call that it repeats, or undefined. */
export function repeatedCall(state: SessionState, call: CallItem): string | undefined {
  let same = 0;
  let seen = 0;
  for (const other of newestCalls(state.items, call.runId)) {
    if (other.id === call.id || !precedes(other, call)) continue;
    if (seen >= recentCalls && other.turn !== call.turn) break;
    seen += 1;
    if (!isSame(other, call)) continue;
    if (other.turn === call.turn)
      return 'Not run: this reply asks for the same call twice. See the result of the first.';
    if (seen <= recentCalls) same += 1;
  }
  if (same < sameCalls) return undefined;
  return `Not run: this very call was made ${same} times already. Its result will not change; do something else or finish.`;
}

/** The calls of a run, newest first. */
function* newestCalls(items: readonly Item[], runId: string): Generator<CallItem> {
  for (let place = items.length - 1; place >= 0; place -= 1) {
    const item = items[place];
    if (item && isCall(item) && item.runId === runId) yield item;
    else if (item?.kind === 'message' && item.runId !== runId) return;
  }
}

const precedes = (a: CallItem, b: CallItem): boolean => a.turn < b.turn || (a.turn === b.turn && a.index < b.index);

const isSame = (a: CallItem, b: CallItem): boolean =>
  a.tool === b.tool && JSON.stringify(executedArgs(a)) === JSON.stringify(b.args);
