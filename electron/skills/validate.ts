import { fail, ok, type Result } from '../../shared/errors.ts';
import { maxDescription, skillName } from '../../shared/skills/skill.ts';
import { parseRule } from '../permissions/rules.ts';
import { redact, redactionMark } from '../redact.ts';
import type { NewSkill } from './skill-file.ts';

/** Names that the window's own commands have, here and in other products. */
const reserved = new Set(
  'clear compact config context export fork help init mcp memory model new permissions plan rename resume rewind skill skills usage'.split(
    ' ',
  ),
);
const maxContent = 10 * 1024;
/** Elsewhere `allowed-tools` permits what it names, so these would open everything there. */
const wide = new Set(['bash', 'write', 'edit', 'patch']);
const injections = [
  /\b(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|system)\b[^.\n]{0,20}\b(?:instructions?|prompts?|rules?)\b/i,
  /\b(?:do not|don't|never)\s+(?:tell|inform|mention)\b[^.\n]{0,30}\b(?:user|person|human)\b/i,
  /\bwithout\s+(?:asking|telling)\b[^.\n]{0,20}\b(?:user|person|human)\b/i,
];

/** Whether a skill may be saved, judged before anything is written. More is asked of what an agent proposes. */
export function checkSkill(skill: NewSkill): Result<void> {
  const { name, description, content, allowedTools = [], byAgentIn } = skill;
  if (!skillName.test(name)) {
    return fail('invalid', 'The name must be lower-case words joined by hyphens, at most 64 characters.');
  }
  if (reserved.has(name)) return fail('invalid', `\`${name}\` is the name of a command.`, 'Choose another name.');
  if (description.trim() === '') return fail('invalid', 'The description is empty: it says when to use the skill.');
  if (description.length > maxDescription) {
    return fail('invalid', `The description is longer than ${maxDescription} characters.`);
  }
  if (content.trim() === '') return fail('invalid', 'The skill has no instructions.');
  if (Buffer.byteLength(content) > maxContent) return fail('limit', 'The instructions are longer than 10 KiB.');
  const text = `${description}\n${content}`;
  if (text.includes(redactionMark) || redact(text) !== text) {
    return fail('invalid', 'It holds what looks like a secret.', 'Name the place where the secret is kept instead.');
  }
  if (byAgentIn === undefined) return ok(undefined);
  const widest = allowedTools.find((entry) => {
    const rule = parseRule(entry);
    return rule.ok && rule.value.kind === 'tool' && wide.has(rule.value.tool);
  });
  if (widest) return fail('invalid', `\`${widest}\` names a whole tool that changes things.`, 'Give it a pattern.');
  if (injections.some((pattern) => pattern.test(text))) {
    return fail('invalid', 'It tells an agent to set aside its instructions, or to hide something from the person.');
  }
  return ok(undefined);
}
