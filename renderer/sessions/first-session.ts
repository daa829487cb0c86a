import type { AppSnapshot, SessionSummary } from '../../shared/app/state.ts';
import { focusApproval } from '../approvals/approval-focus.ts';
import { useAppReplica } from '../state/app-store.ts';
import { openTab, useUi } from '../state/ui-store.ts';
import { goToSession } from './go-to-session.ts';

/**
 * Which wish was fulfilled, so that a reload brings back what was shown and not what was once wished. The history outlives a reload,
 * too, and unlike the session's storage it costs the first picture nothing.
 */
const fulfilled = (): unknown => (history.state as { wish?: unknown } | null)?.wish;

const newestRoot = (sessions: Record<string, SessionSummary>): SessionSummary | undefined =>
  Object.values(sessions)
    .filter((session) => session.parentId === undefined && !session.archived)
    .sort((a, b) => b.createdAt - a.createdAt)[0];

/**
 * Shows the session that the workbench wants brought up (made at first start, for a folder on the command line), and the newest one
 * in a window that has no tab yet. Returns the function that ends this.
 */
export function showFirstSession(): () => void {
  const follow = () => {
    const replica = useAppReplica.getState();
    const { loaded, tabs, closedTabs } = useUi.getState();
    if (replica.phase !== 'ready' || !loaded) return;
    if (bringUp(replica)) return;
    const newest = newestRoot(replica.state.sessions);
    if (tabs.length === 0 && closedTabs.length === 0 && newest) openTab(newest.id);
  };
  follow();
  const endApp = useAppReplica.subscribe(follow);
  const endUi = useUi.subscribe((now, before) => now.loaded !== before.loaded && follow());
  return () => {
    endApp();
    endUi();
  };
}

function bringUp({ epoch, state }: AppSnapshot): boolean {
  const { focus } = state;
  if (!focus || !state.sessions[focus.id]) return false;
  const wish = `${epoch} ${focus.count}`;
  if (fulfilled() === wish) return false;
  history.replaceState({ wish }, '');
  if (focus.approvalId === undefined) goToSession(focus.id);
  else {
    // The focus goes to the card, and the composer must not take it back.
    openTab(focus.id);
    focusApproval(focus.approvalId);
  }
  return true;
}
