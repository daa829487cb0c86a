import type { SessionEvent } from '../../../../shared/session/events.ts';
import { emptySession, reduceSession } from '../../../../shared/session/reduce.ts';
import type { SessionState } from '../../../../shared/session/state.ts';
import { fc } from '../../../properties.ts';

/** A run in few words: its prompt, its turns with the length of each call's output, and whether it is still under way. */
export interface RunShape {
  prompt: string;
  turns: { text: string; outputs: number[] }[];
}

export const stateOf = (events: readonly SessionEvent[]): SessionState =>
  events
    .map((event, place) => ({ stream: 's1', seq: place + 1, at: 1000 + place, event }))
    .reduce(reduceSession, emptySession('s1'));

/** The events of runs one after the other. With `open`, the last call of the last run has no result yet. */
export function eventsOf(runs: readonly RunShape[], open = false): SessionEvent[] {
  const events: SessionEvent[] = [];
  runs.forEach(({ prompt, turns }, r) => {
    const runId = `run${r}`;
    events.push({ type: 'prompt.queued', promptId: `p${r}`, text: prompt, by: 'person' });
    events.push({ type: 'run.started', runId, promptId: `p${r}` });
    turns.forEach(({ text, outputs }, t) => {
      const messageId = `m${r}x${t}`;
      events.push({ type: 'turn.started', runId, turn: t + 1, messageId, model: 'm' });
      events.push({ type: 'message.completed', messageId, runId, text });
      outputs.forEach((length, c) => {
        const callId = `c${r}x${t}x${c}`;
        const isLast = r === runs.length - 1 && t === turns.length - 1 && c === outputs.length - 1;
        events.push(requested(callId, runId, t + 1, c));
        if (open && isLast) return;
        events.push({ type: 'call.ended', callId, status: 'ok', output: 'word '.repeat(length), durationMs: 1 });
      });
    });
    const isOpen = open && r === runs.length - 1;
    if (!isOpen) events.push({ type: 'run.ended', runId, outcome: 'completed' });
  });
  return events;
}

const requested = (callId: string, runId: string, turn: number, index: number): SessionEvent => ({
  type: 'call.requested',
  callId,
  runId,
  turn,
  index,
  providerCallId: `wire-${callId}`,
  tool: 'read',
  args: { file_path: `${callId}.txt` },
  title: `${callId}.txt`,
  kind: 'read',
  detail: { type: 'json' },
});

const words = fc.constantFrom('', 'Some words.', 'More words here.');
export const arbitraryRuns: fc.Arbitrary<RunShape[]> = fc.array(
  fc.record({
    prompt: fc.constantFrom('do this', 'then that'),
    turns: fc.array(fc.record({ text: words, outputs: fc.array(fc.nat(60), { maxLength: 3 }) }), { maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Whatever can happen to a context: compactions at any item, pins, drops, and taking back. */
export function arbitraryCuration(state: SessionState): fc.Arbitrary<SessionEvent[]> {
  const item = fc.constantFrom(...state.items.map(({ id }) => id), 'nothing');
  const compactionId = fc.constantFrom('k1', 'k2', 'k3');
  const compacted = fc.record({
    type: fc.constant('context.compacted' as const),
    compactionId,
    method: fc.constantFrom('summary' as const, 'prune' as const, 'truncate' as const),
    auto: fc.boolean(),
    trigger: fc.constant('asked' as const),
    keepFrom: fc.option(item, { nil: undefined }),
    pruneBefore: fc.option(item, { nil: undefined }),
    summary: fc.option(fc.constant('What was done.'), { nil: undefined }),
    gone: fc.nat(9),
    tokensBefore: fc.nat(100),
    tokensAfter: fc.nat(100),
    modelCalls: fc.nat(2),
  });
  return fc.array(
    fc.oneof(
      compacted,
      fc.record({ type: fc.constant('item.pinned' as const), itemId: item, pinned: fc.boolean() }),
      fc.record({ type: fc.constant('item.dropped' as const), itemId: item, dropped: fc.boolean() }),
      fc.record({ type: fc.constant('context.restored' as const), compactionId, tokensAfter: fc.nat(100) }),
    ),
    { maxLength: 8 },
  );
}
