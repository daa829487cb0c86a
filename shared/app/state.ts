import type { Id } from '../ids.ts';
import type { ConfirmationPolicy } from '../permissions/confirmation.ts';
import type { SandboxStatus } from '../sandbox/sandbox.ts';
import type { Mode, Rules } from '../session/config.ts';
import type { SessionStatus } from '../session/selectors.ts';
import type { ContextMeasure, PendingApproval, Totals } from '../session/state.ts';
import type { Work } from '../session/work.ts';
import type { Settings } from '../settings.ts';

/** One row of the session index: all that lists, trees and tabs need without the session's body. */
export interface SessionSummary {
  id: Id;
  title: string;
  workspace: string;
  parentId?: Id;
  depth: number;
  status: SessionStatus;
  mode: Mode;
  /** Its own rules, where it has any. */
  rules?: Rules;
  /** Its own confirmation policy, where it has one. */
  confirmation?: ConfirmationPolicy;
  profileId?: Id;
  createdAt: number;
  updatedAt: number;
  /** Approvals of this session alone; `setAside` ones apart. */
  waiting: number;
  setAside: number;
  queued: number;
  context?: ContextMeasure;
  totals: Totals;
  work?: Work;
  /** Kept out of the lists until it is brought back. */
  archived?: boolean;
  /** The newest thing it said or does, in one line. */
  activity: string;
  /** No turn begins here until it is resumed; a turn under way may still end. */
  paused?: boolean;
  /** Facts wait in memory because the disk refuses them; says why. */
  unsaved?: string;
  /** Where it is kept, when that is not the disk. */
  store?: string;
  /** Another process of this machine owns it; read-only here. */
  elsewhere?: boolean;
  /** It was deleted, and its files are still there because the disk would not let go of them. */
  destroyed?: boolean;
  /** Its files do not parse; says which and where the damaged part was kept. */
  damaged?: string;
}

/** A pending approval with its place in the tree, root first. */
export interface QueuedApproval extends PendingApproval {
  sessionId: Id;
  path: { id: Id; title: string }[];
  workspace: string;
}

export type ModelSourceKind = 'profile' | 'environment' | 'local' | 'demo';

/** A model that sessions can be given; `demo` is not a language model and must always be labelled so. */
export interface ModelChoice {
  id: Id;
  source: ModelSourceKind;
  name: string;
  model: string;
  baseUrl: string;
  hasKey: boolean;
  contextWindow?: number;
}

export interface ModelStatus {
  /** `searching` while local servers are being looked for at the start. */
  state: 'searching' | 'ready' | 'unconfigured';
  defaultId?: Id;
  choices: ModelChoice[];
  /** What stands in the way, when `unconfigured`. */
  problem?: string;
}

/** Where keys live: `keyring`, or `memory` for this run only because this machine has no keyring. */
export type SecretsHome = 'keyring' | 'memory' | 'unavailable';

export interface AppNotice {
  id: Id;
  level: 'info' | 'warning' | 'error';
  text: string;
  hint?: string;
}

/** Whether a place where sessions are kept takes facts; `problem` says why not. */
export interface StoreHealth {
  store: string;
  problem?: string;
}

/** What the window shows beside sessions. A projection, never stored. */
export interface AppState {
  sessions: Record<Id, SessionSummary>;
  approvals: QueuedApproval[];
  settings: Settings;
  model: ModelStatus;
  secrets: SecretsHome;
  notices: AppNotice[];
  stores: StoreHealth[];
  sandbox: SandboxStatus;
  /** The session a window should bring up: made at first start, for a folder given on the command line, or by a notification. */
  focus?: Focus;
  runtime: {
    version: string;
    electron?: string;
    testRuntime: boolean;
    dataDir: string;
    sampleDir: string;
    /** Of the windows and prices that come with the app: when they were published, as `YYYY-MM-DD`, and by whom. */
    catalogue: { date: string; source: string };
  };
}

/** `count` rises with every wish, so that the same session can be asked for twice. */
export interface Focus {
  id: Id;
  /** The approval to go to in it. */
  approvalId?: Id;
  count: number;
}

export type AppEvent =
  | { type: 'session.listed'; session: SessionSummary }
  /** What a start found, in one go. */
  | { type: 'sessions.listed'; sessions: SessionSummary[]; approvals: QueuedApproval[] }
  | { type: 'session.unlisted'; id: Id }
  | { type: 'approval.listed'; approval: QueuedApproval }
  | { type: 'approval.unlisted'; id: Id }
  /** A store was asked for the first time, or takes facts again. */
  | { type: 'store.healthy'; store: string }
  /** A store refuses facts. They are kept in memory and tried again. */
  | { type: 'persistence.failed'; store: string; reason: string }
  | { type: 'settings.changed'; settings: Settings }
  | { type: 'model.changed'; model: ModelStatus }
  | { type: 'secrets.changed'; secrets: SecretsHome }
  | { type: 'sandbox.changed'; sandbox: SandboxStatus }
  | { type: 'session.focused'; focus: Focus }
  | { type: 'notice.listed'; notice: AppNotice }
  | { type: 'notice.unlisted'; id: Id };

/** `epoch` changes with every start of the main process; a replica of another epoch must be opened anew. */
export interface AppEnvelope {
  epoch: string;
  seq: number;
  event: AppEvent;
}

export interface AppSnapshot {
  epoch: string;
  seq: number;
  state: AppState;
}
