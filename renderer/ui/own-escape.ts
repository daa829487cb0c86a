import type { KeyboardEvent } from 'react';

/** Props for a form in a dialog: Escape leaves the form and not the dialog, which knows such a form by its mark. */
export const ownEscape = (leave: () => void) => ({
  'data-own-escape': '',
  onKeyDown: (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
    // React also tells of keys in lists that this form opened elsewhere on the page; those close themselves.
    if (!(event.target instanceof Node) || !event.currentTarget.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    leave();
  },
});
