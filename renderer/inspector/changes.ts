import { isCall } from '../../shared/session/selectors.ts';
import type { CallItem, Item } from '../../shared/session/state.ts';

/** One change that a call made to a file. */
export interface FileChange {
  callId: string;
  at: number;
  patch: string;
  added: number;
  removed: number;
  created: boolean;
}

export interface ChangedFile {
  path: string;
  /** Newest first. */
  changes: FileChange[];
  added: number;
  removed: number;
}

/** The files that calls among these items have changed, the one changed last first. */
export function changedFiles(items: readonly Item[]): ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (const item of [...items].reverse()) {
    const change = isCall(item) ? changeOf(item) : undefined;
    if (!change) continue;
    const { path, ...made } = change;
    const file = files.get(path) ?? { path, changes: [], added: 0, removed: 0 };
    file.changes.push(made);
    file.added += made.added;
    file.removed += made.removed;
    files.set(path, file);
  }
  return [...files.values()];
}

/** What was done, not what was asked: the result's own detail counts, and only of a call that succeeded. */
function changeOf(call: CallItem): (FileChange & { path: string }) | undefined {
  const detail = call.result?.detail ?? call.detail;
  if (call.state !== 'ok' || detail.type !== 'diff') return undefined;
  const { path, patch, added, removed, created = false } = detail;
  return { path, callId: call.id, at: call.at, patch, added, removed, created };
}
