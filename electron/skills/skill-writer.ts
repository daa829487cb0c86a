import { lstat, mkdir, readFile, realpath, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, ok, type Result, WorkbenchError } from '../../shared/errors.ts';
import { skillName } from '../../shared/skills/skill.ts';
import { writeDurably } from '../storage/durable-file.ts';
import { formatSkill, type NewSkill, parseSkill } from './skill-file.ts';
import type { SkillRegistry } from './skill-registry.ts';
import { checkSkill } from './validate.ts';

/** The file of the person's skill of that name which counts in a workspace, or everywhere; undefined when there is none. */
export type FindOwnSkill = (name: string, workspace: string | undefined) => Promise<string | undefined>;

export const findOwnSkill =
  (registry: SkillRegistry): FindOwnSkill =>
  async (name, workspace) =>
    (await registry.find(workspace)).skills.find((skill) => skill.name === name && skill.source === 'user')?.path;

/**
 * Makes and removes skills in one folder. A skill is the file that was found under its name, whatever its own folder is called; one that
 * does not lie in a folder right below is left alone.
 */
export function createSkillWriter(folder: string, find: FindOwnSkill) {
  const notOurs = (path: string) => fail('invalid', `${path} is not a folder of ours.`, 'Change it by hand.');

  /** Where a skill lies, or where it would. */
  const placeOf = async (name: string, workspace?: string): Promise<Result<{ path: string; isThere: boolean }>> => {
    if (!skillName.test(name)) return fail('invalid', 'That is no name of a skill.');
    const file = await find(name, workspace);
    const path = file === undefined ? join(folder, name) : dirname(file);
    const [root, above] = await Promise.all([folder, dirname(path)].map((one) => realpath(one).catch(() => one)));
    if (root !== above || (file !== undefined && basename(file) !== 'SKILL.md')) return notOurs(path);
    const found = await lstat(path).catch(() => undefined);
    if (found && !found.isDirectory()) return notOurs(path);
    return ok({ path, isThere: file !== undefined });
  };

  /** What stands there may be another skill, in a folder of this name, or one for another workspace. */
  const isAnother = async (before: Buffer | undefined, { name, byAgentIn }: NewSkill): Promise<boolean> => {
    const there = before && (await parseSkill(before.toString('utf8'), name));
    if (!there?.ok) return false;
    return there.value.name !== name || (there.value.workspace !== undefined && there.value.workspace !== byAgentIn);
  };

  return {
    /** The file as it would be, and as it is; undefined where it is new. */
    async preview(skill: NewSkill): Promise<Result<{ path: string; before?: Buffer; after: Buffer }>> {
      const checked = checkSkill(skill);
      if (!checked.ok) return checked;
      const place = await placeOf(skill.name, skill.byAgentIn);
      if (!place.ok) return place;
      const path = join(place.value.path, 'SKILL.md');
      const before = await readFile(path).catch(() => undefined);
      if (await isAnother(before, skill)) {
        return fail(
          'invalid',
          `The folder \`${basename(place.value.path)}\` holds another skill.`,
          'Choose another name.',
        );
      }
      return ok({ path, after: Buffer.from(await formatSkill(skill)), ...(before ? { before } : {}) });
    },
    /** Saves it whole or not at all; what it replaces is kept beside it as `SKILL.md.prev`. */
    async save(skill: NewSkill, { replace }: { replace: boolean }): Promise<Result<{ path: string }>> {
      const made = await this.preview(skill);
      if (!made.ok) return made;
      const { path, before, after } = made.value;
      if (before && !replace)
        return fail('invalid', `You have a skill \`${skill.name}\` already.`, 'Choose another name.');
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        await writeDurably(path, after, `${path}.prev`);
      } catch (error) {
        throw new WorkbenchError('storage', `The skill cannot be saved: ${(error as Error).message}`);
      }
      return ok({ path });
    },
    /** Takes the skill that counts in the workspace out of the folder; it is kept in `.removed` beside the others. */
    async remove(name: string, workspace: string | undefined, now: number): Promise<Result<void>> {
      const place = await placeOf(name, workspace);
      if (!place.ok) return place;
      const { path, isThere } = place.value;
      if (!isThere) return fail('notFound', `You have no skill \`${name}\`.`);
      const removed = join(folder, '.removed');
      await mkdir(removed, { recursive: true, mode: 0o700 });
      await rename(path, join(removed, `${basename(path)}-${now}`));
      return ok(undefined);
    },
  };
}

export type SkillWriter = ReturnType<typeof createSkillWriter>;
