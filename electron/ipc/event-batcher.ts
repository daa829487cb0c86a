import type { AppEnvelope } from '../../shared/app/state.ts';
import type { EventBatch, StreamBatch } from '../../shared/ipc/types.ts';
import type { Envelope } from '../../shared/session/events.ts';

/** One message a frame, whatever the number of events: a flood of deltas must not flood the window. */
const frameMs = 16;

/** Gathers what happens on all streams of one window and sends it in order, once a frame. */
export function createBatcher(send: (batch: EventBatch) => void) {
  let pending = new Map<string, (Envelope | AppEnvelope)[]>();
  let timer: NodeJS.Timeout | undefined;

  const flush = () => {
    timer = undefined;
    const batches = [...pending].map(([stream, envelopes]) => ({ stream, envelopes }) as StreamBatch);
    pending = new Map();
    if (batches.length > 0) send({ batches });
  };

  return {
    push(stream: string, envelope: Envelope | AppEnvelope): void {
      const queue = pending.get(stream);
      if (queue) queue.push(envelope);
      else pending.set(stream, [envelope]);
      timer ??= setTimeout(flush, frameMs);
    },
    stop(): void {
      clearTimeout(timer);
      pending.clear();
    },
  };
}

export type Batcher = ReturnType<typeof createBatcher>;
