import { useUi } from '../state/ui-store.ts';
import { isMac } from '../ui/key-names.ts';
import { commands, goToTab } from './commands.ts';

export interface Keys {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Whether a key press is this shortcut, such as `Mod+Shift+P`. */
export function isPressed(shortcut: string, event: Keys, mac: boolean): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const mod = parts.includes('Mod');
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    event.ctrlKey === (parts.includes('Ctrl') || (mod && !mac)) &&
    event.metaKey === (mod && mac) &&
    event.shiftKey === parts.includes('Shift') &&
    event.altKey === parts.includes('Alt')
  );
}

/** While a dialog is open only the palette's own keys work behind it, and they close it. */
const worksInDialog = (id: string): boolean => id === 'palette' && useUi.getState().dialog === 'palette';

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const { dialog, question } = useUi.getState();
  const modal = dialog !== undefined || question !== undefined;
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : undefined;
  if (!modal && digit !== undefined && isPressed(`Mod+${digit}`, event, isMac)) {
    event.preventDefault();
    goToTab(digit);
    return;
  }
  const command = commands.find(({ keys, moreKeys }) =>
    [keys, ...(moreKeys ?? [])].some((shortcut) => shortcut !== undefined && isPressed(shortcut, event, isMac)),
  );
  if (!command || (modal && !worksInDialog(command.id))) return;
  event.preventDefault();
  if (!command.when || command.when()) command.run();
}

/** Listens for the shortcuts of the whole window. */
export const installShortcuts = (): void => window.addEventListener('keydown', onKeyDown);
