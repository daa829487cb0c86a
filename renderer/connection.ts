import type { AppEnvelope, AppSnapshot } from '../shared/app/state.ts';
import { type Failure, fail, type Result, toFailure } from '../shared/errors.ts';
import { appStream } from '../shared/ipc/channels.ts';
import type { Input, Output, Route } from '../shared/ipc/contract.ts';
import type { Bridge, EventBatch, StreamBatch } from '../shared/ipc/types.ts';
import type { Envelope } from '../shared/session/events.ts';
import { applyEnvelopes } from '../shared/session/replica.ts';
import type { SessionState } from '../shared/session/state.ts';
import { type AppReplica, applyApp, useAppReplica } from './state/app-store.ts';
import { type Replica, useReplicas } from './state/replicas.ts';

declare global {
  interface Window {
    /** Absent only where the preload did not run. */
    workbench?: Bridge;
  }
}

/** A snapshot that lags behind its own stream this often in a row means that the stream is broken, not unlucky. */
const openAttempts = 5;

type SessionStream = { envelopes: Envelope[] };

let bridge: Bridge | undefined;
/** Envelopes that arrived while the snapshot they follow is on its way. Present exactly while an open is under way. */
const opening = new Map<string, SessionStream>();
let appOpening: AppEnvelope[] | undefined;

/** Asks the main process. Never rejects. */
export async function request<R extends Route>(route: R, input: Input<R>): Promise<Result<Output<R>>> {
  if (!bridge) return fail('internal', 'The window is not connected to the workbench.', 'Reload the window.');
  try {
    return (await bridge.request(route, input)) as Result<Output<R>>;
  } catch (thrown) {
    return { ok: false, error: toFailure(thrown) };
  }
}

/** Subscribes to events, then opens the app stream. Resolves when the first snapshot is there or has failed. */
export async function connect(to: Bridge): Promise<() => void> {
  bridge = to;
  const unsubscribe = to.onEvents(receive);
  await openApp();
  return () => {
    unsubscribe();
    bridge = undefined;
    opening.clear();
    appOpening = undefined;
  };
}

/** Opens the app stream (again). Streams of an earlier epoch are opened anew with it. */
export async function openApp(): Promise<void> {
  if (appOpening) return;
  for (let attempt = 1; ; attempt += 1) {
    const buffer: AppEnvelope[] = [];
    appOpening = buffer;
    const answer = await request('app.open', {});
    appOpening = undefined;
    if (!answer.ok) return failApp(answer.error);
    if (adoptApp(answer.value, buffer)) return;
    if (attempt === openAttempts) return failApp(lagging('The list of sessions'));
  }
}

function adoptApp(snapshot: AppSnapshot, buffer: AppEnvelope[]): boolean {
  const before = useAppReplica.getState();
  const next = applyApp({ phase: 'ready', ...snapshot }, buffer);
  if (!next) return false;
  useAppReplica.setState(next, true);
  if (before.phase === 'ready' && before.epoch !== snapshot.epoch) {
    for (const id of Object.keys(useReplicas.getState().replicas)) void openSession(id);
  }
  return true;
}

function failApp(failure: Failure): void {
  // What was shown stays; only a window that never had anything shows the failure whole.
  useAppReplica.setState((now: AppReplica) => (now.phase === 'ready' ? now : { phase: 'failed', failure }), true);
}

/** Opens a session's replica, or opens it anew; what it showed stays until the new snapshot is there. */
export async function openSession(id: string): Promise<void> {
  if (opening.has(id)) return;
  setReplica(id, (now) => (now?.phase === 'ready' ? now : { phase: 'loading' }));
  for (let attempt = 1; ; attempt += 1) {
    const buffer: SessionStream = { envelopes: [] };
    opening.set(id, buffer);
    const answer = await request('session.open', { sessionId: id });
    // Closed, or closed and opened anew, while the answer was on its way.
    if (opening.get(id) !== buffer) return;
    opening.delete(id);
    if (!answer.ok) return setReplica(id, () => ({ phase: 'failed', failure: answer.error }));
    const state = applyEnvelopes(answer.value, buffer.envelopes);
    if (state) return setReplica(id, () => ({ phase: 'ready', state }));
    if (attempt === openAttempts) return setReplica(id, () => ({ phase: 'failed', failure: lagging('This session') }));
  }
}

/** Ends the subscription and forgets the replica. */
export async function closeSession(id: string): Promise<void> {
  opening.delete(id);
  if (!useReplicas.getState().replicas[id]) return;
  setReplica(id, () => undefined);
  await request('session.close', { sessionId: id });
}

const lagging = (what: string): Failure => ({
  code: 'internal',
  message: `${what} could not be brought up to date.`,
  hint: 'Reload the window.',
});

function setReplica(id: string, change: (now: Replica | undefined) => Replica | undefined): void {
  useReplicas.setState(({ replicas }) => {
    const { [id]: now, ...others } = replicas;
    const next = change(now);
    return { replicas: next ? { ...others, [id]: next } : others };
  });
}

function receive({ batches }: EventBatch): void {
  const ready: Record<string, SessionState> = {};
  for (const batch of batches) {
    if (isAppBatch(batch)) receiveApp(batch.envelopes);
    else receiveSession(batch.stream, batch.envelopes, ready);
  }
  const ids = Object.keys(ready);
  if (ids.length === 0) return;
  useReplicas.setState(({ replicas }) => {
    const next = { ...replicas };
    for (const id of ids) next[id] = { ...replicas[id], phase: 'ready', state: ready[id]! };
    return { replicas: next };
  });
}

const isAppBatch = (batch: StreamBatch): batch is Extract<StreamBatch, { stream: 'app' }> => batch.stream === appStream;

function receiveApp(envelopes: AppEnvelope[]): void {
  if (appOpening) return void appOpening.push(...envelopes);
  const now = useAppReplica.getState();
  if (now.phase !== 'ready') return;
  const next = applyApp(now, envelopes);
  if (!next) return void openApp();
  if (next !== now) useAppReplica.setState(next, true);
}

function receiveSession(id: string, envelopes: Envelope[], ready: Record<string, SessionState>): void {
  const buffer = opening.get(id);
  if (buffer) return void buffer.envelopes.push(...envelopes);
  const replica = useReplicas.getState().replicas[id];
  // A batch that was on its way when the session was closed.
  if (replica?.phase !== 'ready') return;
  const next = applyEnvelopes(ready[id] ?? replica.state, envelopes);
  if (next) ready[id] = next;
  else void openSession(id);
}
