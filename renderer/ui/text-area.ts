import type { KeyboardEvent } from 'react';

export const areaLook =
  'block w-full min-w-0 resize-y rounded-md border border-border-strong bg-bg px-2 py-1.5 text-base text-text ' +
  'focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-red';

/** A key that belongs to an input method, not to us. Some of them end a word with a key press that looks ordinary but for its code. */
export const isComposing = (event: KeyboardEvent): boolean =>
  event.nativeEvent.isComposing || event.nativeEvent.keyCode === 229;
