import { failureText } from '../shared/errors.ts';
import { BatchDialog } from './approvals/batch-dialog.tsx';
import { openApp } from './connection.ts';
import { DecisionsDialog } from './decisions/decisions-dialog.tsx';
import { CommandPalette } from './palette/command-palette.tsx';
import { ShortcutsDialog } from './palette/shortcuts-dialog.tsx';
import { SearchDialog } from './search/search-dialog.tsx';
import { AppBanners } from './sessions/app-banners.tsx';
import { ApprovalAnnouncer } from './sessions/approval-announcer.tsx';
import { Columns } from './sessions/columns.tsx';
import { NewSessionDialog } from './sessions/new-session-dialog.tsx';
import { SessionDialogs } from './sessions/session-dialogs.tsx';
import { TitleBar } from './sessions/title-bar.tsx';
import { SettingsDialog } from './settings/settings-dialog.tsx';
import { useAppReplica } from './state/app-store.ts';
import { showDialog, useUi } from './state/ui-store.ts';
import { Button } from './ui/button.tsx';
import { EmptyState } from './ui/empty-state.tsx';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { Spinner } from './ui/spinner.tsx';
import { Toasts } from './ui/toasts.tsx';
import { TooltipProvider } from './ui/tooltip.tsx';

// At hand from the start: the first key typed after a dialog's shortcut must find it there, not what lies behind it.
const dialogs = {
  decisions: DecisionsDialog,
  newSession: NewSessionDialog,
  settings: SettingsDialog,
  palette: CommandPalette,
  shortcuts: ShortcutsDialog,
  search: SearchDialog,
};

export function App() {
  const phase = useAppReplica((replica) => replica.phase);
  const loaded = useUi((ui) => ui.loaded);
  return (
    <TooltipProvider>
      <ErrorBoundary what="The window">
        {phase === 'failed' ? <Disconnected /> : phase === 'ready' && loaded ? <Workbench /> : <Starting />}
      </ErrorBoundary>
      <Toasts />
    </TooltipProvider>
  );
}

function Workbench() {
  return (
    <div className="flex h-full flex-col">
      <TitleBar />
      <AppBanners />
      <Columns />
      <ApprovalAnnouncer />
      <SessionDialogs />
      <BatchDialog />
      <OpenDialog />
    </div>
  );
}

function OpenDialog() {
  const name = useUi((ui) => ui.dialog);
  if (name === undefined) return null;
  const Chosen = dialogs[name];
  return <Chosen onClose={() => showDialog(undefined)} />;
}

export const Starting = () => (
  <div role="status" className="late flex h-full items-center justify-center gap-2 text-sm text-muted">
    <Spinner /> Starting…
  </div>
);

function Disconnected() {
  const failure = useAppReplica((replica) => (replica.phase === 'failed' ? replica.failure : undefined));
  return (
    <main className="h-full">
      <h1 className="sr-only">Switchyard</h1>
      <EmptyState title="The workbench did not start." text={failure ? failureText(failure) : ''}>
        <Button variant="primary" onClick={() => void openApp()}>
          Try again
        </Button>
      </EmptyState>
    </main>
  );
}
