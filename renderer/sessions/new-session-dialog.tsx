import { Folder, FolderOpen } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useShallow } from 'zustand/shallow';
import type { AppState } from '../../shared/app/state.ts';
import { type Failure, failureText } from '../../shared/errors.ts';
import { checkFolder, chooseFolder, createSession } from '../actions.ts';
import { appState, useApp } from '../state/app-store.ts';
import { useUi } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogFooter } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { afterDialog, goToSession } from './go-to-session.ts';
import { modeChoices } from './mode-text.ts';
import { choiceName, choiceOf, sourceWords } from './model-text.ts';

const recentShown = 5;

const storeNames: Record<string, string> = { file: 'On disk', memory: 'In memory only' };

/** Asks for the folder, the mode and the model of a new session. */
export function NewSessionDialog({ onClose }: { onClose: () => void }) {
  const recent = useApp(useShallow(recentFolders));
  const model = useApp((app) => app.model);
  const [folder, setFolder] = useState(() => firstFolder(recent));
  const [mode, setMode] = useState(() => appState().settings.defaultMode);
  const [profileId, setProfileId] = useState<string>();
  const stores = useApp((app) => app.stores);
  const [store, setStore] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);

  const pick = (path: string) => {
    setFolder(path);
    setFailure(undefined);
  };
  const browse = async () => {
    const answer = await chooseFolder();
    if (answer.ok && answer.value.path !== undefined) pick(answer.value.path);
  };
  const create = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const checked = await checkFolder(folder.trim());
    const made = checked.ok ? await createSession({ workspace: checked.value.path, mode, profileId, store }) : checked;
    setBusy(false);
    if (!made.ok) return setFailure(made.error);
    onClose();
    afterDialog(() => goToSession(made.value.sessionId));
  };

  return (
    <Dialog title="New session" open onOpenChange={onClose}>
      <form onSubmit={(event) => void create(event)} className="flex min-h-0 flex-col">
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto p-4">
          <div className="flex flex-col gap-2">
            <TextField
              label="Folder"
              placeholder="/path/to/project"
              value={folder}
              autoFocus
              onFocus={(event) => event.target.select()}
              onChange={(event) => pick(event.target.value)}
              error={failure && failureText(failure)}
              hint="The agent reads and works in this folder."
              after={
                <Button onClick={() => void browse()}>
                  <FolderOpen aria-hidden="true" className="size-3.5" /> Browse…
                </Button>
              }
            />
            <RecentFolders folders={recent} chosen={folder} onPick={pick} />
          </div>
          <Choice label="Permissions" text={modeChoices.find((choice) => choice.value === mode)?.description}>
            <Select label="Permissions" value={mode} choices={modeChoices} onChange={setMode} className="w-64" />
          </Choice>
          <Choice label="Model" text={model.problem}>
            <Select
              label="Model"
              value={profileId ?? choiceOf(model, undefined)?.id}
              choices={model.choices.map((choice) => ({
                value: choice.id,
                label: choiceName(choice),
                description:
                  choice.source === 'demo' ? sourceWords.demo : `${choice.model} · ${sourceWords[choice.source]}`,
              }))}
              onChange={setProfileId}
              placeholder={model.state === 'searching' ? 'Looking for models…' : 'No model'}
              className="w-64"
            />
          </Choice>
          {stores.length > 1 && (
            <Choice label="Kept" text={store === 'memory' ? 'Gone when Switchyard quits.' : undefined}>
              <Select
                label="Kept"
                value={store ?? 'file'}
                choices={stores.map((one) => ({ value: one.store, label: storeNames[one.store] ?? one.store }))}
                onChange={setStore}
                className="w-64"
              />
            </Choice>
          )}
        </div>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={folder.trim() === ''}>
            Create session
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

function Choice({ label, text, children }: { label: string; text: string | undefined; children: React.ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <span aria-hidden="true" className="text-sm font-medium">
        {label}
      </span>
      {children}
      {text !== undefined && <p className="text-sm text-muted">{text}</p>}
    </div>
  );
}

function RecentFolders(props: { folders: string[]; chosen: string; onPick: (path: string) => void }) {
  if (props.folders.length === 0) return null;
  return (
    <fieldset aria-label="Recent folders" className="-mx-1 flex min-w-0 flex-col">
      {props.folders.map((path) => (
        <button
          key={path}
          type="button"
          aria-pressed={path === props.chosen}
          onClick={() => props.onPick(path)}
          className="flex h-6 items-center gap-2 rounded-md px-1 text-left text-sm text-muted hover:bg-hover hover:text-text aria-pressed:text-text"
        >
          <Folder aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
          <span className="min-w-0 truncate">{path}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** Folders of past sessions, the last used first. */
function recentFolders({ sessions }: AppState): string[] {
  const inOrder = Object.values(sessions).sort((a, b) => b.updatedAt - a.updatedAt);
  return [...new Set(inOrder.map((session) => session.workspace))].slice(0, recentShown);
}

function firstFolder(recent: string[]): string {
  const { newSessionFolder, activeTab } = useUi.getState();
  return newSessionFolder ?? appState().sessions[activeTab ?? '']?.workspace ?? recent[0] ?? '';
}
