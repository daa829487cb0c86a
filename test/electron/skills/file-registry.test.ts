import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogueOf } from '../../../electron/skills/catalogue.ts';
import { createFileRegistry } from '../../../electron/skills/file-registry.ts';
import { tempFolder } from '../tools/tool-bench.ts';

const skill = (name: string, more = '') =>
  `---\nname: ${name}\ndescription: About ${name}\n${more}---\nSteps of ${name}.\n`;

function put(root: string, files: Record<string, string | Uint8Array>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

const setUp = (own: Record<string, string | Uint8Array>, workspace: Record<string, string | Uint8Array> = {}) => {
  const folder = put(tempFolder(), own);
  return { folder, registry: createFileRegistry({ folder }), workspace: put(tempFolder(), workspace) };
};

describe('skills in folders', () => {
  it('come from the person and from the workspace, in order; of one name the person’s counts [skills.places]', async () => {
    const { registry, workspace } = setUp(
      { 'zeta/SKILL.md': skill('zeta'), 'both/SKILL.md': skill('both') },
      {
        '.agents/skills/alpha/SKILL.md': skill('alpha'),
        '.claude/skills/beta/SKILL.md': skill('beta'),
        '.claude/skills/both/SKILL.md': skill('both'),
      },
    );
    const found = await registry.find(workspace);
    expect(found.skills.map(({ name, source }) => [name, source])).toEqual([
      ['alpha', 'workspace'],
      ['beta', 'workspace'],
      ['both', 'user'],
      ['zeta', 'user'],
    ]);
    expect(found.problems).toMatchObject(
      [{ name: 'both', source: 'workspace', problem: /Your own skill/ }].map((p) => ({
        ...p,
        problem: expect.stringMatching(p.problem),
      })),
    );
    expect((await registry.find()).skills.map(({ name }) => name)).toEqual(['both', 'zeta']);
  });

  it('a bad one is told of and hides no other; what is no skill is passed over [skills.problems]', async () => {
    const { registry, folder } = setUp({
      'bad/SKILL.md': 'no front matter',
      'binary/SKILL.md': new Uint8Array([0xff, 0xfe, 0x00]),
      'large/SKILL.md': `${skill('large')}${'x'.repeat(70_000)}`,
      'good/SKILL.md': skill('good'),
      'empty/README.md': 'nothing here',
      'loose.md': skill('loose'),
      '.hidden/SKILL.md': skill('hidden'),
    });
    mkdirSync(join(folder, 'folder/SKILL.md'), { recursive: true });
    const { skills, problems } = await registry.find();
    expect(skills.map(({ name }) => name)).toEqual(['good']);
    expect(problems.map(({ name, problem }) => [name, problem])).toEqual([
      ['bad', expect.stringContaining('front matter')],
      ['binary', 'It is not UTF-8 text.'],
      ['folder', expect.stringContaining('cannot be read')],
      ['large', 'It is larger than 64 KiB.'],
    ]);
  });

  it('are read again when they change', async () => {
    const { registry, folder } = setUp({ 'one/SKILL.md': skill('one') });
    expect((await registry.find()).skills[0]?.description).toBe('About one');
    put(folder, { 'one/SKILL.md': '---\nname: one\ndescription: Something else\n---\n', 'two/SKILL.md': skill('two') });
    expect((await registry.find()).skills.map(({ description }) => description)).toEqual([
      'Something else',
      'About two',
    ]);
  });

  it('a workspace reaches nothing outside of itself by links; a person may link their own [skills.links]', async () => {
    const elsewhere = put(tempFolder(), { 'secret/SKILL.md': skill('secret'), 'key.txt': 'private' });
    const { registry, folder, workspace } = setUp(
      { 'own/SKILL.md': skill('own') },
      { '.claude/skills/here/SKILL.md': skill('here'), '.claude/skills/here/notes.md': 'Notes.' },
    );
    symlinkSync(join(elsewhere, 'secret'), join(workspace, '.claude/skills/secret'));
    symlinkSync(join(elsewhere, 'secret'), join(folder, 'secret'));
    symlinkSync(join(elsewhere, 'key.txt'), join(workspace, '.claude/skills/here/key.txt'));
    const { skills, problems } = await registry.find(workspace);
    expect(skills.map(({ name, source }) => [name, source])).toEqual([
      ['here', 'workspace'],
      ['own', 'user'],
      ['secret', 'user'],
    ]);
    expect(problems).toMatchObject([
      { name: 'secret', source: 'workspace', problem: expect.stringContaining('leads out') },
    ]);
    const here = skills[0]!;
    expect(await registry.files(here)).toEqual(['notes.md']);
    expect(await registry.read(here, 'notes.md')).toEqual({ ok: true, value: 'Notes.' });
    for (const file of ['key.txt', '../../../../etc/passwd', '../here/../../SKILL.md', '/etc/passwd', 'missing.md']) {
      expect((await registry.read(here, file)).ok).toBe(false);
    }
  });

  it('written by an agent for one workspace count there alone', async () => {
    const { registry, workspace, folder } = setUp({});
    put(folder, {
      'here/SKILL.md': skill('here', `metadata: {author: agent, workspace: ${JSON.stringify(workspace)}}\n`),
    });
    expect((await registry.find(workspace)).skills).toHaveLength(1);
    expect((await registry.find(tempFolder())).skills).toHaveLength(0);
  });

  it('hidden characters in those of a workspace can be seen by whoever reads the request', async () => {
    const { registry, workspace } = setUp(
      {},
      { '.agents/skills/a/SKILL.md': skill('a').replace('Steps', 'St\u{e0041}eps') },
    );
    expect((await registry.find(workspace)).skills[0]?.body).toContain('\\u{e0041}');
  });
});

describe('the catalogue', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      ...{ name: `skill-${String(n).padStart(3, '0')}`, description: 'd'.repeat(500), body: 'BODY' },
      ...{ manual: n === 0, source: 'user' as const, path: `/s/${n}` },
    }));

  it('holds names and descriptions, never bodies, and not what only a person loads [skills.catalogue] [S-W46]', () => {
    expect(catalogueOf(many(1))).toBeUndefined();
    const text = catalogueOf(many(3)) ?? '';
    expect(text).toContain(`- skill-001: ${'d'.repeat(500)}`);
    expect(text).not.toContain('skill-000');
    expect(text).not.toContain('BODY');
  });

  it('has a bound: names stay longer than descriptions, and the rest is counted [skills.catalogue] [S-W46]', () => {
    const text = catalogueOf(many(1200)) ?? '';
    expect(text.length).toBeLessThan(12_100);
    expect(text).toMatch(/\n- skill-\d+\n/);
    expect(text).toMatch(/- and \d+ more that are not listed$/);
  });
});
