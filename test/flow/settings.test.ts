import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { call, say } from '../fakes/model-server.ts';
import { startBench } from './harness.ts';

it('a change of one setting leaves the others as they are [settings.change]', async () => {
  const { window } = await startBench();
  await window.request('settings.change', { changes: { theme: 'dark', defaultMode: 'plan', notifications: false } });
  await window.request('settings.change', { changes: { agentsManageSkills: true } });
  await window.until(() => window.app.settings.agentsManageSkills);
  expect(window.app.settings).toMatchObject({
    theme: 'dark',
    defaultMode: 'plan',
    notifications: false,
    modelTitles: false,
  });
});

it('a bad setting takes no other with it: one notice names it, and an unreadable deny rule makes every call ask [settings.salvage]', async () => {
  const first = await startBench();
  await first.workbench.shutdown(1000);
  const path = join(first.userDataDir, 'settings.json');
  const rules = { allow: ['Bash(touch *)'], ask: [], deny: [{ rule: 'Bash(rm *)' }] };
  const content = JSON.stringify({ modelTitles: false, memory: true, theme: 'pink', defaultMode: 'none', rules });
  await writeFile(path, content);
  const bench = await startBench({ userDataDir: first.userDataDir });
  const { window, server } = bench;
  const told = () => window.app.notices.map(({ text }) => text).filter((text) => text.includes('settings.json'));
  expect(told()).toHaveLength(1);
  for (const place of ['`theme`', '`defaultMode`', '`rules.deny[0]`']) expect(told()[0]).toContain(place);
  expect(window.app.settings).toMatchObject({ theme: 'system', defaultMode: 'plan', memory: true });
  expect(await readFile(path, 'utf8')).toBe(content);

  server.script(say(call('bash', { command: 'touch a' })), say('done'));
  const id = await bench.newSession({ mode: 'bypass' });
  await bench.send(id, 'go');
  const approval = await window.approval();
  expect(approval.reason).toContain('settings.json: rules.deny[0]');
  await window.answer(approval, 'deny');
  await window.untilIdle(id);

  // The person takes the stand-in away, as any other rule; the file as it was is kept.
  const [stand] = (await window.request('rules.list', {})).rules.filter(({ kind }) => kind === 'deny');
  expect(stand).toMatchObject({ text: '(settings.json: rules.deny[0])', problem: expect.any(String) });
  await window.request('rules.remove', { place: stand!.place, kind: 'deny', texts: [stand!.text] });
  const kept = (await readdir(first.userDataDir)).filter((name) => name.startsWith('settings.json.damaged-'));
  expect(kept).toHaveLength(1);
  expect(await readFile(join(first.userDataDir, kept[0]!), 'utf8')).toBe(content);
  expect((await window.request('rules.test', { call: 'bash: touch a', sessionId: id })).decision).toBe('allow');
});

it('a model that is changed keeps its place in the list [settings.change]', async () => {
  const { window, server } = await startBench();
  const profile = (name: string) => ({ name, baseUrl: server.baseUrl, model: 'm' });
  const { id } = await window.request('profile.save', { profile: profile('one') });
  await window.request('profile.save', { profile: profile('two') });
  await window.request('profile.save', { profile: { ...profile('changed'), id } });
  await window.until(() => window.app.settings.profiles[0]?.name === 'changed');
  expect(window.app.settings.profiles.map(({ name }) => name)).toEqual(['changed', 'two']);
});

it('stored keys that cannot be read are told of, with what to do [damage]', async () => {
  const first = await startBench();
  await first.workbench.shutdown(1000);
  await writeFile(join(first.userDataDir, 'secrets.json'), '{"keys":');
  const { window } = await startBench({ userDataDir: first.userDataDir });
  expect(window.app.notices).toMatchObject([
    { text: expect.stringContaining('secrets.json is damaged'), hint: expect.stringContaining('Enter the keys') },
  ]);
});
