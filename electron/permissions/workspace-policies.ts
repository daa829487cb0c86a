import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rules } from '../../shared/session/events.ts';
import { readPolicyFile } from './policy-file.ts';
import { noRules } from './rule-sources.ts';

/** Where a workspace keeps rules for whoever works in it. */
export const workspacePolicyFile = '.switchyard/permissions.json';

const longest = 256 * 1024;

/**
 * The deny and ask rules that workspaces bring along. They come from whoever wrote the folder's files, so they only ever tighten: what
 * such a file allows counts for nothing until a person loads it in the settings.
 */
export function createWorkspacePolicies() {
  const known = new Map<string, { stamp: string; rules: Rules }>();

  return {
    /** Reads a workspace's file anew when it has changed. Never rejects: a file that cannot be read makes every call a question. */
    async look(workspace: string): Promise<void> {
      const path = join(workspace, workspacePolicyFile);
      const found = await stat(path).catch(() => undefined);
      const stamp = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : '';
      if (known.get(workspace)?.stamp === stamp) return;
      const rules = found ? await read(path, found.isFile() && found.size <= longest) : noRules;
      known.set(workspace, { stamp, rules });
    },

    /** As they were when last looked at. */
    rules: (workspace: string): Rules => known.get(workspace)?.rules ?? noRules,

    workspaces: (): string[] => [...known.keys()],
  };
}

export type WorkspacePolicies = ReturnType<typeof createWorkspacePolicies>;

async function read(path: string, isPlain: boolean): Promise<Rules> {
  try {
    if (!isPlain) throw new Error('It is no file, or too large.');
    const { ask, deny } = readPolicyFile(await readFile(path, 'utf8')).rules;
    return { allow: [], ask, deny };
  } catch (thrown) {
    // A deny rule that cannot be understood may mean any call, so that each is asked about, in every mode.
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { ...noRules, deny: [`(${workspacePolicyFile}: ${why.replaceAll(/[\r\n]+/g, ' ')})`] };
  }
}
