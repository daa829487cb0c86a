import { expect, it } from 'vitest';
import { chooseCut } from '../../../../electron/agent/context/cut.ts';
import { unitsOf } from '../../../../electron/agent/context/selection.ts';
import { withoutSummary } from '../../../../electron/agent/context/wording.ts';
import { buildMessages } from '../../../../electron/agent/model-request.ts';
import type { ChatMessage } from '../../../../electron/model/model-client.ts';
import type { SessionEvent } from '../../../../shared/session/events.ts';
import { isSettled, openCalls } from '../../../../shared/session/selectors.ts';
import type { SessionState } from '../../../../shared/session/state.ts';
import { fc } from '../../../properties.ts';
import { arbitraryCuration, arbitraryRuns, eventsOf, stateOf } from './transcript.ts';

const build = (state: SessionState) => buildMessages(state, 'system', async () => new Uint8Array());

function expectValid(messages: ChatMessage[]): void {
  expect(messages[0]?.role).toBe('system');
  expect(messages[1]?.role).toBe('user');
  let owed: string[] = [];
  let before: ChatMessage | undefined;
  for (const message of messages.slice(1)) {
    if (message.role === 'tool') {
      expect(owed).toContain(message.tool_call_id);
      expect(message.content).not.toBe('');
      owed = owed.filter((id) => id !== message.tool_call_id);
    } else {
      expect(owed).toEqual([]);
      if (before && before.role !== 'tool') expect(before.role).not.toBe(message.role);
      if (message.role === 'assistant') {
        expect(message.content || message.tool_calls).toBeTruthy();
        owed = (message.tool_calls ?? []).map((made) => made.id);
      }
    }
    before = message;
  }
  expect(owed).toEqual([]);
}

const callIds = (messages: ChatMessage[]): string[] =>
  messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : []));

it('is valid however a session was cut, pinned, thinned out and restored; first prompt and open calls stay [compact.pairs] [C1] [C2] [C3] [I3] [I12] [S-W35]', async () => {
  const histories = fc.tuple(arbitraryRuns, fc.boolean()).chain(([runs, open]) => {
    const events = eventsOf(runs, open);
    return arbitraryCuration(stateOf(events)).map((curation) => stateOf([...events, ...curation]));
  });
  await fc.assert(
    fc.asyncProperty(histories, async (state) => {
      const messages = await build(state);
      expectValid(messages);
      const first = state.items.find((item) => item.kind === 'prompt');
      expect(JSON.stringify(messages[1])).toContain(first?.kind === 'prompt' ? first.text : 'never');
      const newest = state.items.findLast((item) => item.kind === 'prompt' && item.runId === state.head.run?.id);
      expect(JSON.stringify(messages)).toContain(newest?.kind === 'prompt' ? newest.text : 'never');
      const sent = callIds(messages);
      for (const open of openCalls(state)) expect(sent).toContain(open.providerCallId);
    }),
    { numRuns: 400 },
  );
});

it('the approved plan of the newest run stays whole however the context is cut, until the next run or the person takes it out [I12]', async () => {
  const turn = { text: 'Said.', outputs: [500] };
  const events = eventsOf([{ prompt: 'the task', turns: Array.from({ length: 9 }, () => turn) }], true).map((event) =>
    event.type === 'call.requested' && event.callId === 'c0x1x0'
      ? { ...event, tool: 'plan', args: { plan: '# The plan' } }
      : event,
  );
  const cut = (place: number): SessionEvent => ({
    ...{ type: 'context.compacted', compactionId: `k${place}`, method: 'truncate', auto: true, trigger: 'threshold' },
    ...{ keepFrom: `m0x${place}`, pruneBefore: `m0x${place}`, summary: 'Some of it.', gone: 3 },
    ...{ tokensBefore: 9, tokensAfter: 8, modelCalls: 0 },
  });
  const sent = async (...more: SessionEvent[]) => {
    const messages = await build(stateOf([...events, ...more]));
    expectValid(messages);
    return JSON.stringify(messages);
  };
  const carriedOut = await sent(cut(4), cut(7));
  expect(carriedOut).toContain('# The plan');
  expect(carriedOut).not.toContain('taken out to save context');
  expect(carriedOut).not.toContain('c0x2x0.txt');
  expect(await sent(cut(7), { type: 'item.dropped', itemId: 'c0x1x0', dropped: true })).not.toContain('# The plan');
  const ended: SessionEvent[] = [
    { type: 'call.ended', callId: 'c0x8x0', status: 'ok', output: 'x', durationMs: 1 },
    { type: 'run.ended', runId: 'run0', outcome: 'completed' },
  ];
  expect(await sent(cut(7), ...ended)).toContain('# The plan');
  const next: SessionEvent[] = [
    { type: 'prompt.queued', promptId: 'p1', text: 'next', by: 'person' },
    { type: 'run.started', runId: 'run1', promptId: 'p1' },
  ];
  expect(await sent(cut(7), ...ended, ...next)).not.toContain('# The plan');
});

it('a chosen cut lies at a boundary, never takes the newest turn, and makes the request smaller [compact.cut] [C1] [I12]', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryRuns, fc.boolean(), fc.nat(2000), async (runs, open, window) => {
      const state = stateOf(eventsOf(runs, open));
      const cut = chooseCut(state, window || undefined);
      if (cut.keepFrom === undefined) return;
      const units = unitsOf(state.items);
      const place = units.findIndex((unit) => unit.item.id === cut.keepFrom);
      expect(place).toBeGreaterThan(0);
      const gone = new Set(
        cut.gone.flatMap((slot) => (slot.kind === 'turn' ? slot.calls.map(({ call }) => call.id) : [])),
      );
      for (const call of units.at(-1)?.kind === 'turn' ? (units.at(-1) as { calls: { id: string }[] }).calls : [])
        expect(gone.has(call.id)).toBe(false);
      for (const slot of cut.gone)
        if (slot.kind === 'turn') expect(slot.calls.every(({ call }) => isSettled(call))).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it('keeps the newest 20 messages of a long history, and a third of a short one [compact.tail]', () => {
  const turns = (count: number) => Array.from({ length: count }, () => ({ text: 'Said.', outputs: [5] }));
  const long = stateOf(eventsOf([{ prompt: 'do this', turns: turns(30) }]));
  expect(chooseCut(long, undefined).keepFrom).toBe('m0x20');
  const short = stateOf(eventsOf([{ prompt: 'do this', turns: turns(6) }]));
  expect(chooseCut(short, undefined).keepFrom).toBe('m0x4');
  const talk = stateOf(eventsOf(Array.from({ length: 4 }, () => ({ prompt: 'do this', turns: turns(2) }))));
  expect(chooseCut(talk, undefined).keepFrom).toBe('p3');
  const one = stateOf(eventsOf([{ prompt: 'do this', turns: turns(1) }]));
  expect(chooseCut(one, undefined)).toEqual({ gone: [], pruneBefore: undefined });
});

it('takes out only outputs older than the newest 40,000 tokens, and only when that saves 20,000 [compact.prune] [C6]', () => {
  const outputs = (...sizes: number[]) =>
    stateOf(eventsOf([{ prompt: 'do this', turns: sizes.map((size) => ({ text: '', outputs: [size] })) }]));
  expect(chooseCut(outputs(15_000, 20_000, 19_000), undefined).pruneBefore).toBeUndefined();
  expect(chooseCut(outputs(25_000, 20_000, 19_000), undefined).pruneBefore).toBe('m0x1');
  expect(chooseCut(outputs(25_000, 41_000), undefined).pruneBefore).toBe('m0x1');
});

it('a pruned call keeps its place and says what became of its output [compact.prune]', async () => {
  const events = eventsOf([
    {
      prompt: 'do this',
      turns: [
        { text: '', outputs: [500] },
        { text: '', outputs: [500] },
      ],
    },
  ]);
  const pruned = stateOf([
    ...events,
    {
      type: 'context.compacted',
      compactionId: 'k1',
      method: 'prune',
      auto: false,
      trigger: 'asked',
      pruneBefore: 'm0x1',
      gone: 0,
      tokensBefore: 9,
      tokensAfter: 8,
      modelCalls: 0,
    },
  ]);
  const results = (await build(pruned))
    .filter((message) => message.role === 'tool')
    .map(({ content }) => String(content));
  expect(results[0]).toMatch(/taken out to save context/);
  expect(results[1]).toContain('word word');
});

it('the summary stands in one message with the prompts around it, marked [compact.slot] [C2]', async () => {
  const events = eventsOf([
    { prompt: 'the task', turns: [{ text: 'One.', outputs: [] }] },
    { prompt: 'then that', turns: [{ text: 'Two.', outputs: [] }] },
  ]);
  const compacted = stateOf([
    ...events,
    {
      type: 'context.compacted',
      compactionId: 'k1',
      method: 'summary',
      auto: false,
      trigger: 'asked',
      keepFrom: 'p1',
      summary: 'What was done.',
      gone: 1,
      tokensBefore: 9,
      tokensAfter: 8,
      modelCalls: 1,
    },
  ]);
  const messages = await build(compacted);
  expect(messages.map((message) => message.role)).toEqual(['system', 'user', 'assistant']);
  const user = String(messages[1]?.content);
  expect(user).toMatch(/^the task[\s\S]*What was done\.[\s\S]*then that$/);
  expect(withoutSummary(user)).toBe('then that');
});
