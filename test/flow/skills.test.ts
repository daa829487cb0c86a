import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { FoundSkills, SkillRegistry } from '../../electron/skills/skill-registry.ts';
import { call, gate, say } from '../fakes/model-server.ts';
import { type Bench, startBench } from './harness.ts';
import { expectLaws } from './laws.ts';

const skill = (name: string, more = '') =>
  `---\nname: ${name}\ndescription: How to ${name}\n${more}---\nThe steps of ${name}.\n`;

async function put(root: string, files: Record<string, string>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
}

async function withSkills(own: Record<string, string>, workspace: Record<string, string> = {}): Promise<Bench> {
  const bench = await startBench({ files: { 'notes.txt': 'Notes.\n' } });
  await put(join(bench.userDataDir, 'skills'), own);
  await put(bench.workspace, workspace);
  return bench;
}

const systemOf = ({ server }: Bench, index: number) => String(server.requests[index]?.body.messages[0]?.content);
const toolsOf = ({ server }: Bench, index: number) =>
  ((server.requests[index]?.body.tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
const sentIn = ({ server }: Bench, index: number) => JSON.stringify(server.requests[index]?.body.messages);

it('the model is told names, loads what fits, and the context says what that takes [skills.load] [S-W45] [S-W46] [S-W47]', async () => {
  const bench = await withSkills(
    { 'deploy/SKILL.md': skill('deploy'), 'deploy/hosts.md': 'web-1' },
    { '.claude/skills/review/SKILL.md': skill('review') },
  );
  const { window, server } = bench;
  server.script(
    say(call('skill', { name: 'deploy' }), call('skill', { name: 'deploy', file: 'hosts.md' })),
    say('Done.'),
    say('Again.'),
  );
  const id = await bench.newSession();
  // A word of its description does not bring a skill along.
  await bench.send(id, 'How to deploy?');
  await window.untilIdle(id);
  expect(systemOf(bench, 0)).toContain('- deploy: How to deploy\n- review (from the workspace): How to review');
  expect(sentIn(bench, 0)).not.toContain('The steps of deploy');
  expect(toolsOf(bench, 0)).toEqual([...toolsOf(bench, 0)].sort());
  expect(toolsOf(bench, 0)).toContain('skill');
  expect(toolsOf(bench, 0)).not.toContain('manage_skill');
  expect(window.calls(id).map(({ state, result }) => [state, result?.output])).toEqual([
    ['ok', expect.stringContaining('<skill name="deploy">\nThe steps of deploy.\n</skill>')],
    ['ok', 'web-1'],
  ]);
  expect(window.session(id).head.run?.skills).toEqual([{ name: 'deploy', source: 'user' }]);
  const { parts, used, messages } = await window.request('context.preview', { sessionId: id });
  expect(parts.skills).toBeGreaterThan(20);
  expect(parts.results).toBe(0);
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(used, -1);
  expect(messages[0]?.text).toBe(systemOf(bench, 1));
  await bench.send(id, 'and again');
  await window.untilIdle(id);
  // The prompt stays what the person wrote, and the system prompt the same for the provider's cache.
  expect(window.session(id).items[0]).toMatchObject({ kind: 'prompt', text: 'How to deploy?' });
  expect(systemOf(bench, 2)).toBe(systemOf(bench, 0));
  expect(window.session(id).head.run?.skills).toBeUndefined();
  await expectLaws(bench, id);
});

it('/name loads a skill with the prompt, also one that only a person may load; the words stay theirs [skills.slash] [S-W45]', async () => {
  const bench = await withSkills({ 'tidy/SKILL.md': skill('tidy', 'disable-model-invocation: true\n') });
  const { window, server } = bench;
  server.script(say('Tidied.'), say('No.'), say(call('skill', { name: 'tidy' })), say('No.'));
  const id = await bench.newSession();
  await bench.send(id, '/tidy the shelf');
  await window.untilIdle(id);
  expect(sentIn(bench, 0)).toContain('The steps of tidy.\\n</skill>\\n\\n/tidy the shelf');
  expect(toolsOf(bench, 0)).not.toContain('skill');
  expect(window.session(id).items[0]).toMatchObject({
    text: '/tidy the shelf',
    skill: { name: 'tidy', source: 'user', text: 'The steps of tidy.' },
  });
  const { parts } = await window.request('context.preview', { sessionId: id });
  expect(parts.skills).toBeGreaterThan(0);
  await bench.send(id, '/unknown thing');
  await window.untilIdle(id);
  expect(sentIn(bench, 1)).toContain('"/unknown thing"');
  // It stands where it was asked for, and not again with each prompt.
  expect(sentIn(bench, 1).split('The steps of tidy')).toHaveLength(2);
  // The model asks for it all the same.
  await bench.send(id, 'tidy');
  await window.untilIdle(id);
  expect(window.calls(id)[0]).toMatchObject({
    state: 'error',
    result: { output: expect.stringContaining('tool "skill"') },
  });
  const restarted = await bench.restart();
  const items = (await restarted.window.openSession(id)).items;
  expect(items[0]).toMatchObject({ skill: { text: 'The steps of tidy.' } });
  await expectLaws(restarted, id);
});

it('a skill bounds what is called while it is in use, and never allows anything [skills.limits] [S-W48]', async () => {
  const limits = 'allowed-tools: Read, Write(out/**), Bash(git log *)\n';
  const bench = await withSkills({ 'look/SKILL.md': skill('look', limits) });
  const { window, server } = bench;
  server.script(
    say(
      call('read', { file_path: 'notes.txt' }),
      call('ls', {}),
      call('bash', { command: 'git log -1; rm notes.txt' }),
      call('write', { file_path: 'notes.txt', content: 'x' }),
      call('write', { file_path: 'out/a.txt', content: 'x' }),
    ),
    say('Done.'),
    say(call('write', { file_path: 'notes.txt', content: 'y' })),
    say('Done.'),
  );
  const id = await bench.newSession({ mode: 'accept-edits' });
  await window.request('session.configure', { sessionId: id, changes: { mode: 'manual' } });
  await bench.send(id, '/look around');
  // What the skill names is asked about like any other write.
  const asked = await window.approval();
  expect(asked).toMatchObject({ tool: 'write', args: { file_path: 'out/a.txt' } });
  await window.answer(asked, 'allow');
  await window.untilIdle(id);
  expect(window.calls(id).map(({ tool, state }) => [tool, state])).toEqual([
    ['read', 'ok'],
    ['ls', 'ok'],
    ['bash', 'denied'],
    ['write', 'denied'],
    ['write', 'ok'],
  ]);
  expect(window.calls(id)[3]?.result?.output).toMatch(/skill `look` is in use.*only Read, Write\(out\/\*\*\)/);
  expect(await bench.file('notes.txt')).toBe('Notes.\n');
  // The next run is free of it.
  await bench.send(id, 'write');
  await window.answer(await window.approval(), 'allow');
  await window.untilIdle(id);
  expect(await bench.file('notes.txt')).toBe('y');
  await expectLaws(bench, id);
});

it('a skill bounds the children of its run as well, and an edited call [skills.limits]', async () => {
  const bench = await withSkills({ 'look/SKILL.md': skill('look', 'allowed-tools: [Read, Task, "Write(out/**)"]\n') });
  const { window, server } = bench;
  server.script(
    say(call('task', { description: 'write', prompt: '/look write it' })),
    say(call('write', { file_path: 'child.txt', content: 'x' })),
    say('Could not.'),
    say(call('write', { file_path: 'out/b.txt', content: 'x' })),
    say('Done.'),
  );
  const id = await bench.newSession();
  await bench.send(id, '/look');
  const asked = await window.approval();
  await expect(window.answer(asked, 'allow', { args: { file_path: 'b.txt', content: 'x' } })).rejects.toThrow(/look/);
  await window.answer(asked, 'allow');
  await window.untilIdle(id);
  const child = await window.openSession(window.session(id).head.children[0] ?? '');
  expect(child.items[0]).not.toHaveProperty('skill');
  expect(child.items.find((item) => item.kind === 'call')).toMatchObject({ tool: 'write', state: 'denied' });
});

it('the registry can be set and taken away; sessions made before go by it at their next run [S-W50] [S-W52] [skills.registry]', async () => {
  const bench = await withSkills({ 'deploy/SKILL.md': skill('deploy') });
  const { window, server, workbench } = bench;
  const { manager } = workbench;
  const id = await bench.newSession();
  const own = manager.skillRegistry();
  expect(own).toBeDefined();
  const found: FoundSkills = {
    skills: [
      { name: 'fly', description: 'How to fly', source: 'user', path: 'memory:fly', manual: false, body: 'Up.' },
    ],
    problems: [],
  };
  const custom: SkillRegistry = {
    find: async () => found,
    files: async () => [],
    read: async () => ({ ok: false, error: { code: 'notFound', message: 'none' } }),
  };
  const hold = gate();
  server.script(say(hold, call('skill', { name: 'deploy' })), say('One.'), say('Two.'), say('Three.'));
  await bench.send(id, 'one');
  await hold.reached;
  manager.setSkillRegistry(custom, join(bench.userDataDir, 'skills'));
  expect(manager.skillRegistry()).toBe(custom);
  hold.open();
  await window.untilIdle(id);
  await bench.send(id, 'two');
  await window.untilIdle(id);
  expect(systemOf(bench, 1)).toBe(systemOf(bench, 0));
  expect(systemOf(bench, 2)).toContain('- fly: How to fly');
  expect(systemOf(bench, 2)).not.toContain('deploy');
  expect(toolsOf(bench, 2)).toContain('manage_skill');
  manager.setSkillRegistry(undefined);
  expect(manager.skillRegistry()).toBeUndefined();
  await bench.send(id, 'three');
  await window.untilIdle(id);
  expect(toolsOf(bench, 3)).not.toContain('skill');
  expect(toolsOf(bench, 3)).not.toContain('manage_skill');
  expect(systemOf(bench, 3)).not.toContain('Skills');
  // A change of settings does not bring ours back.
  await window.request('settings.change', { changes: { agentsManageSkills: true } });
  expect(manager.skillRegistry()).toBeUndefined();
});

it('an agent may propose a skill where that is wanted; it is asked about in every mode and counts here alone [skills.manage] [S-W49]', async () => {
  const bench = await withSkills({});
  const { window, server } = bench;
  await window.request('settings.change', { changes: { agentsManageSkills: true } });
  const proposal = { action: 'create', name: 'ship', description: 'Ships: it', content: 'Push the tag.' };
  server.script(
    say(
      call('manage_skill', { ...proposal, name: '../../evil' }),
      call('manage_skill', { ...proposal, allowed_tools: ['Bash'] }),
      call('manage_skill', proposal),
    ),
    say('Proposed.'),
    say('Seen.'),
    say('Not here.'),
    say(call('manage_skill', { action: 'remove', name: 'ship' })),
    say('Removed.'),
  );
  const id = await bench.newSession({ mode: 'bypass' });
  await bench.send(id, 'keep this');
  const file = join(bench.userDataDir, 'skills/ship/SKILL.md');
  const asked = await window.approval();
  expect(asked).toMatchObject({
    ...{ tool: 'manage_skill', args: { name: 'ship' }, detail: { type: 'diff', created: true } },
    reason: expect.stringContaining('asked about'),
  });
  expect((await window.request('approval.suggestRule', { id: asked.id })).rules).toEqual([]);
  await expect(readFile(file)).rejects.toThrow();
  await window.answer(asked, 'allow');
  await window.untilIdle(id);
  expect(window.calls(id).map(({ state }) => state)).toEqual(['error', 'error', 'ok']);
  expect(await readFile(file, 'utf8')).toContain(`workspace: ${bench.workspace}`);
  await bench.send(id, 'again');
  await window.untilIdle(id);
  expect(systemOf(bench, 2)).toContain('- ship: Ships: it');
  const elsewhere = await bench.newSession({ workspace: bench.userDataDir });
  await bench.send(elsewhere, 'hello');
  await window.untilIdle(elsewhere);
  expect(systemOf(bench, 3)).not.toContain('ship');
  await bench.send(id, 'remove it');
  await window.answer(await window.approval(({ id: other }) => other !== asked.id), 'allow');
  await window.untilIdle(id);
  await expect(readFile(file)).rejects.toThrow();
  await expectLaws(bench, id);
});

it('the window lists, makes and switches skills, and tells once of what cannot be used [skills.list] [skills.problems]', async () => {
  const bench = await withSkills(
    { 'deploy/SKILL.md': skill('deploy') },
    { '.agents/skills/bad/SKILL.md': 'nothing', '.agents/skills/good/SKILL.md': skill('good') },
  );
  const { window, server } = bench;
  const id = await bench.newSession();
  const list = async () => (await window.request('skills.list', { sessionId: id })).skills;
  expect((await list()).map(({ name, source, on, problem }) => [name, source, on, problem !== undefined])).toEqual([
    ['deploy', 'user', true, false],
    ['good', 'workspace', true, false],
    ['bad', 'workspace', true, true],
  ]);
  expect((await window.request('skills.list', {})).skills.map(({ name }) => name)).toEqual(['deploy']);
  await expect(window.request('skills.create', { name: 'Deploy It', description: 'd', content: 'c' })).rejects.toThrow(
    /lower-case/,
  );
  await window.request('skills.create', { name: 'mine', description: 'Mine', content: 'Steps.' });
  await expect(
    window.request('skills.create', { name: 'mine', description: 'Mine', content: 'Steps.' }),
  ).rejects.toThrow(/already/);
  const off = (await list()).find(({ name }) => name === 'good')?.path ?? '';
  await window.request('skills.switch', { path: off, on: false });
  await window.until(() => window.app.settings.skillsOff.includes(off));
  server.script(say('One.'), say('Two.'));
  for (const prompt of ['/good one', 'two']) {
    await bench.send(id, prompt);
    await window.untilIdle(id);
  }
  expect(systemOf(bench, 0)).toContain('- deploy: How to deploy\n- mine: Mine');
  expect(sentIn(bench, 0)).not.toContain('good:');
  expect(sentIn(bench, 0)).not.toContain('The steps of good');
  const told = window.app.notices.filter(({ text }) => text.includes('"bad"'));
  expect(told).toMatchObject([
    { level: 'warning', text: expect.stringContaining('front matter'), hint: expect.stringContaining('bad/SKILL.md') },
  ]);
});

it('where it cannot be read which are off all are, until they are switched on again [settings.salvage] [skills.list]', async () => {
  const first = await withSkills({ 'one/SKILL.md': skill('one'), 'two/SKILL.md': skill('two') });
  await first.workbench.shutdown(1000);
  await writeFile(join(first.userDataDir, 'settings.json'), '{"modelTitles":false,"skillsOff":{"one":true}}');
  const bench = await startBench({ userDataDir: first.userDataDir });
  const { window, server } = bench;
  expect(window.app.notices.map(({ text }) => text).join()).toContain(
    'every skill is off until it is switched on again',
  );
  const id = await bench.newSession();
  const on = async () =>
    (await window.request('skills.list', { sessionId: id })).skills.filter((one) => one.on).map(({ name }) => name);
  expect(await on()).toEqual([]);
  const path = join(first.userDataDir, 'skills', 'two', 'SKILL.md');
  await window.request('skills.switch', { path, on: true });
  expect(await on()).toEqual(['two']);
  server.script(say('One.'));
  await bench.send(id, '/one go');
  await window.untilIdle(id);
  expect(systemOf(bench, 0)).toContain('- two: How to two');
  expect(systemOf(bench, 0)).not.toContain('- one:');
  expect(sentIn(bench, 0)).not.toContain('The steps of one');
  await window.request('skills.switch', { path, on: false });
  expect(await on()).toEqual([]);
});

it('without skills nothing changes: no slot, no tool, no part', async () => {
  const bench = await withSkills({});
  bench.server.script(say('Hello.'));
  const id = await bench.newSession();
  await bench.send(id, '/deploy now');
  await bench.window.untilIdle(id);
  expect(systemOf(bench, 0)).not.toMatch(/skill/i);
  expect(toolsOf(bench, 0)).toEqual(['bash', 'edit', 'glob', 'grep', 'ls', 'read', 'task', 'write']);
  expect((await bench.window.request('context.preview', { sessionId: id })).parts.skills).toBe(0);
});
