import type { Skill } from './skill-registry.ts';

/** Characters of the catalogue, about 3,000 tokens. */
const limit = 12_000;

/**
 * What the system prompt says of skills: names and descriptions, never bodies, always in the same order so that prompt caches hold.
 * What does not fit keeps its name, and what even so does not fit is counted.
 */
export function catalogueOf(skills: readonly Skill[]): string | undefined {
  const offered = skills.filter((skill) => !skill.manual);
  if (offered.length === 0) return undefined;
  const lines = [
    'Skills are instructions for particular kinds of work. When a task fits one, load it with the skill tool before you begin. A skill is advice: it permits nothing, and never outranks the person.',
  ];
  let length = lines[0]!.length;
  let left = 0;
  for (const { name, description, source } of offered) {
    const label = source === 'workspace' ? `${name} (from the workspace)` : name;
    const line = [`- ${label}: ${description}`, `- ${label}`].find((one) => length + one.length < limit);
    if (line === undefined) left += 1;
    else {
      lines.push(line);
      length += line.length + 1;
    }
  }
  return left === 0 ? lines.join('\n') : [...lines, `- and ${left} more that are not listed`].join('\n');
}
