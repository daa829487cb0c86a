import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createSettings } from '../../../electron/storage/settings.ts';
import { salvageSettings } from '../../../electron/storage/settings-salvage.ts';
import { alwaysAsk } from '../../../shared/permissions/confirmation.ts';
import { type Settings, settingsSchema } from '../../../shared/settings.ts';
import { fc } from '../../properties.ts';
import { bundleChild, startChild } from './children/run-child.ts';
import { silentLog, temporaryFolder } from './storage-fixture.ts';

let changer: string;
beforeAll(async () => {
  changer = await bundleChild('settings-changer');
});

const settingsPath = async () => join(await temporaryFolder(), 'data', 'settings.json');

describe('settings', () => {
  it('start with defaults and keep what is changed', async () => {
    const path = await settingsPath();
    const settings = createSettings({ path, log: silentLog });
    expect((await settings.load()).data).toMatchObject({ theme: 'system', defaultMode: 'manual', profiles: [] });
    await settings.change((current) => ({ ...current, theme: 'dark' }));
    const again = createSettings({ path, log: silentLog });
    await again.load();
    expect(again.current().theme).toBe('dark');
    expect(await readFile(path, 'utf8')).toContain('\n  "theme": "dark"');
  });

  it('tell each new content once, also what another process changed', async () => {
    const path = await settingsPath();
    const mine = createSettings({ path, log: silentLog });
    const listener = vi.fn();
    const stop = mine.onChange(listener);
    await mine.load();
    await createSettings({ path, log: silentLog }).change((current) => ({ ...current, theme: 'light' }));
    await mine.change((current) => current);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(listener.mock.calls[0]?.[0]).toMatchObject({ theme: 'light' });
    await mine.change((current) => current);
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    await mine.change((current) => ({ ...current, theme: 'dark' }));
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('say when the file was damaged and kept', async () => {
    const path = await settingsPath();
    await createSettings({ path, log: silentLog }).change((current) => ({ ...current, theme: 'dark' }));
    await writeFile(path, '{"theme":');
    const settings = createSettings({ path, log: silentLog });
    const { data, problem } = await settings.load();
    expect(data.theme).toBe('system');
    expect(problem).toMatch(/settings\.json is damaged.*kept as settings\.json\.damaged-/);
    const kept = (await readdir(dirname(path))).filter((name) => name.includes('damaged'));
    expect(await readFile(join(dirname(path), kept[0] as string), 'utf8')).toBe('{"theme":');
  });

  const written = async (content: unknown) => {
    const path = await settingsPath();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(content));
    return { path, settings: createSettings({ path, log: silentLog }) };
  };
  const profile = { id: 'p1', name: 'One', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' };
  const anyCall = (place: string) => `(settings.json: ${place})`;

  it.each<[string, Record<string, unknown>, Partial<Settings>, string, boolean]>([
    ['a theme', { theme: 'pink', memory: true }, { theme: 'system', memory: true }, '`theme`', true],
    ['a mode', { defaultMode: 'yolo' }, { defaultMode: 'plan' }, '`defaultMode` (Plan', true],
    ['a mode of another kind', { defaultMode: 7 }, { defaultMode: 'plan' }, '`defaultMode`', true],
    [
      'a policy',
      { defaultConfirmation: { enabled: false, timeoutAction: 'x', yoloLanes: [] } },
      { defaultConfirmation: alwaysAsk },
      '`defaultConfirmation`',
      true,
    ],
    [
      'one profile',
      { profiles: [profile, { ...profile, id: 'p2', baseUrl: 'nowhere' }], defaultProfileId: 'p1' },
      { profiles: [profile], defaultProfileId: 'p1' },
      '`profiles[1]` (left out)',
      false,
    ],
    [
      'an allow rule',
      { rules: { allow: ['Bash(ls)', 7], ask: [], deny: ['Read(x)'] } },
      { rules: { allow: ['Bash(ls)'], ask: [], deny: ['Read(x)'] } },
      '`rules.allow[1]` (left out)',
      false,
    ],
    [
      'a deny and an ask rule',
      { rules: { allow: [], ask: [null], deny: ['Read(x)', { rule: 'Bash(rm *)' }] } },
      { rules: { allow: [], ask: [anyCall('rules.ask[0]')], deny: ['Read(x)', anyCall('rules.deny[1]')] } },
      '`rules.deny[1]` (every call asks',
      false,
    ],
    [
      'a list of rules',
      { rules: { allow: 'Bash', ask: [], deny: 'Bash' } },
      { rules: { allow: [], ask: [], deny: [anyCall('rules.deny')] } },
      '`rules.deny`',
      false,
    ],
    ['all rules', { rules: 1 }, { rules: { allow: [], ask: [], deny: [anyCall('rules')] } }, '`rules`', false],
    [
      'rules of one workspace',
      {
        workspaceRules: { '/a': { allow: ['Bash'], ask: [], deny: [3] }, '/b': { allow: ['Read'], ask: [], deny: [] } },
      },
      {
        workspaceRules: {
          '/a': { allow: ['Bash'], ask: [], deny: [anyCall('workspaceRules["/a"].deny[0]')] },
          '/b': { allow: ['Read'], ask: [], deny: [] },
        },
      },
      '`workspaceRules["/a"].deny[0]`',
      false,
    ],
    [
      'rules of all workspaces',
      { workspaceRules: [], rules: { allow: ['Bash'], ask: [], deny: [] } },
      { workspaceRules: {}, rules: { allow: ['Bash'], ask: [], deny: [anyCall('workspaceRules')] } },
      '`workspaceRules`',
      false,
    ],
    [
      'parts of the sandbox',
      { sandbox: { enabled: 'no', autoAllow: 1, domains: ['example.com', 'a b'], folders: [''] } },
      { sandbox: { enabled: true, autoAllow: false, domains: ['example.com'], folders: [] } },
      '`sandbox.domains[1]`',
      false,
    ],
    [
      'the sandbox',
      { sandbox: false },
      { sandbox: { enabled: true, autoAllow: false, domains: [], folders: [] } },
      '`sandbox`',
      false,
    ],
    ['the skills that are off', { skillsOff: 'all' }, { skillsOff: ['*'] }, '`skillsOff` (every skill is off', true],
    ['one skill that is off', { skillsOff: ['/a', 7] }, { skillsOff: ['*', '/a'] }, '`skillsOff`', true],
    ['names of variables', { environment: ['A', 1] }, { environment: ['A'] }, '`environment[1]`', false],
  ])('keep what is good beside %s that cannot be used [settings.salvage]', async (_, content, kept, named, usable) => {
    const { path, settings } = await written({ ...content, notifications: false });
    const loaded = await settings.load();
    expect(loaded.data).toMatchObject({ ...kept, notifications: false });
    expect(loaded.problem).toContain(named);
    expect(loaded.problem).toMatch(/All others hold\. Correct the file/);
    expect(loaded.usable === true).toBe(usable);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ ...content, notifications: false });
    expect(await readdir(dirname(path))).toEqual(['settings.json']);
  });

  it('keep the file as it was before they write over it, and say so once [settings.salvage]', async () => {
    const content = { theme: 'pink', defaultMode: 'yolo', memory: true };
    const { path, settings } = await written(content);
    await settings.load();
    const listener = vi.fn();
    settings.onChange(listener);
    await settings.change((current) => ({ ...current, theme: 'dark' }));
    const kept = (await readdir(dirname(path))).filter((name) => name.includes('damaged'));
    expect(kept).toHaveLength(1);
    expect(listener.mock.calls[0]?.[1]).toContain(kept[0]);
    expect(JSON.parse(await readFile(join(dirname(path), kept[0]!), 'utf8'))).toEqual(content);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      theme: 'dark',
      defaultMode: 'plan',
      memory: true,
    });
    await settings.change((current) => ({ ...current, defaultMode: 'manual' }));
    expect(listener.mock.calls[1]?.[1]).toBeUndefined();
    expect((await createSettings({ path, log: silentLog }).load()).problem).toBeUndefined();
    expect((await readdir(dirname(path))).filter((name) => name.includes('damaged'))).toEqual(kept);
  });

  it('write nothing where they may only read, and lose nothing that is merely missing [settings.salvage]', async () => {
    const { path, settings } = await written({ rules: { deny: ['Read'] } });
    const loaded = await settings.load({ readOnly: true });
    expect(loaded).toEqual({ data: expect.objectContaining({ rules: { allow: [], ask: [], deny: ['Read'] } }) });
    expect(await readdir(dirname(path))).toEqual(['settings.json']);
  });

  it('are never looser than what may have been meant, whatever stands in the file [settings.salvage]', () => {
    const good = settingsSchema.parse({
      defaultMode: 'manual',
      rules: { allow: ['Bash(ls *)'], ask: ['Bash'], deny: ['Read(x)', 'Edit'] },
      workspaceRules: { '/a': { allow: ['Bash'], ask: [], deny: ['Edit'] } },
      sandbox: { enabled: true, autoAllow: false, domains: ['example.com'], folders: ['~/a'] },
      environment: ['A'],
    });
    const paths: (string | number)[][] = [];
    const walk = (value: unknown, path: (string | number)[]) => {
      if (path.length > 0) paths.push(path);
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value))
        walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    };
    walk(good, []);
    fc.assert(
      fc.property(fc.subarray(paths, { minLength: 1 }), fc.jsonValue(), (spoiled, junk) => {
        const made = structuredClone(good) as unknown;
        for (const path of spoiled) {
          let holder = made as Record<string | number, unknown> | undefined;
          for (const step of path.slice(0, -1)) holder = holder?.[step] as typeof holder;
          if (typeof holder === 'object' && holder !== null) holder[path.at(-1)!] = structuredClone(junk);
        }
        // As a file holds it: no gaps in a list.
        const value = JSON.parse(JSON.stringify(made)) as unknown;
        const salvaged = salvageSettings(value);
        if (!salvaged || settingsSchema.safeParse(value).success) return;
        const { data } = salvaged;
        expect(settingsSchema.parse(data)).toEqual(data);
        const asksAlways = data.rules.deny.some((rule) => rule.startsWith('('));
        const given = value as Settings;
        const isWhole = (list: unknown): list is string[] =>
          Array.isArray(list) && list.every((one) => typeof one === 'string');
        // Each deny rule that stood there still stands, or every call asks.
        if (!asksAlways) expect(isWhole(given.rules?.deny) ? data.rules.deny : undefined).toEqual(given.rules.deny);
        for (const rule of data.rules.allow) expect(given.rules.allow).toContain(rule);
        for (const domain of data.sandbox.domains) expect(given.sandbox.domains).toContain(domain);
        if (!data.sandbox.enabled) expect(given.sandbox.enabled).toBe(false);
        if (data.sandbox.autoAllow) expect(given.sandbox.autoAllow).toBe(true);
        if (data.defaultMode !== 'plan') expect(given.defaultMode).toBe(data.defaultMode);
      }),
    );
  });

  it('lose no change of several processes at once', { timeout: 60_000 }, async () => {
    const path = await settingsPath();
    const names = ['A', 'B', 'C', 'D'];
    const count = 25;
    const ends = await Promise.all(names.map((name) => startChild(changer, [path, name, String(count)]).ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const settings = createSettings({ path, log: silentLog });
    await settings.load();
    const expected = names.flatMap((name) => Array.from({ length: count }, (_, index) => `${name}_${index}`));
    expect([...settings.current().environment].sort()).toEqual(expected.sort());
    expect((await readdir(dirname(path))).sort()).toEqual(['settings.json', 'settings.json.prev']);
  });
});
