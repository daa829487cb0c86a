export const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);

const macNames: Record<string, string> = { Mod: '⌘', Ctrl: '⌃', Shift: '⇧', Alt: '⌥', Enter: '↩', Esc: 'esc' };

/** The keys of a shortcut as this machine's keyboard names them: `Mod` is Command on a Mac, Ctrl elsewhere. */
export const keyNames = (keys: string): string[] =>
  keys.split('+').map((key) => (isMac ? (macNames[key] ?? key) : key === 'Mod' ? 'Ctrl' : key));

/** A shortcut as it stands in a sentence: `⌘↩`, `Ctrl+Enter`. */
export const keysText = (keys: string): string => keyNames(keys).join(isMac ? '' : '+');
