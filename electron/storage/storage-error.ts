import { WorkbenchError } from '../../shared/errors.ts';

const explanations: Record<string, [what: string, hint: string]> = {
  ENOSPC: ['the disk is full', 'Free some space; the rest is saved as soon as there is room.'],
  EDQUOT: ['your disk quota is used up', 'Free some space; the rest is saved as soon as there is room.'],
  EACCES: ['permission is denied', 'Check who owns the folder and that you may write to it.'],
  EPERM: ['permission is denied', 'Check who owns the folder and that you may write to it.'],
  EROFS: ['the file system is read-only', 'Make it writable or choose another data folder with --user-data-dir.'],
  ENOENT: ['the file or its folder has vanished', 'Bring the folder back if it was moved or unmounted.'],
  ENOTDIR: ['a file is where a folder should be', 'Move that file away.'],
  EISDIR: ['something that is no file is in its place', 'Move it away.'],
  ELOOP: ['a link in its place leads nowhere', 'Move that link away.'],
  EIO: ['the disk reports an error', 'Check the disk; keep a copy of the data folder.'],
  EMFILE: ['too many files are open', 'Close some sessions.'],
  ENFILE: ['too many files are open', 'Close some programs.'],
  ENAMETOOLONG: ['the path is too long', 'Choose a data folder with a shorter path.'],
};

export const codeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;

/** Why a file operation failed, in words: "the disk is full (ENOSPC)". */
export function explain(thrown: unknown): string {
  const code = codeOf(thrown);
  const known = code === undefined ? undefined : explanations[code];
  if (known) return `${known[0]} (${code})`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The typed error for a failed file operation; `action` reads like "save /data/settings.json". One of ours passes through. */
export function storageError(action: string, thrown: unknown): WorkbenchError {
  if (thrown instanceof WorkbenchError) return thrown;
  const hint = explanations[codeOf(thrown) ?? '']?.[1];
  return new WorkbenchError('storage', `Could not ${action}: ${explain(thrown)}.`, hint);
}
