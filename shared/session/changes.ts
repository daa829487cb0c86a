import type { Id } from '../ids.ts';
import type { CallItem, Item, MessageItem, PromptItem, SessionHead, SessionState } from './state.ts';

export const withHead = (state: SessionState, changes: Partial<SessionHead>): SessionState => ({
  ...state,
  head: { ...state.head, ...changes },
});

/** Changes nothing where there is no run. */
export const withRun = (state: SessionState, changes: Partial<NonNullable<SessionHead['run']>>): SessionState =>
  state.head.run ? withHead(state, { run: { ...state.head.run, ...changes } }) : state;

export const withItem = (state: SessionState, item: Item): SessionState => ({
  ...state,
  items: [...state.items, item],
});

/** Searches from the end, where the item that an event is about nearly always stands. */
export function updateLast<I extends Item>(
  state: SessionState,
  matches: (item: Item) => item is I,
  change: (item: I) => Item,
): SessionState {
  for (let place = state.items.length - 1; place >= 0; place -= 1) {
    const item = state.items[place];
    if (item && matches(item)) {
      const items = state.items.slice();
      items[place] = change(item);
      return { ...state, items };
    }
  }
  return state;
}

export const updateMessage = (state: SessionState, id: Id, change: (item: MessageItem) => Item): SessionState =>
  updateLast(state, (item): item is MessageItem => item.kind === 'message' && item.id === id, change);

export const updatePrompt = (state: SessionState, id: Id, change: (item: PromptItem) => Item): SessionState =>
  updateLast(state, (item): item is PromptItem => item.kind === 'prompt' && item.id === id, change);

export const updateCall = (state: SessionState, id: Id | undefined, change: (item: CallItem) => Item): SessionState =>
  id === undefined
    ? state
    : updateLast(state, (item): item is CallItem => item.kind === 'call' && item.id === id, change);
