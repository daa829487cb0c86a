import { lstat, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result, WorkbenchError } from '../../shared/errors.ts';
import { skillName } from '../../shared/skills/skill.ts';
import { writeDurably } from '../storage/durable-file.ts';
import { formatSkill, type NewSkill } from './skill-file.ts';
import { checkSkill } from './validate.ts';

/** Makes and removes skills in one folder. Names are checked before they become paths. */
export function createSkillWriter(folder: string) {
  const placeOf = async (name: string): Promise<Result<{ path: string; isThere: boolean }>> => {
    if (!skillName.test(name)) return fail('invalid', 'That is no name of a skill.');
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    if (found && !found.isDirectory()) return fail('invalid', `${path} is not a folder of ours.`, 'Change it by hand.');
    return ok({ path, isThere: found !== undefined });
  };
  return {
    /** The file as it would be, and as it is; undefined where it is new. */
    async preview(skill: NewSkill): Promise<Result<{ path: string; before?: Buffer; after: Buffer }>> {
      const checked = checkSkill(skill);
      if (!checked.ok) return checked;
      const place = await placeOf(skill.name);
      if (!place.ok) return place;
      const path = join(place.value.path, 'SKILL.md');
      const before = await readFile(path).catch(() => undefined);
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
        await mkdir(join(folder, skill.name), { recursive: true, mode: 0o700 });
        await writeDurably(path, after, `${path}.prev`);
      } catch (error) {
        throw new WorkbenchError('storage', `The skill cannot be saved: ${(error as Error).message}`);
      }
      return ok({ path });
    },
    /** Takes it out of the folder; it is kept in `.removed` beside the others. */
    async remove(name: string, now: number): Promise<Result<void>> {
      const place = await placeOf(name);
      if (!place.ok) return place;
      if (!place.value.isThere) return fail('notFound', `You have no skill \`${name}\`.`);
      const removed = join(folder, '.removed');
      await mkdir(removed, { recursive: true, mode: 0o700 });
      await rename(place.value.path, join(removed, `${name}-${now}`));
      return ok(undefined);
    },
  };
}

export type SkillWriter = ReturnType<typeof createSkillWriter>;
