/** How long keys do nothing after the list moved under the person, in milliseconds. */
export const guardMs = 400;

export type QueueKeyAction = 'allow' | 'deny' | 'edit' | 'later' | 'comment' | 'select' | 'next' | 'previous';

const actions: Record<string, QueueKeyAction> = {
  a: 'allow',
  d: 'deny',
  e: 'edit',
  l: 'later',
  c: 'comment',
  x: 'select',
  j: 'next',
  k: 'previous',
};

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  repeat: boolean;
}

/**
 * What a key means in the queue, if anything. It never acts with a modifier held, when held down, in a text field, or within
 * `guardMs` of a change of the list: what is answered must be what the person looked at. Escape is not among the keys.
 */
export function queueKeyAction(
  press: KeyPress,
  where: { inTextField: boolean; changedAt: number; now: number },
): QueueKeyAction | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || press.repeat || where.inTextField) return undefined;
  const action = actions[press.key.toLowerCase()];
  const moves = action === 'next' || action === 'previous';
  return action && (moves || where.now - where.changedAt >= guardMs) ? action : undefined;
}

/** True in anything that takes typed text. */
export function takesText(element: Element | null): boolean {
  if (!element) return false;
  if (element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) return true;
  if (element instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(element.type);
  return element instanceof HTMLElement && element.isContentEditable;
}
