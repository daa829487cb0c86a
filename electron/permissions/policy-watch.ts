import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { workspacePolicyFile } from './workspace-policies.ts';

const folderName = dirname(workspacePolicyFile);
const fileName = basename(workspacePolicyFile);

/**
 * Looks at the rules of workspaces again when their files change, for as long as something waits there for an answer. Where the system
 * gives no notice, they are looked at when the next call is judged.
 */
export function createPolicyWatch(look: (workspace: string) => Promise<void>) {
  const held = new Map<string, { holders: number; end(): void }>();

  return {
    /** Begins with a look, for a change may have come before the watch. Returns the function that lets go. */
    hold(workspace: string): () => void {
      const one = held.get(workspace) ?? { holders: 0, end: follow(workspace, () => void look(workspace)) };
      one.holders += 1;
      held.set(workspace, one);
      if (one.holders === 1) void look(workspace);
      return () => {
        one.holders -= 1;
        if (one.holders > 0) return;
        one.end();
        if (held.get(workspace) === one) held.delete(workspace);
      };
    },

    close(): void {
      for (const { end } of held.values()) end();
      held.clear();
    },
  };
}

/** Neither the folder of the file nor the file need be there, and either may be put in place of another. */
function follow(workspace: string, changed: () => void): () => void {
  let inner: FSWatcher | undefined;
  const enter = () => {
    inner?.close();
    inner = tryWatch(join(workspace, folderName), (name) => {
      if (name === null || name === fileName) changed();
    });
  };
  const outer = tryWatch(workspace, (name) => {
    if (name !== null && name !== folderName) return;
    enter();
    changed();
  });
  enter();
  return () => {
    outer?.close();
    inner?.close();
  };
}

function tryWatch(folder: string, on: (name: string | null) => void): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, (_type, name) => on(name));
    // Some systems report the end of a watched folder that way.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
