import { join } from 'node:path';
import { reduceApp } from '../shared/app/reduce.ts';
import type { AppEnvelope, AppEvent, AppSnapshot, AppState, SessionSummary } from '../shared/app/state.ts';
import { catalogueDate, catalogueSource } from './model/catalogue.ts';

/** Electron older than this is the runtime that development falls back to, never what a user gets. */
const oldestShippedElectron = 40;

export function runtimeOf(userDataDir: string, versions?: { app: string; electron?: string }): AppState['runtime'] {
  const electron = versions?.electron;
  return {
    version: versions?.app ?? '',
    ...(electron ? { electron } : {}),
    testRuntime: electron !== undefined && Number.parseInt(electron, 10) < oldestShippedElectron,
    dataDir: userDataDir,
    sampleDir: join(userDataDir, 'sample'),
    catalogue: { date: catalogueDate, source: catalogueSource },
  };
}

/** Before anything is listed or found. */
export const firstState = (known: Pick<AppState, 'settings' | 'model' | 'secrets' | 'runtime'>): AppState => ({
  ...known,
  sessions: {},
  approvals: [],
  notices: [],
  stores: [],
  sandbox: { state: 'checking' },
});

/**
 * The app stream: what the window shows beside sessions. A projection that is never stored; a new epoch each start, so that a window
 * can tell an old snapshot from a new one.
 */
export class AppStream {
  readonly #epoch: string;
  #seq = 0;
  /** Without `#rows`. */
  #state: AppState;
  /** What sessions have told of themselves since the state was looked at: taking up each row costs as much as there are sessions. */
  readonly #rows = new Map<string, SessionSummary>();
  readonly #subscribers = new Set<(envelope: AppEnvelope) => void>();

  constructor(epoch: string, state: AppState) {
    this.#epoch = epoch;
    this.#state = state;
  }

  readonly emit = (event: AppEvent): void => {
    this.#seq += 1;
    if (event.type === 'session.listed') this.#rows.set(event.session.id, event.session);
    else this.#state = reduceApp(this.state, event);
    const envelope = { epoch: this.#epoch, seq: this.#seq, event };
    for (const subscriber of [...this.#subscribers]) subscriber(envelope);
  };

  get state(): AppState {
    if (this.#rows.size > 0) {
      const sessions = [...this.#rows.values()];
      this.#rows.clear();
      this.#state = reduceApp(this.#state, { type: 'sessions.listed', sessions, approvals: [] });
    }
    return this.#state;
  }

  snapshot(): AppSnapshot {
    return { epoch: this.#epoch, seq: this.#seq, state: this.state };
  }

  subscribe(subscriber: (envelope: AppEnvelope) => void): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }
}
