import type { Envelope } from '../../shared/session/events.ts';
import { reduceSession } from '../../shared/session/reduce.ts';
import type { SessionState } from '../../shared/session/state.ts';

/**
 * Streamed pieces that a state has yet to take up: to take up each alone would copy the list of items for every few words. Pieces of
 * one text become one; pieces of different texts touch different fields, so that their order does not matter.
 */
export function createStreamed() {
  const waiting = new Map<string, Envelope>();

  return {
    /** False when it is not a piece of a text, and nothing was kept of it. */
    add(envelope: Envelope): boolean {
      const target = targetOf(envelope);
      if (target === undefined) return false;
      const earlier = waiting.get(target);
      waiting.set(target, earlier ? joined(earlier, envelope) : envelope);
      return true;
    },

    /** The state with all that waited in it, exactly as if each piece had been taken up when it came. */
    into(state: SessionState): SessionState {
      if (waiting.size === 0) return state;
      let next = state;
      let seq = state.seq;
      for (const envelope of waiting.values()) {
        next = reduceSession(next, envelope);
        seq = Math.max(seq, envelope.seq);
      }
      waiting.clear();
      return { ...next, seq };
    },
  };
}

function targetOf({ event }: Envelope): string | undefined {
  switch (event.type) {
    case 'message.delta':
    case 'reasoning.delta':
      return `${event.type} ${event.messageId}`;
    case 'call.delta':
      return `${event.type} ${event.messageId} ${event.index}`;
    case 'call.output':
      return `${event.type} ${event.callId}`;
    default:
      return undefined;
  }
}

function joined(earlier: Envelope, later: Envelope): Envelope {
  const [before, text] = [textOf(earlier), textOf(later)];
  // Of a draft the newest measure counts.
  if (before === undefined || text === undefined) return later;
  return { ...later, event: { ...later.event, text: before + text } as Envelope['event'] };
}

const textOf = ({ event }: Envelope): string | undefined => ('text' in event ? event.text : undefined);
