import type { Settings } from '../../shared/settings.ts';

/** In `skillsOff`: every skill of which nothing else is known. Stands there where it could not be read which ones were meant. */
export const anySkill = '*';

type Switches = Pick<Settings, 'skillsOff' | 'skillsOn'>;

export const isSkillOff = ({ skillsOff, skillsOn }: Switches, path: string): boolean =>
  skillsOff.includes(path) || (skillsOff.includes(anySkill) && !skillsOn.includes(path));

export function switchSkill<S extends Switches>(settings: S, path: string, on: boolean): S {
  const without = (list: string[]) => list.filter((one) => one !== path);
  const [skillsOff, skillsOn] = [without(settings.skillsOff), without(settings.skillsOn)];
  if (!on) return { ...settings, skillsOff: [...skillsOff, path], skillsOn };
  return { ...settings, skillsOff, skillsOn: skillsOff.includes(anySkill) ? [...skillsOn, path] : skillsOn };
}
