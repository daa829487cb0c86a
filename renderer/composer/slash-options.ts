import type { ListedSkill } from '../../shared/skills/skill.ts';

/** Something that can be typed after `/` at the beginning of a prompt. */
export interface SlashOption {
  name: string;
  description: string;
  /** Where it comes from, for a skill. */
  source?: ListedSkill['source'];
}

const commands: SlashOption[] = [
  { name: 'compact', description: 'Make the context smaller; say after it what to heed' },
  { name: 'context', description: 'Show what the next request would hold' },
];

/** What a draft of `/` and the beginning of a name may become; nothing for any other draft. A command stands before a skill of its name. */
export function slashOptions(draft: string, skills: readonly ListedSkill[]): SlashOption[] {
  const typed = /^\/([a-z0-9-]*)$/i.exec(draft)?.[1]?.toLowerCase();
  if (typed === undefined) return [];
  const usable = skills.filter(
    (skill) => skill.on && skill.problem === undefined && !commands.some(({ name }) => name === skill.name),
  );
  const all = [...commands, ...usable.map(({ name, description, source }) => ({ name, description, source }))];
  const begins = all.filter(({ name }) => name.startsWith(typed));
  return [...begins, ...all.filter((option) => !begins.includes(option) && option.name.includes(typed))];
}
