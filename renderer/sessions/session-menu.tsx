import {
  Archive,
  ArchiveRestore,
  Copy,
  Eraser,
  FileDown,
  FileJson,
  GitFork,
  Pause,
  Pencil,
  Play,
  ShieldQuestion,
  Square,
  SquarePlus,
  Trash2,
} from 'lucide-react';
import type { SessionSummary } from '../../shared/app/state.ts';
import { isBusy } from '../../shared/session/selectors.ts';
import {
  archiveSession,
  cancelRun,
  clearConversation,
  exportSession,
  forkSession,
  pauseSession,
  resumeSession,
} from '../actions.ts';
import { askAbout, showNewSession } from '../state/ui-store.ts';
import { MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { toast } from '../ui/toast-store.ts';
import { archive } from './archive.ts';

/** What can be done with a session from its row or tab. */
export function SessionMenuItems({ session }: { session: SessionSummary }) {
  const owned = session.elsewhere !== true;
  return (
    <>
      {owned && isBusy(session.status) && (
        <MenuItem icon={<Square />} onSelect={() => void cancelRun(session.id)}>
          Stop
        </MenuItem>
      )}
      {owned && !session.paused && (
        <MenuItem icon={<Pause />} onSelect={() => void pauseSession(session.id)}>
          Pause
        </MenuItem>
      )}
      {owned && session.paused && (
        <MenuItem icon={<Play />} onSelect={() => void resumeSession(session.id)}>
          Resume
        </MenuItem>
      )}
      {owned && (
        <MenuItem icon={<Pencil />} keys="F2" onSelect={() => askAbout('rename', session.id)}>
          Rename…
        </MenuItem>
      )}
      {owned && (
        <MenuItem icon={<ShieldQuestion />} onSelect={() => askAbout('confirmation', session.id)}>
          Confirmation…
        </MenuItem>
      )}
      {owned && (
        <MenuItem icon={<GitFork />} onSelect={() => void forkSession(session.id)}>
          Fork session
        </MenuItem>
      )}
      {owned && !isBusy(session.status) && (
        <MenuItem icon={<Eraser />} onSelect={() => void clear(session.id)}>
          Clear conversation
        </MenuItem>
      )}
      <MenuItem icon={<SquarePlus />} onSelect={() => showNewSession(session.workspace)}>
        New session in this folder…
      </MenuItem>
      <MenuItem icon={<Copy />} onSelect={() => void copyPath(session.workspace)}>
        Copy folder path
      </MenuItem>
      <MenuItem icon={<FileDown />} onSelect={() => void exportSession(session.id, 'markdown')}>
        Export as Markdown…
      </MenuItem>
      <MenuItem icon={<FileJson />} onSelect={() => void exportSession(session.id, 'json')}>
        Export as JSON…
      </MenuItem>
      {owned && (
        <>
          <MenuSeparator />
          {session.archived ? (
            <MenuItem icon={<ArchiveRestore />} onSelect={() => void archiveSession(session.id, false)}>
              Bring back from the archive
            </MenuItem>
          ) : (
            <MenuItem icon={<Archive />} disabled={isBusy(session.status)} onSelect={() => void archive(session)}>
              Archive
            </MenuItem>
          )}
          <MenuItem icon={<Trash2 />} danger keys="Delete" onSelect={() => askAbout('delete', session.id)}>
            Delete…
          </MenuItem>
        </>
      )}
    </>
  );
}

/** Asks nothing first: what was stays as a branch. */
export async function clear(sessionId: string): Promise<void> {
  const answer = await clearConversation(sessionId);
  if (answer.ok)
    toast({ level: 'info', text: 'The conversation begins anew.', hint: 'What it was stays as a branch.' });
}

async function copyPath(path: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(path);
    toast({ level: 'info', text: 'Folder path copied.' });
  } catch {
    toast({ level: 'error', text: 'The path could not be copied.', hint: path });
  }
}
