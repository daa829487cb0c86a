import { create } from 'zustand';
import { reduceApp } from '../../shared/app/reduce.ts';
import type { AppEnvelope, AppSnapshot, AppState } from '../../shared/app/state.ts';
import type { Failure } from '../../shared/errors.ts';
import { alwaysAsk } from '../../shared/permissions/confirmation.ts';

export type AppReplica =
  | { phase: 'loading' }
  | { phase: 'failed'; failure: Failure }
  | ({ phase: 'ready' } & AppSnapshot);

/** The app stream's replica; only the connection writes it. */
export const useAppReplica = create<AppReplica>()(() => ({ phase: 'loading' }));

/** A window shows nothing of the workbench before the snapshot; this stands in so that selectors stay total. */
const nothingYet: AppState = {
  sessions: {},
  approvals: [],
  settings: {
    theme: 'system',
    defaultMode: 'manual',
    defaultConfirmation: alwaysAsk,
    profiles: [],
    rules: { allow: [], ask: [], deny: [] },
    workspaceRules: {},
    notifications: true,
    modelTitles: true,
    environment: [],
    skillsOff: [],
    skillsOn: [],
    agentsManageSkills: false,
    sandbox: { enabled: true, autoAllow: false, domains: [], folders: [] },
    memory: false,
  },
  model: { state: 'searching', choices: [] },
  secrets: 'unavailable',
  notices: [],
  stores: [],
  sandbox: { state: 'checking' },
  runtime: { version: '', testRuntime: false, dataDir: '', sampleDir: '', catalogue: { date: '', source: '' } },
};

export const appState = (): AppState => stateOf(useAppReplica.getState());

const stateOf = (replica: AppReplica): AppState => (replica.phase === 'ready' ? replica.state : nothingYet);

/** What the workbench tells beside sessions. A selector that builds a new object needs `useShallow`. */
export function useApp<T>(selector: (state: AppState) => T): T {
  return useAppReplica((replica) => selector(stateOf(replica)));
}

type ReadyReplica = Extract<AppReplica, { phase: 'ready' }>;

/** Applies live envelopes in order; `undefined` after a gap or a new epoch: open the stream anew. */
export function applyApp(replica: ReadyReplica, envelopes: readonly AppEnvelope[]): ReadyReplica | undefined {
  let { seq, state } = replica;
  for (const envelope of envelopes) {
    if (envelope.epoch !== replica.epoch) return undefined;
    if (envelope.seq <= seq) continue;
    if (envelope.seq !== seq + 1) return undefined;
    state = reduceApp(state, envelope.event);
    seq = envelope.seq;
  }
  return seq === replica.seq ? replica : { ...replica, seq, state };
}
