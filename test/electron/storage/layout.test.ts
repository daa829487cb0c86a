import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFirstPaint } from '../../../electron/first-paint.ts';
import { createLayoutStore } from '../../../electron/storage/layout.ts';
import { layoutSchema } from '../../../shared/ipc/contract.ts';
import { silentLog, temporaryFolder } from './storage-fixture.ts';

const layout = layoutSchema.parse({
  tabs: ['s1', 's2'],
  activeTab: 's2',
  drafts: { s1: 'unsent' },
  panes: { left: 20 },
});
const bounds = { x: -5, y: 10, width: 1200, height: 800 };

describe('layout', () => {
  it('comes back with drafts and window bounds', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'workbench.json');
    const store = createLayoutStore({ path, log: silentLog });
    expect(await store.load()).toEqual(layoutSchema.parse({}));
    expect(readFirstPaint(folder).bounds).toBeUndefined();
    await Promise.all([store.save(layout), store.saveBounds(bounds)]);
    const again = createLayoutStore({ path, log: silentLog });
    expect(await again.load()).toEqual(layout);
    expect(readFirstPaint(folder).bounds).toEqual({ ...bounds, maximized: false });
    expect(JSON.parse(await readFile(path, 'utf8')).windows).toEqual([
      { id: 'main', bounds: { ...bounds, maximized: false } },
    ]);
  });

  it('keeps the layout when bounds are saved before anybody asked for it', async () => {
    const path = join(await temporaryFolder(), 'workbench.json');
    await createLayoutStore({ path, log: silentLog }).save(layout);
    const store = createLayoutStore({ path, log: silentLog });
    await store.saveBounds({ ...bounds, maximized: true });
    expect(await createLayoutStore({ path, log: silentLog }).load()).toEqual(layout);
  });

  it('has written everything after flush', async () => {
    const path = join(await temporaryFolder(), 'workbench.json');
    const store = createLayoutStore({ path, log: silentLog });
    await store.load();
    store.save(layout).catch(expect.unreachable);
    store.saveBounds(bounds).catch(expect.unreachable);
    await store.flush();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ layout, windows: [{ bounds }] });
  });

  it('starts anew from a damaged file', async () => {
    const path = join(await temporaryFolder(), 'workbench.json');
    await writeFile(path, '\0\0\0');
    expect(await createLayoutStore({ path, log: silentLog }).load()).toEqual(layoutSchema.parse({}));
  });
});
