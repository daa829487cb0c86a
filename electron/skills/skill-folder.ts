import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toFailure } from '../../shared/errors.ts';
import type { SkillSource } from '../../shared/skills/skill.ts';
import { makeVisible } from '../../shared/visible.ts';
import { isWithin } from '../permissions/canonical-path.ts';
import { readWhole, stampOf } from '../tools/safe-file.ts';
import { parseSkill } from './skill-file.ts';
import type { Skill, SkillProblem } from './skill-registry.ts';

export const maxFileBytes = 64 * 1024;
/** Folders looked at in one place. */
const maxFolders = 100;

export type Entry = { skill: Skill } | { problem: SkillProblem };

export interface SkillPlace {
  folder: string;
  source: SkillSource;
  /** Canonical; nothing that leads out of it is read. */
  within?: string;
}

/** Reads `<folder>/<name>/SKILL.md`, each again only when it has changed. */
export function createFolderReader() {
  const known = new Map<string, { stamp: string; entry: Entry }>();

  async function readOne({ folder, source, within }: SkillPlace, name: string): Promise<Entry | undefined> {
    const path = join(folder, name, 'SKILL.md');
    const problem = (text: string): Entry => ({ problem: { name, source, path, problem: text } });
    try {
      const real = await realpath(path);
      if (within !== undefined && !isWithin(within, real))
        return problem('It is a link that leads out of the workspace.');
      const stamp = stampOf(await stat(real, { bigint: true }));
      const before = known.get(path);
      if (before?.stamp === stamp) return before.entry;
      const { bytes, stamp: read } = await readWhole(real, maxFileBytes);
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      // What a person is shown is all there is, where somebody else wrote it.
      const parsed = await parseSkill(source === 'user' ? text : makeVisible(text.replaceAll('\r\n', '\n')), name);
      const entry: Entry = parsed.ok ? { skill: { ...parsed.value, source, path } } : problem(parsed.error.message);
      known.set(path, { stamp: read, entry });
      return entry;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // A folder without the file is no skill.
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      if (error instanceof TypeError) return problem('It is not UTF-8 text.');
      if (code === 'limit') return problem('It is larger than 64 KiB.');
      return problem(`It cannot be read (${code ?? toFailure(error).message}).`);
    }
  }

  return async (place: SkillPlace): Promise<Entry[]> => {
    const found = await readdir(place.folder, { withFileTypes: true }).catch(() => [] as Dirent[]);
    const names = found
      .filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()))
      .map((entry) => entry.name)
      .sort();
    const entries = await Promise.all(names.slice(0, maxFolders).map((name) => readOne(place, name)));
    const read = entries.filter((entry) => entry !== undefined);
    if (names.length <= maxFolders) return read;
    const { folder: path, source } = place;
    const problem = `Only the first ${maxFolders} of ${names.length} folders are looked at.`;
    return [...read, { problem: { name: 'skills', source, path, problem } }];
  };
}
