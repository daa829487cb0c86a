import { create } from 'zustand';
import { appState } from '../state/app-store.ts';
import { showInspector, useUi } from '../state/ui-store.ts';

/** The approval whose card shall take the focus as soon as it is on screen; the card clears it. Only a person's wish sets it. */
export const useFocusWish = create<{ approvalId: string | undefined }>()(() => ({ approvalId: undefined }));

/** Goes to an approval: to its card above the composer when its session is shown, else to the queue. */
export function focusApproval(approvalId: string): void {
  const approval = appState().approvals.find((other) => other.id === approvalId);
  const onScreen = approval !== undefined && useUi.getState().activeTab === approval.sessionId;
  if (onScreen && focusCard(approvalId, 'docked')) return;
  showInspector('approvals');
  if (!focusCard(approvalId, 'queue')) useFocusWish.setState({ approvalId });
}

/** Goes to the newest approval of all sessions in the queue; false when none waits. */
export function focusNewestApproval(): boolean {
  const waiting = appState().approvals.filter((approval) => !approval.deferred);
  const newest = waiting.toSorted((a, b) => a.at - b.at).at(-1);
  if (!newest) return false;
  showInspector('approvals');
  if (!focusCard(newest.id, 'queue')) useFocusWish.setState({ approvalId: newest.id });
  return true;
}

export type CardPlace = 'queue' | 'docked';

/** The DOM id of a card: the same approval may be shown in two places. */
export const cardId = (approvalId: string, place: CardPlace): string => `approval-${place}-${approvalId}`;

function focusCard(approvalId: string, place: CardPlace): boolean {
  const card = document.getElementById(cardId(approvalId, place));
  if (!card) return false;
  card.scrollIntoView({ block: 'nearest' });
  card.focus();
  return true;
}
