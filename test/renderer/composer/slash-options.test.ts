import { expect, it } from 'vitest';
import { slashOptions } from '../../../renderer/composer/slash-options.ts';
import type { ListedSkill } from '../../../shared/skills/skill.ts';

const skill = (name: string, changes: Partial<ListedSkill> = {}): ListedSkill => ({
  ...{ name, description: `About ${name}`, source: 'user', path: `/${name}`, on: true, manual: false },
  ...changes,
});
const skills = [
  skill('deploy'),
  skill('off', { on: false }),
  skill('bad', { problem: 'broken' }),
  skill('compact'),
  skill('redeploy', { manual: true }),
];
const names = (draft: string) => slashOptions(draft, skills).map(({ name }) => name);

it('offers commands and usable skills for the beginning of a prompt, and nothing for any other [skills.slash]', () => {
  expect(names('/')).toEqual(['compact', 'context', 'deploy', 'redeploy']);
  expect(names('/De')).toEqual(['deploy', 'redeploy']);
  expect(names('/com')).toEqual(['compact']);
  for (const draft of ['', 'x', '/deploy now', '/usr/bin', ' /deploy', '/zzz']) expect(names(draft)).toEqual([]);
});
