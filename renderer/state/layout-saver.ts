import type { Layout } from '../../shared/ipc/contract.ts';
import { request } from '../connection.ts';
import { type UiState, useUi } from './ui-store.ts';

const saveDelayMs = 400;

const layoutOf = (ui: UiState): Layout => ({
  tabs: ui.tabs,
  activeTab: ui.activeTab,
  drafts: ui.drafts,
  sidebarOpen: ui.sidebarOpen,
  listOrder: ui.listOrder,
  inspectorOpen: ui.inspectorOpen,
  inspectorTab: ui.inspectorTab,
  panes: ui.panes,
  collapsed: ui.collapsed,
});

/** Reads the saved layout; without one the window starts with the defaults. */
export async function loadLayout(): Promise<void> {
  const answer = await request('layout.load', {});
  useUi.setState(answer.ok ? { ...answer.value, loaded: true } : { loaded: true });
}

/** Saves the layout shortly after it changes, and at once when the window goes away. Returns the function that ends this. */
export function keepLayoutSaved(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    void request('layout.save', layoutOf(useUi.getState()));
  };
  const flush = () => {
    if (timer !== undefined) save();
  };
  const unsubscribe = useUi.subscribe((now, before) => {
    if (!before.loaded || sameLayout(now, before)) return;
    timer ??= setTimeout(save, saveDelayMs);
  });
  window.addEventListener('pagehide', flush);
  window.addEventListener('blur', flush);
  return () => {
    unsubscribe();
    flush();
    window.removeEventListener('pagehide', flush);
    window.removeEventListener('blur', flush);
  };
}

function sameLayout(a: UiState, b: UiState): boolean {
  const [one, other] = [layoutOf(a), layoutOf(b)];
  return (Object.keys(one) as (keyof Layout)[]).every((key) => one[key] === other[key]);
}
