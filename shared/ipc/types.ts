import type { AppEnvelope } from '../app/state.ts';
import type { Result } from '../errors.ts';
import type { Envelope } from '../session/events.ts';

/** All that has happened on one stream since the last batch, in order. */
export type StreamBatch = { stream: 'app'; envelopes: AppEnvelope[] } | { stream: string; envelopes: Envelope[] };

/** One message from main to a window: at most one a frame. */
export interface EventBatch {
  batches: StreamBatch[];
}

/** What the preload gives the renderer as `window.workbench`; nothing else crosses. */
export interface Bridge {
  /** Never rejects; what went wrong is in the result. */
  request(route: string, input: unknown): Promise<Result<unknown>>;
  /** Returns the function that ends the subscription. */
  onEvents(listener: (batch: EventBatch) => void): () => void;
}
