import { focusComposer, openTab } from '../state/ui-store.ts';

/** Shows a session and gives its composer the focus, now or once it is there: a composer takes a focus that nobody has. */
export function goToSession(id: string): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  openTab(id);
  focusComposer();
}

/** A dialog that closes gives the focus back in the next frame; what shall have it instead comes after. */
export const afterDialog = (run: () => void): void => {
  requestAnimationFrame(() => requestAnimationFrame(run));
};
