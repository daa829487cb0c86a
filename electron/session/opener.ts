import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppEvent, SessionSummary } from '../../shared/app/state.ts';
import { WorkbenchError } from '../../shared/errors.ts';
import type { SessionManager } from './session-manager.ts';
import { canonicalWorkspace } from './workspace.ts';

export interface OpenerDeps {
  manager: SessionManager;
  emit(event: AppEvent): void;
  tell(text: string, hint?: string): void;
  /** The sample workspace as it was shipped. */
  sample: string;
  userDataDir: string;
}

/** Nothing has happened in it since it was made. */
const isUnused = ({ parentId, status, createdAt, updatedAt, archived, elsewhere }: SessionSummary): boolean =>
  parentId === undefined && status === 'idle' && updatedAt === createdAt && !archived && !elsewhere;

/** Brings sessions before the eyes of whoever sits at the window. */
export function createOpener({ manager, emit, tell, sample, userDataDir }: OpenerDeps) {
  let count = 0;
  const focus = (id: string, approvalId?: string) => {
    count += 1;
    emit({ type: 'session.focused', focus: { id, count, ...(approvalId ? { approvalId } : {}) } });
  };
  return {
    focus,

    /** A session in a folder that nothing has been done in yet, else a new one. Never throws: what is wrong with the folder is told. */
    async folder(path: string): Promise<void> {
      try {
        const workspace = await canonicalWorkspace(path);
        const unused = manager.getAllSessions().find((known) => known.workspace === workspace && isUnused(known));
        focus(unused?.id ?? (await manager.createSession({ workspace })));
      } catch (thrown) {
        const error = thrown instanceof WorkbenchError ? thrown : undefined;
        tell(error?.message ?? String(thrown), error?.hint);
      }
    },

    /**
     * A session in a folder of its own with something to look at, so that it can show what the workbench does. Never throws: what
     * stands in the way is told.
     */
    async sample(): Promise<void> {
      const workspace = join(userDataDir, 'sample');
      try {
        await mkdir(workspace, { recursive: true });
        // The session and its files wait for the disk side by side.
        const [id] = await Promise.all([
          manager.createSession({ workspace, title: 'Sample workspace' }),
          cp(sample, workspace, { recursive: true, force: false, errorOnExist: false }),
        ]);
        focus(id);
      } catch (thrown) {
        tell(`The sample workspace could not be made: ${thrown instanceof Error ? thrown.message : thrown}`);
      }
    },
  };
}
