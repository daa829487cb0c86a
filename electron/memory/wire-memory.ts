import { join } from 'node:path';
import type { Settings } from '../../shared/settings.ts';
import type { Log } from '../log.ts';
import { createRecallTool } from '../tools/recall.ts';
import { createRememberTool } from '../tools/remember.ts';
import { createFileMemory } from './file-memory.ts';
import { MemoryDesk } from './memory-desk.ts';

export interface MemoryWiring {
  userDataDir: string;
  settings: { current(): Settings };
  redactOwn(text: string): string;
  tell(text: string): void;
  /** Ids of the items that a session is to do without. */
  leftOut(sessionId: string): Promise<string[] | undefined>;
  now(): number;
  newId(): string;
  log: Log;
}

/** The memory of a workbench: one file for all sessions, used where the person has switched it on. */
export function wireMemory({ userDataDir, settings, tell, leftOut, ...deps }: MemoryWiring): MemoryDesk {
  const desk: MemoryDesk = new MemoryDesk({
    ...deps,
    isOn: () => settings.current().memory,
    rememberTool: createRememberTool({ remember: (wish) => desk.remember(wish, 'agent') }),
    recallTool: createRecallTool({
      recall: async (query, { sessionId, workspace }, limit) =>
        desk.recall(query, workspace, limit, await leftOut(sessionId)),
    }),
  });
  desk.set(createFileMemory({ path: join(userDataDir, 'memory', 'memory.json'), log: deps.log, onProblem: tell }));
  return desk;
}
