import type { SessionEvent } from '../../shared/session/events.ts';

/** One event a frame at the most: what a person can see, and no more for every consumer behind the door. */
const frameMs = 16;

/** Gathers stream fragments before they become events, so that a live stream has no holes in its numbering. */
export function coalesceDeltas(append: (event: SessionEvent) => void, messageId: string) {
  let text = '';
  let reasoning = '';
  const calls = new Map<number, { tool: string; chars: number }>();
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (reasoning) append({ type: 'reasoning.delta', messageId, text: reasoning });
    if (text) append({ type: 'message.delta', messageId, text });
    for (const [index, { tool, chars }] of calls) append({ type: 'call.delta', messageId, index, tool, chars });
    text = '';
    reasoning = '';
    calls.clear();
  };
  const soon = () => {
    timer ??= setTimeout(flush, frameMs);
  };

  return {
    text(fragment: string) {
      text += fragment;
      soon();
    },
    reasoning(fragment: string) {
      reasoning += fragment;
      soon();
    },
    call(index: number, tool: string, chars: number) {
      calls.set(index, { tool, chars });
      soon();
    },
    flush,
  };
}
