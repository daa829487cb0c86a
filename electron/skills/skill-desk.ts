import { fail, ok, type Result } from '../../shared/errors.ts';
import type { Id } from '../../shared/ids.ts';
import type { EventOf, SessionEvent } from '../../shared/session/events.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { ListedSkill } from '../../shared/skills/skill.ts';
import { framedSkill } from '../agent/context/wording.ts';
import type { Tool } from '../tools/tool.ts';
import { catalogueOf } from './catalogue.ts';
import type { Skill, SkillProblem, SkillRegistry } from './skill-registry.ts';
import { createSkillWriter, findOwnSkill, type SkillWriter } from './skill-writer.ts';

/** What one run of a session has of skills: found at its start, so that nothing changes under it. */
export interface RunSkills {
  /** For the system prompt; absent when there is nothing to offer. */
  catalogue?: string;
  tools: Tool[];
  /** What is to be told when a prompt asks for a skill of that name; undefined when there is none. */
  asked(name: string): Pick<EventOf<'skill.loaded'>, 'name' | 'source' | 'allowedTools' | 'text'> | undefined;
}

export interface SkillDeskDeps {
  isOff(path: string): boolean;
  /** Each once: it could not be used, and why. */
  onProblem(problem: SkillProblem): void;
  loadTool: Tool;
  manageTool: Tool;
}

/** The skills of all sessions: which there are, and what loading one means. The registry can be changed and taken away at any time. */
export class SkillDesk {
  readonly #deps: SkillDeskDeps;
  #registry: SkillRegistry | undefined;
  #writer: SkillWriter | undefined;
  readonly #told = new Set<string>();

  constructor(deps: SkillDeskDeps) {
    this.#deps = deps;
  }

  /** Runs to come go by it. With a folder, agents are also given the tool that proposes skills for it. */
  set(registry: SkillRegistry | undefined, folder?: string): void {
    this.#registry = registry;
    this.#writer = registry && folder !== undefined ? createSkillWriter(folder, findOwnSkill(registry)) : undefined;
  }

  registry(): SkillRegistry | undefined {
    return this.#registry;
  }

  async forWorkspace(workspace: string): Promise<RunSkills> {
    const skills = await this.#usable(workspace);
    const catalogue = catalogueOf(skills);
    return {
      ...(catalogue ? { catalogue } : {}),
      tools: [...(catalogue ? [this.#deps.loadTool] : []), ...(this.#writer ? [this.#deps.manageTool] : [])],
      asked: (name) => {
        const skill = skills.find((one) => one.name === name);
        if (!skill) return undefined;
        const { source, allowedTools } = skill;
        return { name, source, text: skill.body, ...(allowedTools ? { allowedTools } : {}) };
      },
    };
  }

  async #usable(workspace: string): Promise<Skill[]> {
    const { skills, problems } = (await this.#registry?.find(workspace)) ?? { skills: [], problems: [] };
    for (const problem of problems) {
      const key = `${problem.path}\n${problem.problem}`;
      if (this.#told.has(key) || this.#deps.isOff(problem.path)) continue;
      this.#told.add(key);
      this.#deps.onProblem(problem);
    }
    return skills.filter(({ path }) => !this.#deps.isOff(path));
  }

  /** What the model's call for a skill, or for a file of one, gives. A skill is then in use until the run ends. */
  async load(
    session: { state: SessionState; append(event: SessionEvent): unknown },
    callId: Id,
    { name, file, workspace }: { name: string; file?: string; workspace: string },
  ): Promise<Result<string>> {
    const skills = await this.#usable(workspace);
    const skill = skills.find((one) => one.name === name);
    if (!skill) {
      const names = skills.filter(({ manual }) => !manual).map((one) => one.name);
      return fail(
        'notFound',
        `There is no skill ${name}.`,
        names.length > 0 ? `There are: ${names.join(', ')}.` : undefined,
      );
    }
    if (skill.manual) return fail('denied', `Only the person loads ${name}, by writing /${name}.`);
    const { run } = session.state.head;
    if (!run || !this.#registry) return fail('cancelled', 'The run has ended.');
    if (file !== undefined) return this.#registry.read(skill, file);
    const { source, allowedTools } = skill;
    const limits = allowedTools ? { allowedTools } : {};
    session.append({ type: 'skill.loaded', runId: run.id, name, source, callId, ...limits });
    return ok([framedSkill({ name, source, text: skill.body }), ...(await this.#notes(skill))].join('\n'));
  }

  async #notes({ allowedTools, ...skill }: Skill): Promise<string[]> {
    const files = (await this.#registry?.files(skill)) ?? [];
    return [
      ...(allowedTools ? [`Until this run ends only these may be called: ${allowedTools.join(', ')}, and skill.`] : []),
      ...(files.length > 0 ? [`Its other files, to be read with skill and file: ${files.join(', ')}`] : []),
    ];
  }

  /** All there are for a workspace, with what is wrong with some. */
  async list(workspace?: string): Promise<ListedSkill[]> {
    const { skills, problems } = (await this.#registry?.find(workspace)) ?? { skills: [], problems: [] };
    const on = (path: string) => !this.#deps.isOff(path);
    return [
      ...skills.map(({ name, description, source, path, manual, allowedTools }) => ({
        ...{ name, description, source, path, manual, on: on(path) },
        ...(allowedTools ? { allowedTools } : {}),
      })),
      ...problems.map((found) => ({ ...found, description: '', manual: false, on: on(found.path) })),
    ];
  }

  /** For the agents' tool: undefined when no folder was given. */
  writer(): SkillWriter | undefined {
    return this.#writer;
  }
}
