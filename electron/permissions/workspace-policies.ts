import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rules } from '../../shared/session/config.ts';
import { readPolicyFile } from './policy-file.ts';
import { noRules } from './rule-sources.ts';

/** Where a workspace keeps rules for whoever works in it. */
export const workspacePolicyFile = '.switchyard/permissions.json';

/** Rules that cannot be read stand for themselves as a deny rule, in brackets, as no rule does; the text says what is wrong. */
export const unreadFile = (rule: string): string | undefined => /^\((.+)\)$/s.exec(rule)?.[1];

const longest = 256 * 1024;

/**
 * The deny and ask rules that workspaces bring along. They come from whoever wrote the folder's files, so they only ever tighten: what
 * such a file allows counts for nothing until a person loads it in the settings. `changed` hears when a file has other rules than before.
 */
export function createWorkspacePolicies(changed: () => void) {
  const known = new Map<string, { stamp: string; rules: Rules }>();
  const looking = new Map<string, Promise<void>>();

  const lookOnce = async (workspace: string): Promise<void> => {
    const path = join(workspace, workspacePolicyFile);
    const found = await stat(path).catch(() => undefined);
    const stamp = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : '';
    const before = known.get(workspace);
    if (before?.stamp === stamp) return;
    const rules = found ? await read(path, found.isFile() && found.size <= longest) : noRules;
    known.set(workspace, { stamp, rules });
    if (before && JSON.stringify(before.rules) !== JSON.stringify(rules)) changed();
  };

  return {
    /** Reads a workspace's file anew when it has changed. Never rejects: a file that cannot be read makes every call a question. */
    look(workspace: string): Promise<void> {
      // One after the other: what was found earlier never replaces what was found later.
      const looked = (looking.get(workspace) ?? Promise.resolve()).then(() => lookOnce(workspace));
      looking.set(workspace, looked);
      return looked;
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
