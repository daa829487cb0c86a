import { z } from 'zod';
import type { Result } from '../../shared/errors.ts';
import { skillTool } from '../../shared/skills/skill.ts';
import { defineTool, failure, type ToolResult } from './tool.ts';

/** Skills, as the tool needs them. */
export interface SkillPort {
  load(
    place: { sessionId: string; callId: string; workspace: string },
    wish: { name: string; file?: string },
  ): Promise<Result<string>>;
}

const schema = z.strictObject({
  name: z.string().min(1).max(64).describe('Name of the skill, as listed'),
  file: z
    .string()
    .min(1)
    .optional()
    .describe('One of its other files, relative to the skill, instead of the skill itself'),
});

/** Loads the instructions of a skill; from then on it is in use until the run ends. */
export const createSkillTool = (skills: SkillPort) =>
  defineTool<z.infer<typeof schema>>({
    name: skillTool,
    description:
      'Loads a skill: instructions for a kind of work, listed in the system prompt. Load it before you begin.',
    schema,
    kind: 'read',
    effects: { reads: false, writes: false, runs: false, network: false },
    concurrent: true,
    describe: async ({ name, file }) => ({ title: file ? `${name}/${file}` : name, detail: { type: 'json' } }),
    execute: async ({ name, file }, { sessionId, callId, workspace }): Promise<ToolResult> => {
      const loaded = await skills.load(
        { sessionId, callId, workspace },
        file === undefined ? { name } : { name, file },
      );
      if (loaded.ok) return { status: 'ok', output: loaded.value, summary: file ? 'read' : 'loaded' };
      return failure(loaded.error);
    },
  });
