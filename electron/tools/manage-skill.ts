import { z } from 'zod';
import { fail, failureText, ok, type Result } from '../../shared/errors.ts';
import { skillName } from '../../shared/skills/skill.ts';
import { checkSkill } from '../skills/validate.ts';
import { diffDetail } from './text-patch.ts';
import { type Description, defineTool, failure, type ToolResult } from './tool.ts';

export interface ProposedSkill {
  name: string;
  description: string;
  content: string;
  allowedTools?: string[];
}

/** The person's skills, as the tool may change them. */
export interface SkillKeeperPort {
  /** Those that count in the workspace. */
  list(workspace: string): Promise<{ name: string; description: string }[]>;
  /** What saving would change; fails where it would be refused. */
  preview(skill: ProposedSkill, workspace: string): Promise<Result<{ path: string; before?: Buffer; after: Buffer }>>;
  /** For this workspace alone. */
  save(skill: ProposedSkill, workspace: string): Promise<Result<{ path: string }>>;
  /** The one of that name that counts in the workspace. */
  remove(name: string, workspace: string): Promise<Result<void>>;
}

const fields = z.strictObject({
  action: z.enum(['create', 'list', 'remove']),
  name: z.string().max(64).optional().describe('Lower-case words joined by hyphens; for create and remove'),
  description: z.string().optional().describe('What it does and when to use it; for create'),
  content: z.string().optional().describe('The instructions, in Markdown; for create'),
  allowed_tools: z.array(z.string()).max(50).optional().describe('While it is in use, only these; for create'),
});
type Args = z.infer<typeof fields>;

/** What would be refused is refused before anybody is asked. */
const schema = fields.superRefine((args, { addIssue }) => {
  const skill = args.action === 'create' ? proposed(args) : undefined;
  const checked = skill?.ok ? checkSkill({ ...skill.value, byAgentIn: '' }) : (skill ?? checkName(args));
  if (!checked.ok) addIssue(failureText(checked.error));
});

const checkName = ({ action, name = '' }: Args): Result<unknown> =>
  action === 'list' || skillName.test(name) ? ok(undefined) : fail('invalid', 'That is no name of a skill.');

function proposed({ name, description, content, allowed_tools: allowedTools }: Args): Result<ProposedSkill> {
  if (!name || !description || !content) return fail('invalid', 'create needs name, description and content.');
  return ok({ name, description, content, ...(allowedTools ? { allowedTools } : {}) });
}

/** Lets an agent propose skills. A person approves every change, in every mode. */
export const createManageSkillTool = (skills: SkillKeeperPort) =>
  defineTool<Args>({
    name: 'manage_skill',
    description:
      'Lists your skills, or proposes to create, replace or remove one: instructions worth keeping for later sessions in this workspace. The person is asked each time.',
    schema,
    kind: 'edit',
    effects: { reads: true, writes: true, runs: false, network: false },
    concurrent: false,
    describe: async (args, { workspace }): Promise<Description> => {
      const title = `${args.action} ${args.name ?? ''}`.trim();
      const skill = args.action === 'create' ? proposed(args) : undefined;
      const preview = skill?.ok ? await skills.preview(skill.value, workspace) : undefined;
      if (!preview?.ok) return { title, detail: { type: 'json' } };
      const { path, before, after } = preview.value;
      return { title, detail: diffDetail(path, before, after) };
    },
    execute: async (args, { workspace }): Promise<ToolResult> => {
      if (args.action === 'list') {
        const lines = (await skills.list(workspace)).map(({ name, description }) => `- ${name}: ${description}`);
        return { status: 'ok', output: lines.join('\n') || 'There are no skills.' };
      }
      if (args.action === 'remove')
        return said(await skills.remove(args.name ?? '', workspace), `Removed ${args.name}.`);
      const skill = proposed(args);
      if (!skill.ok) return said(skill, '');
      return said(await skills.save(skill.value, workspace), `Saved ${args.name}; later runs have it.`);
    },
  });

const said = (result: Result<unknown>, done: string): ToolResult =>
  result.ok ? { status: 'ok', output: done } : failure(result.error);
