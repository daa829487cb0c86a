import type { SessionSummary } from '../../shared/app/state.ts';
import { appState, useAppReplica } from '../state/app-store.ts';
import { focusComposer, openTab, useUi } from '../state/ui-store.ts';

const newestRoot = (sessions: Record<string, SessionSummary>): SessionSummary | undefined =>
  Object.values(sessions)
    .filter((session) => session.parentId === undefined)
    .sort((a, b) => b.createdAt - a.createdAt)[0];

/**
 * A window without tabs shows the newest session as soon as there is one, and a session that the workbench makes while the window is
 * open (a folder handed over by a second start) is shown at once. Returns the function that ends this.
 */
export function showFirstSession(): () => void {
  const showAny = () => {
    const { loaded, tabs, closedTabs } = useUi.getState();
    const newest = newestRoot(appState().sessions);
    if (!loaded || tabs.length > 0 || closedTabs.length > 0 || !newest) return;
    openTab(newest.id);
    focusComposer();
  };
  showAny();
  const endUi = useUi.subscribe((now, before) => now.loaded !== before.loaded && showAny());
  const endApp = useAppReplica.subscribe((now, before) => {
    if (now.phase !== 'ready') return;
    if (before.phase !== 'ready' || before.epoch !== now.epoch) return showAny();
    if (before.state.sessions === now.state.sessions) return;
    const fresh = Object.values(now.state.sessions).filter(
      (session) => !before.state.sessions[session.id] && session.parentId === undefined && session.elsewhere !== true,
    );
    for (const session of fresh) openTab(session.id);
  });
  return () => {
    endUi();
    endApp();
  };
}
