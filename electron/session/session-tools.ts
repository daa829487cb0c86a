import { createPlanTool } from '../tools/plan.ts';
import { createTaskTool } from '../tools/task.ts';
import type { Tool } from '../tools/tool.ts';
import type { SessionManager } from './session-manager.ts';

/** The tools that act on sessions: `task` hands work to a child, `plan` leaves Plan mode. */
export const sessionTools = (manager: () => SessionManager): Tool[] => [
  createTaskTool({ run: (...call) => manager().children.run(...call) }),
  createPlanTool({
    leavePlanMode: async (id) => {
      const { mode } = (await manager().getSession(id)).state.head.config;
      if (mode !== 'plan') return mode;
      await manager().configure(id, { mode: 'manual' });
      return 'manual';
    },
  }),
];
