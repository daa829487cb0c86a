import { expect, it } from 'vitest';
import { AppStream, firstState } from '../../electron/app-stream.ts';
import { reduceApp } from '../../shared/app/reduce.ts';
import type { AppEvent, AppState, SessionSummary } from '../../shared/app/state.ts';
import { fc } from '../properties.ts';

const first = firstState({} as Pick<AppState, 'settings' | 'model' | 'secrets' | 'runtime'>);

const id = fc.constantFrom('a', 'b', 'c', 'd');
const row = fc.record({ id, title: fc.string({ maxLength: 3 }) }).map((partial) => partial as SessionSummary);
const event: fc.Arbitrary<AppEvent> = fc.oneof(
  { weight: 5, arbitrary: row.map((session) => ({ type: 'session.listed' as const, session })) },
  { weight: 2, arbitrary: id.map((id) => ({ type: 'session.unlisted' as const, id })) },
  {
    weight: 1,
    arbitrary: fc.array(row).map((sessions) => ({ type: 'sessions.listed' as const, sessions, approvals: [] })),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'store.healthy' as const, store: 'file' }) },
);

it('whenever it is looked at, the state is what all events add up to, in their order', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ event, look: fc.boolean() })), (steps) => {
      const app = new AppStream('e', first);
      let expected = first;
      const heard: AppEvent[] = [];
      app.subscribe(({ event }) => heard.push(event));
      for (const { event, look } of steps) {
        app.emit(event);
        expected = reduceApp(expected, event);
        if (!look) continue;
        expect(app.snapshot()).toEqual({ epoch: 'e', seq: heard.length, state: expected });
        expect(Object.keys(app.state.sessions)).toEqual(Object.keys(expected.sessions));
      }
      expect(app.state).toEqual(expected);
      expect(heard).toEqual(steps.map((step) => step.event));
    }),
  );
});
