import type { SkillInUse } from '../../shared/session/state.ts';
import { skillTool } from '../../shared/skills/skill.ts';
import type { Decision, Judgement } from '../permissions/policy.ts';
import { namesTool } from '../permissions/rule-match.ts';
import { parsedRules, plainName } from '../permissions/rules.ts';

/** The decision about a call when nothing but these rules and reading in the workspace were allowed. */
export type JudgeBy = (allow: string[]) => Promise<Decision>;

/**
 * The pipeline's step before rules and modes: while a skill that names its tools is in use, a call that none of them covers is denied.
 * Undefined otherwise; a skill never allows anything. Several skills bound a call together.
 */
export async function limitedBySkills(
  tool: string,
  skills: readonly SkillInUse[],
  judgeBy: JudgeBy,
): Promise<Judgement | undefined> {
  // Reading a skill has no effect, and without it one skill would keep all others out.
  if (plainName(tool) === skillTool) return undefined;
  for (const { name, allowedTools } of skills) {
    if (!allowedTools || (await isCovered(tool, allowedTools, judgeBy))) continue;
    const reason = `The skill \`${name}\` is in use, and until this run ends it permits only ${allowedTools.join(', ')}`;
    return { decision: 'deny', reason, waivable: false, readsOnly: false };
  }
  return undefined;
}

async function isCovered(tool: string, allowedTools: string[], judgeBy: JudgeBy): Promise<boolean> {
  const rules = parsedRules(allowedTools);
  if (rules.some((rule) => rule.kind === 'tool' && namesTool(rule.tool, plainName(tool)))) return true;
  const judged = await judgeBy(rules.map((rule) => rule.text));
  return judged.decision === 'allow' && judged.rule !== undefined;
}

/** Skills that bound the calls of a session: those of its run, and of the runs above it that wait for it. */
export const skillsInUse = (heads: { run?: { outcome?: string; skills?: SkillInUse[] } }[]): SkillInUse[] =>
  heads.flatMap(({ run }) => (run && run.outcome === undefined ? (run.skills ?? []) : []));
