import { describe, expect, it } from 'vitest';
import { type CompactionPorts, compactContext } from '../../../../electron/agent/context/compact.ts';
import type { ModelEvent, ModelRequest } from '../../../../electron/model/model-client.ts';
import { fail, ok } from '../../../../shared/errors.ts';
import { compactionInForce, planOf } from '../../../../shared/session/context-plan.ts';
import type { SessionEvent } from '../../../../shared/session/events.ts';
import { reduceSession } from '../../../../shared/session/reduce.ts';
import type { SessionState } from '../../../../shared/session/state.ts';
import { eventsOf, stateOf } from './transcript.ts';

const turns = (count: number) => Array.from({ length: count }, () => ({ text: 'Said. '.repeat(40), outputs: [50] }));

/** A session that is only a state, and a model that answers with the given summary, or fails when there is none. */
function bench(start: SessionState, summary?: string) {
  let state = start;
  const events: SessionEvent[] = [];
  const requests: ModelRequest[] = [];
  let made = 0;
  const append = (event: SessionEvent) => {
    events.push(event);
    state = reduceSession(state, { stream: state.id, seq: state.seq + 1, at: 5000, event });
    return { flushed: Promise.resolve() };
  };
  async function* stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    requests.push(request);
    const reply = { text: summary ?? '', reasoning: '', calls: [], finishReason: 'stop', model: 'served' };
    const used = { ...reply, usage: { input: 100, output: 10 } };
    yield summary === undefined
      ? { type: 'failed', error: { code: 'provider', message: 'no luck' }, partial: reply }
      : { type: 'completed', reply: used };
  }
  const model = { client: { stream }, id: 'm', name: 'm', model: 'm', demo: false, prices: { input: 1, output: 2 } };
  const ports: CompactionPorts = {
    state: () => state,
    append,
    model: async () => ok(model),
    newId: () => `k${++made}`,
    fixed: () => ({ systemPrompt: 'system', tools: [] }),
  };
  return { ports, events, requests, state: () => state, append };
}

const never = new AbortController().signal;
const long = () => stateOf(eventsOf([{ prompt: 'the task', turns: turns(40) }]));

describe('hooks', () => {
  it('are asked before and told after; they may add to the wish or refuse it [C11]', async () => {
    const { ports, requests, events } = bench(long(), 'GIST');
    const told: string[] = [];
    const hooked: CompactionPorts = {
      ...ports,
      beforeCompaction: async ({ trigger }) => ({ instructions: `heed this on ${trigger}` }),
      afterCompaction: async (fact) => void told.push(fact.method),
    };
    await compactContext(hooked, { trigger: 'asked' }, never);
    expect(JSON.stringify(requests[0]?.messages)).toContain('heed this on asked');
    expect(told).toEqual(['summary']);

    const before = events.length;
    const refused = await compactContext(
      { ...ports, beforeCompaction: async () => ({ refuse: 'not now' }) },
      { trigger: 'asked' },
      never,
    );
    expect(refused).toMatchObject({ ok: false, error: { code: 'denied', message: 'not now' } });
    expect(events).toHaveLength(before);
  });
});

describe('one fact', () => {
  it('tells method, sizes and bill, and measures at once [C7] [C8] [C9]', async () => {
    const { ports, events, state } = bench(long(), 'GIST');
    const done = await compactContext(ports, { trigger: 'threshold' }, never);
    expect(done.ok && done.value).toMatchObject({
      method: 'summary',
      auto: true,
      summary: 'GIST',
      modelCalls: 1,
      usage: { input: 100, output: 10 },
      cost: expect.closeTo((100 + 2 * 10) / 1_000_000, 9),
    });
    expect(events.map(({ type }) => type)).toEqual(['context.compacting', 'context.compacted']);
    expect(state().head.context?.used).toBe(done.ok && done.value.tokensAfter);
    expect(state().head.totals.modelCalls).toBe(1);
  });

  it('without a model the old part is cut and listed [C5] [C9]', async () => {
    const { ports } = bench(long());
    const none = { ...ports, model: async () => fail('notConfigured', 'none') };
    const done = await compactContext(none, { trigger: 'asked' }, never);
    expect(done.ok && done.value).toMatchObject({ method: 'truncate', modelCalls: 0 });
    expect(done.ok && done.value.summary).toContain('c0x0x0.txt');
  });

  it('is refused, and billed, when it would not make the context smaller [compact.cut]', async () => {
    const { ports, events } = bench(
      stateOf(
        eventsOf([
          { prompt: 'a', turns: [{ text: 'b', outputs: [] }] },
          { prompt: 'c', turns: [{ text: 'd', outputs: [] }] },
        ]),
      ),
      'very long '.repeat(500),
    );
    const done = await compactContext(ports, { trigger: 'asked' }, never);
    expect(done).toMatchObject({ ok: false, error: { code: 'invalid' } });
    expect(events).toMatchObject([{ type: 'context.compactionFailed', modelCalls: 1 }]);
  });
});

describe('taken back', () => {
  it('the state before it holds again, and it does not come again at once [compact.undo] [compact.loop]', async () => {
    const { ports, state, append } = bench(long(), 'GIST');
    append({ type: 'context.measured', used: 800, window: 1000, source: 'reported' });
    const before = state();
    const done = await compactContext(ports, { trigger: 'asked' }, never);
    expect(compactionInForce(state().head)?.id).toBe(done.ok && done.value.compactionId);
    append({ type: 'context.restored', compactionId: 'k1', tokensAfter: 800, window: 1000 });
    expect(planOf(state().head).compactions).toEqual(planOf(before.head).compactions);
    expect(planOf(state().head).resumeAt).toBe(900);
    expect(state().head.context?.used).toBe(800);
  });
});
