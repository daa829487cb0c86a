import type { Id } from '../ids.ts';
import type { AppEvent, AppState, StoreHealth } from './state.ts';

/** Pure; used by the main process to keep the snapshot and by the renderer to follow it. */
export function reduceApp(state: AppState, event: AppEvent): AppState {
  switch (event.type) {
    case 'session.listed':
      return { ...state, sessions: { ...state.sessions, [event.session.id]: event.session } };
    case 'sessions.listed': {
      // A thousand at a start: `Object.fromEntries` would take ten times as long.
      const sessions = { ...state.sessions };
      for (const session of event.sessions) sessions[session.id] = session;
      return { ...state, sessions, approvals: event.approvals.reduce(upsert, state.approvals) };
    }
    case 'session.unlisted': {
      const { [event.id]: _gone, ...sessions } = state.sessions;
      return { ...state, sessions };
    }
    case 'approval.listed':
      return { ...state, approvals: upsert(state.approvals, event.approval) };
    case 'approval.unlisted':
      return { ...state, approvals: without(state.approvals, event.id) };
    case 'store.healthy':
      return withStore(state, { store: event.store });
    case 'persistence.failed':
      return withStore(state, { store: event.store, problem: event.reason });
    case 'settings.changed':
      return { ...state, settings: event.settings };
    case 'model.changed':
      return { ...state, model: event.model };
    case 'secrets.changed':
      return { ...state, secrets: event.secrets };
    case 'sandbox.changed':
      return { ...state, sandbox: event.sandbox };
    case 'session.focused':
      return { ...state, focus: event.focus };
    case 'notice.listed':
      return { ...state, notices: upsert(state.notices, event.notice) };
    case 'notice.unlisted':
      return { ...state, notices: without(state.notices, event.id) };
  }
}

const withStore = (state: AppState, health: StoreHealth): AppState => ({
  ...state,
  stores: state.stores.some(({ store }) => store === health.store)
    ? state.stores.map((known) => (known.store === health.store ? health : known))
    : [...state.stores, health],
});

const without = <T extends { id: Id }>(list: T[], id: Id): T[] => list.filter((entry) => entry.id !== id);

/** Keeps the place of an entry that is already there. */
const upsert = <T extends { id: Id }>(list: T[], entry: T): T[] =>
  list.some((old) => old.id === entry.id) ? list.map((old) => (old.id === entry.id ? entry : old)) : [...list, entry];
