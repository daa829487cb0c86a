import { join } from 'node:path';
import { fail } from '../../shared/errors.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { Settings } from '../../shared/settings.ts';
import { makeVisible } from '../../shared/visible.ts';
import type { Log } from '../log.ts';
import { createManageSkillTool } from '../tools/manage-skill.ts';
import { createSkillTool } from '../tools/skill.ts';
import { createFileRegistry } from './file-registry.ts';
import { SkillDesk } from './skill-desk.ts';
import type { SkillProblem } from './skill-registry.ts';
import { createSkillWriter, findOwnSkill } from './skill-writer.ts';
import { isSkillOff } from './switches.ts';

export interface SkillWiring {
  userDataDir: string;
  settings: { current(): Settings };
  session(id: string): Promise<{ state: SessionState; append(event: SessionEvent): unknown }>;
  tell(text: string, hint: string): void;
  now(): number;
  log: Log;
}

const takenAway = fail('unsupported', 'Skills can no longer be changed here.');

/** The skills of a workbench: the person's own folder, the conventions of workspaces, and the tools that agents are given. */
export function wireSkills({ userDataDir, settings, session, tell, now, log }: SkillWiring) {
  const folder = join(userDataDir, 'skills');
  const registry = createFileRegistry({ folder });
  const writer = createSkillWriter(folder, findOwnSkill(registry));
  const onProblem = ({ name, path, problem }: SkillProblem) => {
    log.warn('A skill cannot be used', { path, problem });
    tell(makeVisible(`The skill "${name}" cannot be used. ${problem}`), makeVisible(path));
  };
  const desk: SkillDesk = new SkillDesk({
    isOff: (path) => isSkillOff(settings.current(), path),
    onProblem,
    loadTool: createSkillTool({
      load: async ({ sessionId, callId, workspace }, wish) =>
        desk.load(await session(sessionId), callId, { ...wish, workspace }),
    }),
    manageTool: createManageSkillTool({
      list: async (workspace) =>
        (await desk.list(workspace)).filter(({ problem, source }) => problem === undefined && source === 'user'),
      preview: async (skill, byAgentIn) => (await desk.writer()?.preview({ ...skill, byAgentIn })) ?? takenAway,
      save: async (skill, byAgentIn) =>
        (await desk.writer()?.save({ ...skill, byAgentIn }, { replace: true })) ?? takenAway,
      remove: async (name, workspace) => (await desk.writer()?.remove(name, workspace, now())) ?? takenAway,
    }),
  });
  /** Agents propose skills only where the person wants them to. */
  const use = () => desk.set(registry, settings.current().agentsManageSkills ? folder : undefined);
  use();
  // A registry that somebody else has set stays.
  const follow = () => {
    if (desk.registry() === registry) use();
  };
  return { desk, writer, folder, follow };
}

export type Skills = ReturnType<typeof wireSkills>;
