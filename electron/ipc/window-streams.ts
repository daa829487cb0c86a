import type { AppSnapshot } from '../../shared/app/state.ts';
import { appStream } from '../../shared/ipc/channels.ts';
import type { EventBatch } from '../../shared/ipc/types.ts';
import type { Envelope } from '../../shared/session/events.ts';
import { newestWindow } from '../../shared/session/replica.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { AppStream } from '../app-stream.ts';
import type { Session, Subscriber } from '../session/session.ts';
import { type Batcher, createBatcher } from './event-batcher.ts';

interface WindowStreams {
  batcher: Batcher;
  /** Ends of subscriptions by stream. */
  open: Map<string, () => void>;
}

/** What each window listens to. A snapshot and its subscription are made in one tick, so nothing falls between. */
export function createWindowStreams(app: AppStream) {
  const windows = new Map<number, WindowStreams>();

  const detach = (windowId: number) => {
    const streams = windows.get(windowId);
    windows.delete(windowId);
    streams?.batcher.stop();
    for (const unsubscribe of streams?.open.values() ?? []) unsubscribe();
  };
  const replace = (windowId: number, stream: string, subscribe: (batcher: Batcher) => () => void) => {
    const streams = windows.get(windowId);
    if (!streams) return;
    streams.open.get(stream)?.();
    streams.open.set(stream, subscribe(streams.batcher));
  };

  return {
    /** A window that loads its page (again) listens to nothing yet. */
    attach(windowId: number, send: (batch: EventBatch) => void): void {
      detach(windowId);
      windows.set(windowId, { batcher: createBatcher(send), open: new Map() });
    },
    detach,

    openApp(windowId: number): AppSnapshot {
      replace(windowId, appStream, ({ push }) => app.subscribe((envelope) => push(appStream, envelope)));
      return app.snapshot();
    },

    openSession(windowId: number, session: Session): SessionState {
      replace(windowId, session.id, ({ push }) =>
        session.subscribe({ envelope: (envelope) => push(session.id, envelope) }),
      );
      return newestWindow(session.state);
    },

    /**
     * For a session that another process runs: when it is opened here later, its envelopes come to the window that shows it, which
     * then sees a gap, or goes on without one. `subscribeAll` tells of every session that is opened from now on.
     */
    followOnceOpened(windowId: number, sessionId: string, subscribeAll: (subscriber: Subscriber) => () => void): void {
      replace(windowId, sessionId, ({ push }) =>
        subscribeAll({ envelope: (envelope) => envelope.stream === sessionId && push(sessionId, envelope) }),
      );
    },

    /** For a session without a subscription here, since another process runs it: its replicas see a gap and are opened anew. */
    poke(sessionId: string, newest: Envelope): void {
      for (const { batcher } of windows.values()) batcher.push(sessionId, newest);
    },

    closeSession(windowId: number, sessionId: string): void {
      const open = windows.get(windowId)?.open;
      open?.get(sessionId)?.();
      open?.delete(sessionId);
    },
  };
}

export type WindowStreamsRegistry = ReturnType<typeof createWindowStreams>;
