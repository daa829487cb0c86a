import { closeSession, openSession } from '../connection.ts';
import { useAppReplica } from '../state/app-store.ts';
import { useReplicas } from '../state/replicas.ts';
import { forgetSessions, type UiState, useUi } from '../state/ui-store.ts';

/** How many sessions stay subscribed besides the shown one, so that going back to them is instant. */
const keptOpen = 8;

/**
 * Opens the shown session's replica, keeps those that were shown last, and closes the others: a window with forty tabs starts as
 * fast as one with two. Returns the function that ends this.
 */
export function keepReplicas(): () => void {
  let recent: string[] = [];
  const follow = ({ tabs, activeTab, loaded }: UiState) => {
    if (!loaded) return;
    const wanted = [activeTab, ...recent].filter((id): id is string => id !== undefined && tabs.includes(id));
    recent = [...new Set(wanted)].slice(0, keptOpen + 1);
    const open = useReplicas.getState().replicas;
    if (activeTab !== undefined && !open[activeTab]) void openSession(activeTab);
    for (const id of Object.keys(open)) if (!recent.includes(id)) void closeSession(id);
  };
  follow(useUi.getState());
  return useUi.subscribe((now, before) => {
    if (now.tabs !== before.tabs || now.activeTab !== before.activeTab || now.loaded !== before.loaded) follow(now);
  });
}

/** Closes what was opened for sessions that are no more. */
export function forgetDestroyed(): () => void {
  return useAppReplica.subscribe((now, before) => {
    if (now.phase !== 'ready' || (before.phase === 'ready' && before.state.sessions === now.state.sessions)) return;
    if (useUi.getState().loaded) forgetSessions((id) => now.state.sessions[id] !== undefined);
  });
}
