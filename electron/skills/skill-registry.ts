import type { Result } from '../../shared/errors.ts';
import type { SkillSource } from '../../shared/skills/skill.ts';
import type { SkillFile } from './skill-file.ts';

export interface Skill extends SkillFile {
  source: SkillSource;
  /** Names the skill: its SKILL.md, or whatever stands for it where skills are no files. */
  path: string;
}

export interface SkillProblem {
  /** Of the folder. */
  name: string;
  source: SkillSource;
  path: string;
  /** Why it cannot be used, without what the file holds. */
  problem: string;
}

export interface FoundSkills {
  /** By name, each name once: a person's own skill stands before one of the workspace. */
  skills: Skill[];
  problems: SkillProblem[];
}

/** Where skills come from. Neither function throws: what cannot be read is a problem, and never hides the rest. */
export interface SkillRegistry {
  /** Those that count in a workspace; without one, the person's own. */
  find(workspace?: string): Promise<FoundSkills>;
  /** Names of the other files of a skill, at most 50. */
  files(skill: Skill): Promise<string[]>;
  /** The text of one of them, at most 64 KiB. */
  read(skill: Skill, file: string): Promise<Result<string>>;
}
