/** Where a skill comes from: the person's own folder, or a workspace, which nobody vouches for. */
export const skillSources = ['user', 'workspace'] as const;
export type SkillSource = (typeof skillSources)[number];

/** The tool with which a model loads a skill; what it returns counts as skills in the context. */
export const skillTool = 'skill';

/** A skill as the window lists it, or a file that should have been one. */
export interface ListedSkill {
  name: string;
  description: string;
  source: SkillSource;
  /** Its SKILL.md. */
  path: string;
  on: boolean;
  /** Only a person loads it, by `/name`. */
  manual: boolean;
  /** While it is in use only calls that one of these covers may be made. */
  allowedTools?: string[];
  /** Why it cannot be used. */
  problem?: string;
}

/** Lower-case words joined by hyphens, at most 64 characters: the rule of the Agent Skills standard. */
export const skillName = /^(?=.{1,64}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

export const maxDescription = 1024;

/** Begins with `/name`, as a person types it to have a skill loaded; gives the name. */
export const askedSkill = (prompt: string): string | undefined =>
  /^\/([a-z0-9]+(?:-[a-z0-9]+)*)(?=\s|$)/.exec(prompt.trimStart())?.[1];
