import { readdir, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fail, ok, type Result } from '../../shared/errors.ts';
import { isWithin } from '../permissions/canonical-path.ts';
import { readWhole } from '../tools/safe-file.ts';
import { createFolderReader, type Entry, maxFileBytes, type SkillPlace } from './skill-folder.ts';
import type { FoundSkills, Skill, SkillRegistry } from './skill-registry.ts';

/** Where workspaces keep skills, by the conventions of the field; of two with one name the first counts. */
const workspaceFolders = ['.agents/skills', '.claude/skills'];
const maxFiles = 50;

/** Skills in folders: the person's own, and those that a workspace brings along. Read anew whenever they are asked for. */
export function createFileRegistry({ folder }: { folder: string }): SkillRegistry {
  const readFolder = createFolderReader();
  return {
    async find(workspace) {
      const places: SkillPlace[] = [{ folder, source: 'user' }];
      const root = workspace === undefined ? undefined : await realpath(workspace).catch(() => undefined);
      if (root !== undefined) {
        for (const name of workspaceFolders) {
          places.push({ folder: join(root, name), source: 'workspace', within: root });
        }
      }
      return inOrder((await Promise.all(places.map(readFolder))).flat(), root);
    },
    async files({ path }) {
      const root = dirname(path);
      const found = await listFiles(root, root);
      return found.filter((name) => name !== 'SKILL.md').slice(0, maxFiles);
    },
    async read({ path }, file): Promise<Result<string>> {
      const missing = fail('notFound', `The skill has no file ${file}.`);
      try {
        const root = await realpath(dirname(path));
        const real = await realpath(join(root, file));
        if (!isWithin(root, real)) return fail('denied', `${file} is not a file of the skill.`);
        const { bytes } = await readWhole(real, maxFileBytes);
        return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      } catch (error) {
        if (error instanceof TypeError) return fail('invalid', `${file} is not UTF-8 text.`);
        if ((error as { code?: string }).code === 'limit') return fail('limit', `${file} is larger than 64 KiB.`);
        return missing;
      }
    },
  };
}

/** Each name once; whoever has it first keeps it, and the others are told of. */
function inOrder(entries: Entry[], workspace: string | undefined): FoundSkills {
  const byName = new Map<string, Skill>();
  const found: FoundSkills = { skills: [], problems: [] };
  for (const entry of entries) {
    if ('problem' in entry) {
      found.problems.push(entry.problem);
      continue;
    }
    const { skill } = entry;
    if (skill.source === 'user' && skill.workspace !== undefined && skill.workspace !== workspace) continue;
    const first = byName.get(skill.name);
    if (first) {
      const { name, source, path } = skill;
      const whose = first.source === 'user' ? 'Your own skill' : 'Another skill of the workspace';
      found.problems.push({ name, source, path, problem: `${whose} with the same name is used instead.` });
    } else byName.set(skill.name, skill);
  }
  found.skills = [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return found;
}

/** Links are left out: they may lead anywhere, and round in circles. */
async function listFiles(folder: string, root: string, depth = 0): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (names.length > maxFiles || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isFile()) names.push(relative(root, path).split(sep).join('/'));
    else if (entry.isDirectory() && depth < 3) names.push(...(await listFiles(path, root, depth + 1)));
  }
  return names;
}
