import { describe, expect, it } from 'vitest';
import { type Envelope, envelopeSchema, type SessionEvent } from '../../../shared/session/events.ts';
import { emptySession, reduceSession } from '../../../shared/session/reduce.ts';
import {
  applyEnvelopes,
  newestWindow,
  prependItems,
  replicaWindow,
  windowOf,
} from '../../../shared/session/replica.ts';
import type { SessionState } from '../../../shared/session/state.ts';
import { fc } from '../../properties.ts';
import { arbitraryEvent } from './arbitrary-events.ts';

const envelopesOf = (events: SessionEvent[]): Envelope[] =>
  events.map((event, place) => ({ stream: 's1', seq: place + 1, at: 1000 + place, event }));
const stateAfter = (events: SessionEvent[]): SessionState =>
  envelopesOf(events).reduce(reduceSession, emptySession('s1'));

function freeze<T>(value: T): T {
  if (value && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

describe('reduceSession', () => {
  it('takes any event in any order, and never changes the state it was given', () => {
    fc.assert(
      fc.property(fc.array(arbitraryEvent, { maxLength: 40 }), (events) => {
        let state = freeze(emptySession('s1'));
        for (const envelope of envelopesOf(events)) state = freeze(reduceSession(state, envelope));
        expect(state.seq).toBe(events.length);
      }),
    );
  });

  it('needs no item before the window: reducing a window is the window of what was reduced', () => {
    fc.assert(
      fc.property(fc.array(arbitraryEvent, { maxLength: 30 }), arbitraryEvent, fc.nat(20), (events, next, first) => {
        const state = stateAfter(events);
        const from = Math.min(first, state.items.length);
        const envelope = { stream: 's1', seq: state.seq + 1, at: 5000, event: next };
        // Ids are unique in truth; where a generated one stands on both sides of the edge, the newest is meant.
        const ids = state.items.map((item) => item.id);
        fc.pre(
          new Set(ids).size === ids.length && !state.items.some((item) => item.kind === 'message' && item.streaming),
        );
        expect(reduceSession(windowOf(state, from), envelope)).toEqual(windowOf(reduceSession(state, envelope), from));
      }),
      { numRuns: 500 },
    );
  });

  it('generates only what the schema of the stored format takes', () => {
    fc.assert(
      fc.property(arbitraryEvent, (event) => {
        expect(envelopeSchema.safeParse({ stream: 's1', seq: 1, at: 1, event }).success).toBe(true);
      }),
    );
  });
});

describe('replica', () => {
  const prompts = (count: number): SessionEvent[] =>
    Array.from({ length: count }, (_, n) => ({
      type: 'notice.posted',
      noticeId: `n${n}`,
      level: 'info',
      text: `${n}`,
    }));

  it('opens with the newest items and takes older pages before them', () => {
    const whole = stateAfter(prompts(450));
    const replica = newestWindow(whole);
    expect([replica.firstItem, replica.items.length]).toEqual([450 - replicaWindow, replicaWindow]);
    const older = whole.items.slice(replica.firstItem - 50, replica.firstItem);
    expect(prependItems(replica, older)).toEqual(windowOf(whole, 200));
  });

  it('skips what it holds and refuses a gap', () => {
    const envelopes = envelopesOf(prompts(3));
    const two = applyEnvelopes(emptySession('s1'), envelopes.slice(0, 2));
    expect(applyEnvelopes(two as SessionState, envelopes)).toEqual(stateAfter(prompts(3)));
    expect(applyEnvelopes(emptySession('s1'), envelopes.slice(1))).toBeUndefined();
  });
});
