import { closeSession, openSession } from '../connection.ts';
import { type AppReplica, useAppReplica } from '../state/app-store.ts';
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

/** Closes the tabs of sessions that are no more. Returns the function that ends this. */
export function forgetDestroyed(): () => void {
  const follow = () => {
    const replica = useAppReplica.getState();
    if (replica.phase !== 'ready' || !useUi.getState().loaded) return;
    forgetSessions((id) => replica.state.sessions[id] !== undefined);
  };
  const endApp = useAppReplica.subscribe((now, before) => {
    const sessionsOf = (replica: AppReplica) => (replica.phase === 'ready' ? replica.state.sessions : undefined);
    if (sessionsOf(now) !== sessionsOf(before)) follow();
  });
  const endUi = useUi.subscribe((now, before) => now.loaded !== before.loaded && follow());
  return () => {
    endApp();
    endUi();
  };
}
