import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createSettings } from '../../../electron/storage/settings.ts';
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
