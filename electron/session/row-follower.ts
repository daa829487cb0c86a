import { isDurable } from '../../shared/session/durability.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import type { Subscriber } from './session.ts';

/** A row of the index follows its session at most so often: facts sooner than streamed words, of which it shows the first few. */
const rowMs = { fact: 50, words: 500 };

/** What a person waits for, or is waited for by. */
const atOnce = new Set<SessionEvent['type']>([
  'approval.requested',
  'approval.resolved',
  'approval.deferred',
  'approval.scheduled',
  'run.ended',
]);

/** Keeps the index row up with its session: `list` writes the row anew, not after `end`. */
export function rowFollower(
  list: () => void,
  onUnsaved: (reason: string | undefined) => void,
): { subscriber: Subscriber; end(): void } {
  const soon = within(rowMs.fact, list);
  const later = within(rowMs.words, list);
  return {
    subscriber: {
      envelope: ({ event }) => {
        if (atOnce.has(event.type)) list();
        else if (isDurable(event.type)) soon.schedule();
        else later.schedule();
      },
      unsaved: (reason) => {
        onUnsaved(reason);
        soon.schedule();
      },
    },
    end() {
      soon.end();
      later.end();
    },
  };
}

function within(ms: number, act: () => void): { schedule(): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    schedule() {
      timer ??= setTimeout(() => {
        timer = undefined;
        act();
      }, ms);
    },
    end: () => clearTimeout(timer),
  };
}
