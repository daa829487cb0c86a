import { expect, it } from 'vitest';
import { Session } from '../../../electron/session/session.ts';
import { createMemoryStore } from '../../../electron/storage/memory-store.ts';
import type { SessionEvent } from '../../../shared/session/events.ts';
import { emptySession, reduceSession } from '../../../shared/session/reduce.ts';
import { fc } from '../../properties.ts';
import { arbitraryEvent, arbitraryOf } from '../../shared/session/arbitrary-events.ts';

const note = (text: string): SessionEvent => ({ type: 'notice.posted', noticeId: text, level: 'info', text });

async function newSession(): Promise<Session> {
  const log = await createMemoryStore().create('s1');
  return Session.create('s1', { log, now: () => 1, redact: (event) => event });
}

it('everybody hears every envelope in order, even when hearing one leads to another [I4] [H6]', async () => {
  const session = await newSession();
  const before: number[] = [];
  const after: number[] = [];
  session.subscribe({ envelope: ({ seq }) => before.push(seq) });
  session.subscribe({
    envelope: ({ event }) => {
      if (event.type === 'notice.posted' && event.text.length < 3) {
        session.append({ type: 'message.delta', messageId: 'm', text: 'x' });
        session.append(note(`${event.text}a`));
      }
    },
  });
  session.subscribe({ envelope: ({ seq }) => after.push(seq) });
  session.append(note('a'));
  session.append(note('b'));
  while (!(await session.allSaved()) || after.length < session.state.seq);
  expect(before).toEqual(Array.from({ length: session.state.seq }, (_, n) => n + 1));
  expect(after).toEqual(before);
});

it('nothing is told before it is on disk, and what comes later waits behind it [L2] [I4]', async () => {
  const session = await newSession();
  const heard: string[] = [];
  session.subscribe({ envelope: ({ event }) => heard.push(event.type) });
  const { flushed } = session.append(note('a'));
  session.append({ type: 'message.delta', messageId: 'm', text: 'x' });
  expect(session.state.seq).toBe(2);
  expect(heard).toEqual([]);
  await flushed;
  expect(heard).toEqual(['notice.posted', 'message.delta']);
  session.append({ type: 'message.delta', messageId: 'm', text: 'y' });
  expect(heard).toHaveLength(3);
});

it('streamed words are in the state whenever it is looked at, as if each had been taken up when it came [L7]', async () => {
  const begun = ['turn.started', 'turn.started', 'call.requested'] as const;
  const streamed = fc.oneof(
    ...(['message.delta', 'reasoning.delta', 'call.delta', 'call.output'] as const).map(arbitraryOf),
  );
  const event = fc.oneof({ arbitrary: streamed, weight: 5 }, { arbitrary: arbitraryEvent, weight: 1 });
  const steps = fc.array(fc.record({ event, look: fc.nat(9) }), { minLength: 20, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.tuple(...begun.map(arbitraryOf)), steps, async (first, then) => {
      const session = await newSession();
      let expected = emptySession('s1');
      for (const { event, look } of [...first.map((event) => ({ event, look: 1 })), ...then]) {
        expected = reduceSession(expected, session.append(event).envelope);
        if (look === 0) expect(session.state).toEqual(expected);
      }
      expect(session.state).toEqual(expected);
    }),
  );
});
