import type { SessionSummary } from '../../shared/app/state.ts';
import { archiveSession } from '../actions.ts';
import { closeTab, openTab, useUi } from '../state/ui-store.ts';
import { toast } from '../ui/toast-store.ts';

/** Takes a session out of the lists and its tab away; for a few seconds a message offers to take that back. */
export async function archive({ id, title }: Pick<SessionSummary, 'id' | 'title'>): Promise<void> {
  const wasOpen = useUi.getState().tabs.includes(id);
  const answer = await archiveSession(id, true);
  if (!answer.ok) return;
  closeTab(id);
  const undo = async () => {
    const back = await archiveSession(id, false);
    if (back.ok && wasOpen) openTab(id);
  };
  toast({ level: 'info', text: `“${title}” is archived.`, action: { label: 'Undo', run: () => void undo() } });
}
