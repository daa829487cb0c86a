import { mkdir } from 'node:fs/promises';
import { orThrow } from '../../shared/errors.ts';
import type { Settings } from '../../shared/settings.ts';
import { switchSkill } from '../skills/switches.ts';
import type { Skills } from '../skills/wire-skills.ts';
import type { Handlers } from './router.ts';

export interface SkillHandlerDeps {
  skills: Pick<Skills, 'desk' | 'writer' | 'folder'>;
  workspaceOf(sessionId: string): string | undefined;
  settings: { change(mutate: (settings: Settings) => Settings): Promise<Settings> };
  openFolder(path: string): Promise<void>;
}

type SkillRoutes = Extract<keyof Handlers, `skills.${string}`>;

export function createSkillHandlers(deps: SkillHandlerDeps): Pick<Handlers, SkillRoutes> {
  const { desk, writer, folder } = deps.skills;
  return {
    'skills.list': async ({ sessionId }) => ({
      skills: await desk.list(sessionId === undefined ? undefined : deps.workspaceOf(sessionId)),
    }),
    'skills.create': async (skill) => orThrow(await writer.save(skill, { replace: false })),
    'skills.switch': async ({ path, on }) => {
      await deps.settings.change((now) => switchSkill(now, path, on));
    },
    'skills.openFolder': async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await deps.openFolder(folder);
    },
  };
}
