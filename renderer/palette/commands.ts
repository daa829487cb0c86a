import { isBusy } from '../../shared/session/selectors.ts';
import { cancelRun, exportSession, forkSession, importSession, pauseSession, resumeSession } from '../actions.ts';
import { focusNewestApproval } from '../approvals/approval-focus.ts';
import { archive } from '../sessions/archive.ts';
import { clear } from '../sessions/session-menu.tsx';
import { appState } from '../state/app-store.ts';
import {
  askAbout,
  closeTab,
  cycleDensity,
  cycleTab,
  focusComposer,
  moveTab,
  openTab,
  reopenTab,
  showDialog,
  showInspector,
  showNewSession,
  showSettings,
  toggleInspector,
  toggleSidebar,
  useUi,
} from '../state/ui-store.ts';
import { toast } from '../ui/toast-store.ts';

/** In the order in which they are listed. */
export const commandGroups = ['Sessions', 'View', 'Workbench'] as const;

export interface Command {
  id: string;
  label: string;
  group: (typeof commandGroups)[number];
  /** As `Kbd` takes them; `Mod` is Command on a Mac, Ctrl elsewhere. */
  keys?: string;
  /** More keys that do the same; not shown. */
  moreKeys?: string[];
  /** Absent means always. */
  when?: () => boolean;
  run: () => void;
}

const active = () => useUi.getState().activeTab;
const withActive = (use: (id: string) => void) => () => {
  const id = active();
  if (id !== undefined) use(id);
};
const hasActive = () => active() !== undefined;
const activeIsPaused = () => appState().sessions[active() ?? '']?.paused === true;
const activeIsBusy = () => isBusy(appState().sessions[active() ?? '']?.status ?? 'idle');

/** Everything that can be called by name or by key, in the order in which it is listed. */
export const commands: readonly Command[] = [
  {
    id: 'session.new',
    label: 'New session…',
    group: 'Sessions',
    keys: 'Mod+N',
    moreKeys: ['Mod+T'],
    run: () => showNewSession(),
  },
  {
    id: 'session.stop',
    label: 'Stop the run',
    group: 'Sessions',
    when: activeIsBusy,
    run: withActive((id) => void cancelRun(id)),
  },
  {
    id: 'session.pause',
    label: 'Pause after this turn',
    group: 'Sessions',
    when: () => hasActive() && !activeIsPaused(),
    run: withActive((id) => void pauseSession(id)),
  },
  {
    id: 'session.resume',
    label: 'Resume',
    group: 'Sessions',
    when: activeIsPaused,
    run: withActive((id) => void resumeSession(id)),
  },
  {
    id: 'session.fork',
    label: 'Fork session',
    group: 'Sessions',
    when: hasActive,
    run: withActive((id) => void forkSession(id)),
  },
  {
    id: 'session.clear',
    label: 'Clear conversation',
    group: 'Sessions',
    when: () => hasActive() && !activeIsBusy(),
    run: withActive((id) => void clear(id)),
  },
  {
    id: 'session.rename',
    label: 'Rename session…',
    group: 'Sessions',
    when: hasActive,
    run: withActive((id) => askAbout('rename', id)),
  },
  {
    id: 'session.budget',
    label: 'Budget of the session…',
    group: 'Sessions',
    when: hasActive,
    run: withActive((id) => askAbout('budget', id)),
  },
  {
    id: 'session.confirmation',
    label: 'Confirmation of the session…',
    group: 'Sessions',
    when: hasActive,
    run: withActive((id) => askAbout('confirmation', id)),
  },
  {
    id: 'session.compact',
    label: 'Compact the context…',
    group: 'Sessions',
    when: hasActive,
    run: withActive((id) => askAbout('compact', id)),
  },
  {
    id: 'session.delete',
    label: 'Delete session…',
    group: 'Sessions',
    when: hasActive,
    run: withActive((id) => askAbout('delete', id)),
  },
  {
    id: 'search',
    label: 'Search all transcripts…',
    group: 'Sessions',
    keys: 'Mod+Shift+F',
    run: () => showDialog('search'),
  },
  {
    id: 'session.export',
    label: 'Export session as Markdown…',
    group: 'Sessions',
    when: hasActive,
    run: withActive((id) => void exportSession(id, 'markdown')),
  },
  {
    id: 'session.exportJson',
    label: 'Export session as JSON…',
    group: 'Sessions',
    when: hasActive,
    run: withActive((id) => void exportSession(id, 'json')),
  },
  { id: 'session.import', label: 'Import session…', group: 'Sessions', run: () => void importSession() },
  {
    id: 'session.archive',
    label: 'Archive session',
    group: 'Sessions',
    when: () => hasActive() && !activeIsBusy(),
    run: withActive((id) => void archive({ id, title: appState().sessions[id]?.title ?? '' })),
  },
  { id: 'tab.close', label: 'Close tab', group: 'Sessions', keys: 'Mod+W', when: hasActive, run: withActive(closeTab) },
  { id: 'tab.reopen', label: 'Reopen closed tab', group: 'Sessions', keys: 'Mod+Shift+T', run: reopenTab },
  { id: 'tab.next', label: 'Next tab', group: 'Sessions', keys: 'Ctrl+Tab', run: () => cycleTab(1) },
  { id: 'tab.previous', label: 'Previous tab', group: 'Sessions', keys: 'Ctrl+Shift+Tab', run: () => cycleTab(-1) },
  {
    id: 'tab.moveRight',
    label: 'Move tab right',
    group: 'Sessions',
    keys: 'Ctrl+Shift+PageDown',
    when: hasActive,
    run: withActive((id) => moveTab(id, useUi.getState().tabs.indexOf(id) + 1)),
  },
  {
    id: 'tab.moveLeft',
    label: 'Move tab left',
    group: 'Sessions',
    keys: 'Ctrl+Shift+PageUp',
    when: hasActive,
    run: withActive((id) => moveTab(id, useUi.getState().tabs.indexOf(id) - 1)),
  },
  {
    id: 'prompt.focus',
    label: 'Write a prompt',
    group: 'Sessions',
    keys: 'Mod+L',
    when: hasActive,
    run: focusComposer,
  },
  { id: 'approvals.show', label: 'Go to approvals', group: 'View', keys: 'Mod+Shift+J', run: goToApprovals },
  { id: 'view.sidebar', label: 'Toggle session list', group: 'View', keys: 'Mod+B', run: toggleSidebar },
  { id: 'view.inspector', label: 'Toggle inspector', group: 'View', keys: 'Mod+.', run: toggleInspector },
  {
    id: 'view.density',
    label: 'Transcript density: normal, verbose, summary',
    group: 'View',
    keys: 'Mod+O',
    run: changeDensity,
  },
  {
    id: 'palette',
    label: 'Command palette…',
    group: 'Workbench',
    keys: 'Mod+K',
    moreKeys: ['Mod+Shift+P'],
    run: () => showDialog(useUi.getState().dialog === 'palette' ? undefined : 'palette'),
  },
  { id: 'settings', label: 'Settings…', group: 'Workbench', keys: 'Mod+,', run: () => showDialog('settings') },
  { id: 'rules', label: 'Permission rules…', group: 'Workbench', run: () => showSettings('permissions') },
  { id: 'decisions', label: 'Decision log…', group: 'Workbench', run: () => showDialog('decisions') },
  { id: 'models', label: 'Models…', group: 'Workbench', run: () => showSettings('models') },
  { id: 'skills', label: 'Skills…', group: 'Workbench', run: () => showSettings('skills') },
  { id: 'memory', label: 'Memory…', group: 'Workbench', run: () => showSettings('memory') },
  { id: 'costs', label: 'Costs…', group: 'Workbench', run: () => showSettings('costs') },
  {
    id: 'shortcuts',
    label: 'Keyboard shortcuts…',
    group: 'Workbench',
    keys: 'Mod+/',
    run: () => showDialog('shortcuts'),
  },
];

/** Shows the tab at a place counted from 1; 9 is the last one. */
export function goToTab(place: number): void {
  const { tabs } = useUi.getState();
  const id = place === 9 ? tabs.at(-1) : tabs[place - 1];
  if (id !== undefined) openTab(id);
}

function changeDensity(): void {
  cycleDensity();
  toast({ level: 'info', text: `Transcript: ${useUi.getState().density}` });
}

/** The person asked for it, so the focus may go to the queue. */
function goToApprovals(): void {
  if (focusNewestApproval()) return;
  showInspector('approvals');
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-label="Approval queue"]')?.focus());
}
