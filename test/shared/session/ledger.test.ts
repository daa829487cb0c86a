import { expect, it } from 'vitest';
import { priceOf } from '../../../electron/agent/price.ts';
import { summarizeCosts } from '../../../electron/session/costs.ts';
import type { Envelope, SessionEvent } from '../../../shared/session/events.ts';
import { modelCallKinds, type Usage } from '../../../shared/session/parts.ts';
import { emptySession, reduceSession } from '../../../shared/session/reduce.ts';
import { fc } from '../../properties.ts';

const prices = {
  dear: { input: 3, output: 15, cachedInput: 0.3 },
  cheap: { input: 0.1, output: 0.4 },
};

const usage: fc.Arbitrary<Usage> = fc
  .record({
    input: fc.nat(200_000),
    output: fc.nat(20_000),
    share: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  })
  .map(({ input, output, share }) =>
    share === null ? { input, output } : { input, output, cachedInput: Math.floor(input * share) },
  );

const billed = fc.record({
  model: fc.constantFrom('dear', 'cheap', 'unknown'),
  kind: fc.constantFrom('turn', ...modelCallKinds),
  usage: fc.option(usage, { nil: undefined }),
  at: fc.nat(90 * 24 * 3_600_000),
});

/** What each call costs by the tokens it used, cached ones at their own price. */
const costOf = (model: string, { input, output, cachedInput = 0 }: Usage): number | undefined => {
  if (model === 'dear') return ((input - cachedInput) * 3 + cachedInput * 0.3 + output * 15) / 1e6;
  return model === 'cheap' ? (input * 0.1 + output * 0.4) / 1e6 : undefined;
};

it('the ledger is the sum of usage times price over every call of any kind, however it is rolled up [I10]', () => {
  fc.assert(
    fc.property(fc.array(fc.array(billed, { maxLength: 30 }), { maxLength: 4 }), (sessions) => {
      const states = sessions.map((calls) =>
        calls
          .map((call, place): Envelope => ({ stream: 's1', seq: place + 1, at: call.at, event: eventOf(call) }))
          .reduce(reduceSession, emptySession('s1')),
      );
      const known = sessions.flat().flatMap((call) => (call.usage ? costOf(call.model, call.usage) : undefined) ?? []);
      const expected = known.reduce((sum, cost) => sum + cost, 0);
      const { total, days, models, kinds } = summarizeCosts(states.map((state) => state.head.ledger ?? []));
      const perSession = states.reduce((sum, { head }) => sum + head.totals.cost, 0);
      expect(perSession).toBeCloseTo(expected, 9);
      for (const rows of [[total], days, models, kinds]) {
        expect(rows.reduce((sum, row) => sum + row.cost, 0)).toBeCloseTo(expected, 9);
        expect(rows.reduce((sum, row) => sum + row.calls, 0)).toBe(sessions.flat().length);
        expect(rows.reduce((sum, row) => sum + row.unpriced, 0)).toBe(sessions.flat().length - known.length);
      }
    }),
  );
});

function eventOf({
  model,
  kind,
  usage: used,
}: {
  model: string;
  kind: string;
  usage?: Usage | undefined;
}): SessionEvent {
  const known = prices[model as keyof typeof prices];
  const bill = {
    model,
    ...(used ? { usage: used } : {}),
    ...(used && known ? { cost: priceOf(used, known) } : {}),
  };
  if (kind === 'turn') return { type: 'turn.ended', runId: 'r', turn: 1, finishReason: 'stop', durationMs: 1, ...bill };
  return { type: 'model.called', kind: kind as (typeof modelCallKinds)[number], ...bill };
}
