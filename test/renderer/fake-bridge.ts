import type { AppEnvelope, AppEvent, AppSnapshot, AppState } from '../../shared/app/state.ts';
import { fail, ok, type Result } from '../../shared/errors.ts';
import { appStream } from '../../shared/ipc/channels.ts';
import type { Bridge, EventBatch } from '../../shared/ipc/types.ts';
import { alwaysAsk } from '../../shared/permissions/confirmation.ts';
import type { Envelope, SessionEvent } from '../../shared/session/events.ts';
import { emptySession, reduceSession } from '../../shared/session/reduce.ts';
import { newestWindow } from '../../shared/session/replica.ts';
import type { SessionState } from '../../shared/session/state.ts';

const emptyApp: AppState = {
  sessions: {},
  approvals: [],
  settings: {
    theme: 'system',
    defaultMode: 'manual',
    defaultConfirmation: alwaysAsk,
    profiles: [],
    rules: { allow: [], ask: [], deny: [] },
    environment: [],
    skillsOff: [],
    skillsOn: [],
    agentsManageSkills: false,
    sandbox: { enabled: true, autoAllow: false, domains: [], folders: [] },
    memory: false,
    workspaceRules: {},
    notifications: true,
    modelTitles: true,
  },
  model: { state: 'ready', choices: [] },
  secrets: 'memory',
  notices: [],
  stores: [],
  sandbox: { state: 'checking' },
  runtime: {
    version: '1',
    testRuntime: false,
    dataDir: '/data',
    sampleDir: '/data/sample',
    catalogue: { date: '2026-01-01', source: 'a package' },
  },
};

/** The other side of the bridge: streams that a test writes, and answers that it can hold back. */
export function createFakeBridge() {
  const listeners = new Set<(batch: EventBatch) => void>();
  const requests: { route: string; input: unknown }[] = [];
  const held: { route: string; release: () => void }[] = [];
  const sessions = new Map<string, SessionState>();
  const app: AppSnapshot = { epoch: 'first', seq: 0, state: emptyApp };
  let holding: string | undefined;

  const answers: Record<string, (input: { sessionId: string; before: number; limit: number }) => Result<unknown>> = {
    'app.open': () => ok({ ...app }),
    'session.open': ({ sessionId }) => {
      const state = sessions.get(sessionId);
      return state ? ok(newestWindow(state)) : fail('notFound', 'No such session.');
    },
    'session.close': () => ok(undefined),
    'session.items': ({ sessionId, before, limit }) =>
      ok({ items: sessions.get(sessionId)?.items.slice(Math.max(0, before - limit), before) ?? [] }),
    'layout.save': () => ok(undefined),
  };

  const bridge: Bridge = {
    onEvents: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    request: (route, input) => {
      requests.push({ route, input });
      const answer = structuredClone(answers[route]?.(input as never) ?? fail('unsupported', route));
      if (route !== holding) return Promise.resolve(answer);
      return new Promise((resolve) => held.push({ route, release: () => resolve(answer) }));
    },
  };

  const send = (batch: EventBatch) => {
    for (const listener of listeners) listener(structuredClone(batch));
  };

  return {
    bridge,
    requests,
    answers,
    session: (id: string) => sessions.get(id) ?? emptySession(id),
    /** Makes a fact of a session; `lost` keeps it from the window. */
    append(id: string, event: SessionEvent, { lost = false } = {}): void {
      const before = sessions.get(id) ?? emptySession(id);
      const envelope: Envelope = { stream: id, seq: before.seq + 1, at: 1000 + before.seq, event };
      sessions.set(id, reduceSession(before, envelope));
      if (!lost) send({ batches: [{ stream: id, envelopes: [envelope] }] });
    },
    emitApp(event: AppEvent, { lost = false, epoch = app.epoch } = {}): void {
      app.seq += 1;
      app.state = { ...app.state, ...(event.type === 'secrets.changed' ? { secrets: event.secrets } : {}) };
      const envelope: AppEnvelope = { epoch, seq: app.seq, event };
      if (!lost) send({ batches: [{ stream: appStream, envelopes: [envelope] }] });
    },
    restart(epoch: string): void {
      app.epoch = epoch;
      app.seq = 0;
    },
    /** Answers of this route wait until `release`. */
    hold: (route: string | undefined) => {
      holding = route;
    },
    release(): void {
      for (const { release } of held.splice(0)) release();
    },
    asked: (route: string) => requests.filter((request) => request.route === route).length,
  };
}

export const prompt = (text: string, id: string): SessionEvent => ({
  type: 'prompt.queued',
  promptId: id,
  text,
  by: 'person',
});
