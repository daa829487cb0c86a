import { create } from 'zustand';
import type { Layout, ListFilter, ListOrder } from '../../shared/ipc/contract.ts';

export type Density = 'normal' | 'verbose' | 'summary';

export type DialogName = 'decisions' | 'settings' | 'palette' | 'shortcuts' | 'newSession' | 'search';

export type SettingsPage = 'models' | 'appearance' | 'permissions' | 'skills' | 'memory' | 'costs' | 'about';

export type InspectorTab = 'approvals' | 'changes' | 'context' | 'timeline' | 'costs';

/** The part of the window's state that is its own. `Layout` is what survives a restart; the rest lives as long as the window. */
export interface UiState extends Layout {
  /** False until the saved layout has been read; nothing is saved before. */
  loaded: boolean;
  dialog: DialogName | undefined;
  settingsPage: SettingsPage;
  /** The folder that the dialog for a new session begins with. */
  newSessionFolder: string | undefined;
  /** What is being asked about one session. */
  question: { about: 'rename' | 'delete' | 'budget' | 'compact' | 'confirmation'; sessionId: string } | undefined;
  /** Too narrow for three columns: the inspector lies over the centre, and only while it is called for. */
  narrow: boolean;
  inspectorOver: boolean;
  density: Density;
  listFilter: ListFilter;
  /** Tabs closed in this window, newest last. */
  closedTabs: string[];
  /** Rises with each wish to type: the composer of the shown session takes the focus. */
  composerFocus: number;
}

export const useUi = create<UiState>()(() => ({
  tabs: [],
  drafts: {},
  sidebarOpen: true,
  listOrder: 'created',
  listFilter: 'all',
  inspectorOpen: true,
  inspectorTab: 'approvals',
  panes: {},
  collapsed: [],
  loaded: false,
  dialog: undefined,
  settingsPage: 'models',
  newSessionFolder: undefined,
  question: undefined,
  narrow: false,
  inspectorOver: false,
  density: 'normal',
  closedTabs: [],
  composerFocus: 0,
}));

const set = useUi.setState;

/** Shows a session, in its tab or in a new one after the shown one. */
export function openTab(id: string): void {
  set(({ tabs, activeTab, closedTabs }) => {
    const after = activeTab === undefined ? tabs.length : tabs.indexOf(activeTab) + 1;
    return {
      tabs: tabs.includes(id) ? tabs : [...tabs.slice(0, after), id, ...tabs.slice(after)],
      activeTab: id,
      closedTabs: closedTabs.filter((closed) => closed !== id),
    };
  });
}

/** Closes a tab; the session goes on. The tab to its right is shown, else the one to its left. */
export function closeTab(id: string): void {
  set(({ tabs, activeTab, closedTabs }) => {
    const place = tabs.indexOf(id);
    if (place < 0) return {};
    const rest = tabs.filter((tab) => tab !== id);
    return {
      tabs: rest,
      activeTab: activeTab === id ? (rest[place] ?? rest[place - 1]) : activeTab,
      closedTabs: [...closedTabs.filter((closed) => closed !== id), id].slice(-20),
    };
  });
}

/** Forgets sessions that are no more. */
export function forgetSessions(isKnown: (id: string) => boolean): void {
  const { tabs, closedTabs, activeTab, drafts, collapsed } = useUi.getState();
  const closed = closedTabs.filter(isKnown);
  const kept = tabs.filter(isKnown);
  const draftIds = Object.keys(drafts).filter(isKnown);
  if (
    kept.length === tabs.length &&
    closed.length === closedTabs.length &&
    draftIds.length === Object.keys(drafts).length &&
    collapsed.every(isKnown)
  )
    return;
  const place = activeTab === undefined ? -1 : tabs.slice(0, tabs.indexOf(activeTab)).filter(isKnown).length;
  set({
    tabs: kept,
    closedTabs: closed,
    activeTab: activeTab !== undefined && isKnown(activeTab) ? activeTab : (kept[place] ?? kept[place - 1]),
    drafts: Object.fromEntries(draftIds.map((id) => [id, drafts[id] ?? ''])),
    collapsed: collapsed.filter(isKnown),
  });
}

export function reopenTab(): void {
  const last = useUi.getState().closedTabs.at(-1);
  if (last !== undefined) openTab(last);
}

/** Shows the tab `step` places further, round the ends. */
export function cycleTab(step: 1 | -1): void {
  const { tabs, activeTab } = useUi.getState();
  if (tabs.length === 0) return;
  const place = activeTab === undefined ? -1 : tabs.indexOf(activeTab);
  const next = tabs[(place + step + tabs.length) % tabs.length];
  if (next !== undefined) openTab(next);
}

/** Puts a tab in another place, counted from 0 and kept within the strip. */
export function moveTab(id: string, place: number): void {
  set(({ tabs }) => {
    const others = tabs.filter((tab) => tab !== id);
    const to = Math.min(Math.max(place, 0), others.length);
    if (others.length === tabs.length || to === tabs.indexOf(id)) return {};
    return { tabs: [...others.slice(0, to), id, ...others.slice(to)] };
  });
}

/** The unsent prompt of a session; empty removes it. */
export function setDraft(id: string, text: string): void {
  set(({ drafts }) => {
    const { [id]: _old, ...others } = drafts;
    return { drafts: text === '' ? others : { ...others, [id]: text } };
  });
}

export const useDraft = (id: string): string => useUi((ui) => ui.drafts[id] ?? '');

export const showDialog = (dialog: DialogName | undefined): void => set({ dialog });

export const showNewSession = (folder?: string): void => set({ dialog: 'newSession', newSessionFolder: folder });

export const showSettings = (settingsPage: SettingsPage): void => set({ dialog: 'settings', settingsPage });

export const askAbout = (
  about: 'rename' | 'delete' | 'budget' | 'compact' | 'confirmation' | undefined,
  sessionId = '',
): void => set({ question: about && { about, sessionId } });

export const setListOrder = (listOrder: ListOrder): void => set({ listOrder });

export const setListFilter = (listFilter: ListFilter): void => set({ listFilter });

const densities: Density[] = ['normal', 'verbose', 'summary'];

export const cycleDensity = (): void =>
  set(({ density }) => ({ density: densities[(densities.indexOf(density) + 1) % densities.length] ?? 'normal' }));

export const toggleSidebar = (): void => set(({ sidebarOpen }) => ({ sidebarOpen: !sidebarOpen }));

export const isInspectorShown = (ui: UiState): boolean => (ui.narrow ? ui.inspectorOver : ui.inspectorOpen);

const withInspector = (ui: UiState, shown: boolean): Partial<UiState> =>
  ui.narrow ? { inspectorOver: shown } : { inspectorOpen: shown };

export const toggleInspector = (): void => set((ui) => withInspector(ui, !isInspectorShown(ui)));

export const showInspector = (inspectorTab: InspectorTab): void =>
  set((ui) => ({ ...withInspector(ui, true), inspectorTab }));

/** Takes the inspector off the centre where it lies over it. */
export const dropInspector = (): void => set({ inspectorOver: false });

/** Which window this is: with three columns, or too narrow for them. */
export const setNarrow = (narrow: boolean): void => set({ narrow, inspectorOver: false });

/** Widths of the side panes in pixels. */
export const setPanes = (panes: Record<string, number>): void => set((now) => ({ panes: { ...now.panes, ...panes } }));

export function setCollapsed(id: string, collapsed: boolean): void {
  set((now) => ({ collapsed: [...now.collapsed.filter((other) => other !== id), ...(collapsed ? [id] : [])] }));
}

/** Asks the shown session's composer to take the focus. */
export const focusComposer = (): void => set(({ composerFocus }) => ({ composerFocus: composerFocus + 1 }));
