import { describe, expect, it } from 'vitest';
import { formatSkill, parseSkill } from '../../../electron/skills/skill-file.ts';
import { fc } from '../../properties.ts';

const file = (head: string, body = 'Do it.') => `---\n${head}\n---\n\n${body}\n`;
const problem = async (text: string) => {
  const parsed = await parseSkill(text, 'folder');
  return parsed.ok ? undefined : parsed.error.message;
};

describe('a SKILL.md', () => {
  it('gives name, description, limits and instructions [skills.file]', async () => {
    const text = file(
      'name: fix-flaky\ndescription: >\n  Finds flaky\n  tests\nallowed-tools: Read, Bash(git add:*) Grep\ndisable-model-invocation: true\nlicense: MIT',
      '# Steps\n\n---\n\n1. Run it.',
    );
    expect(await parseSkill(text, 'folder')).toEqual({
      ok: true,
      value: {
        name: 'fix-flaky',
        description: 'Finds flaky tests',
        allowedTools: ['Read', 'Bash(git add:*)', 'Grep'],
        manual: true,
        body: '# Steps\n\n---\n\n1. Run it.',
      },
    });
  });

  it('is named by its folder, takes Windows line ends, and bounds nothing by an empty list', async () => {
    const parsed = await parseSkill('\uFEFF---\r\ndescription: d\r\nallowed-tools: []\r\n---\r\nBody', 'my-skill');
    expect(parsed).toEqual({ ok: true, value: { name: 'my-skill', description: 'd', manual: false, body: 'Body' } });
  });

  it.each([
    ['no front matter', 'just text', /does not begin with front matter/],
    ['YAML that is none', file('name: a\ndescription: use: it'), /not YAML \(line 3\).*quotes/],
    ['no description', file('name: a'), /Its description is missing/],
    ['a list for a name', file('name: [1, 2]\ndescription: d'), /^Its name is not written as it must be\.$/],
    ['an empty description', file('description: ""'), /Its description is empty/],
    ['a name with a path in it', file('name: ../x\ndescription: d'), /Its name must be lower-case/],
    ['a list for front matter', file('- a\n- b'), /no list of names and values/],
    [
      'a bomb of aliases',
      file(`a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d]\ndescription: d`),
      /too deep/,
    ],
  ])('with %s says what is wrong [skills.problems]', async (_, text, expected) => {
    expect(await problem(text)).toMatch(expected);
  });

  it('never repeats what the file holds: it may be a link to something else', async () => {
    expect(await problem('---\nroot:x:0:0: secret: [\n---\n')).not.toContain('secret');
  });

  it('written from any values is read back as these values, without other keys [skills.write]', async () => {
    const line = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== '');
    await fc.assert(
      fc.asyncProperty(line, fc.string({ maxLength: 80 }), async (description, content) => {
        const parsed = await parseSkill(await formatSkill({ name: 'a-b', description, content }), 'folder');
        if (!parsed.ok) throw new Error(parsed.error.message);
        expect(parsed.value.name).toBe('a-b');
        expect(parsed.value.description).toBe(description.trim().replace(/\s+/g, ' '));
        expect(parsed.value).not.toHaveProperty('allowedTools');
      }),
      { numRuns: 200 },
    );
    const injected = await formatSkill({ name: 'a', description: 'x\nallowed-tools: Bash', content: 'y' });
    expect(await parseSkill(injected, 'a')).not.toHaveProperty('value.allowedTools');
  });
});
