import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type {} from '../../renderer/connection.ts';
import { findRuntime } from '../../scripts/electron-runtime.mjs';
import { test } from './launch.ts';

test('the page is sealed: no Node, no evaluation, nothing from elsewhere', async ({ launch }) => {
  const { page, app } = await launch();
  expect(page.url()).toBe('app://workbench/index.html');
  const found = await page.evaluate(
    () =>
      new Promise<Record<string, unknown>>((resolve) => {
        // In a task of its own: what Playwright itself runs is exempt from the policy on evaluation.
        setTimeout(async () => {
          const attempt = async (what: () => unknown) => {
            try {
              await what();
              return 'possible';
            } catch {
              return 'refused';
            }
          };
          resolve({
            // biome-ignore lint/security/noGlobalEval: that it is refused is what is tested.
            evaluation: await attempt(() => window.eval('1')),
            request: await attempt(() => fetch('http://127.0.0.1:9/')),
            file: await attempt(() => fetch('file:///etc/hostname')),
            outside: await attempt(() => fetch('app://workbench/../main/main.cjs')),
            window: window.open('https://example.invalid/') === null ? 'refused' : 'possible',
            node:
              typeof (globalThis as Record<string, unknown>).require +
              typeof (globalThis as Record<string, unknown>).process,
            bridge: Object.keys(window.workbench!).sort().join(),
            frozen: Object.isFrozen(window.workbench),
          });
        });
      }),
  );
  expect(found).toEqual({
    evaluation: 'refused',
    request: 'refused',
    file: 'refused',
    outside: 'refused',
    window: 'refused',
    node: 'undefinedundefined',
    bridge: 'onEvents,request',
    frozen: true,
  });
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('the window stays on its page', async ({ launch }) => {
  const { page, app } = await launch();
  await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const seen = globalThis as Record<string, unknown>;
    contents?.on('will-frame-navigate', (event) => {
      seen.refused = event.defaultPrevented;
    });
  });
  await page.evaluate(() => {
    location.href = 'https://example.invalid/';
  });
  await expect.poll(() => app.evaluate(() => (globalThis as Record<string, unknown>).refused)).toBe(true);
  expect(page.url()).toBe('app://workbench/index.html');
});

test('only an address of ours may ask', async ({ launch }) => {
  const { page, app } = await launch();
  // A second window of another origin, with our own preload: the strongest impostor there can be.
  const impostor = app.waitForEvent('window');
  await app.evaluate(({ app: electronApp, BrowserWindow }) => {
    const preload = `${electronApp.getAppPath()}/dist/main/preload.cjs`;
    const window = new BrowserWindow({ show: false, webPreferences: { preload } });
    return window.loadURL('data:text/html,<title>impostor</title>');
  });
  const answer = await (await impostor).evaluate(() => window.workbench!.request('app.open', {}));
  expect(answer).toMatchObject({ ok: false, error: { code: 'denied' } });
  expect(await page.evaluate(() => window.workbench!.request('app.open', {}))).toMatchObject({ ok: true });
});

test('a page that dies is loaded again', async ({ launch }) => {
  const { page, app, userDataDir } = await launch();
  const reloaded = app.evaluate(
    ({ BrowserWindow }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        contents?.once('did-finish-load', () => resolve());
        contents?.forcefullyCrashRenderer();
      }),
  );
  await reloaded;
  expect(page.url()).toBe('app://workbench/index.html');
  expect(await readFile(join(userDataDir, 'logs', 'main.log'), 'utf8')).toContain("the window's process ended");
});

test('quitting ends the process with 0', async ({ launch }) => {
  const { app, exited } = await launch();
  await app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => undefined);
  expect(await exited).toBe(0);
});

test('main starts from the byte code that the build made for this Electron', async ({ launch }) => {
  const { app } = await launch();
  const bundles = await app.evaluate(async ({ app: electronApp }) => {
    const need = process.mainModule!.require.bind(process.mainModule);
    const [{ readdirSync, readFileSync }, { join }, { Script }, { wrap }] = [
      need('node:fs') as typeof import('node:fs'),
      need('node:path') as typeof import('node:path'),
      need('node:vm') as typeof import('node:vm'),
      need('node:module') as typeof import('node:module'),
    ];
    const folder = join(electronApp.getAppPath(), 'dist', 'main');
    return readdirSync(folder).flatMap((name) => {
      const source = name.replace(/\.cache$/, '');
      if (source === name) return [];
      const cachedData = readFileSync(join(folder, name));
      const script = new Script(wrap(readFileSync(join(folder, source), 'utf8')), { cachedData });
      return [{ source, refused: script.cachedDataRejected }];
    });
  });
  expect(bundles.map(({ source }) => source)).toContain('workbench.cjs');
  expect(bundles.filter(({ refused }) => refused !== false)).toEqual([]);
});

test('the page loads without a complaint of its content policy', async ({ launch }) => {
  const { page } = await launch();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.reload();
  await expect(page.getByRole('textbox', { name: 'Prompt' })).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a second start hands its folder to the first and ends', async ({ launch }) => {
  const { page, app, userDataDir } = await launch();
  const workspace = await mkdtemp(join(tmpdir(), 'switchyard-second-'));
  try {
    const args = await app.evaluate(({ app: electronApp }) => [
      ...(electronApp.commandLine.hasSwitch('no-sandbox') ? ['--no-sandbox'] : []),
      electronApp.getAppPath(),
    ]);
    const runtime = findRuntime();
    const second = spawn(runtime?.executable ?? '', [`--user-data-dir=${userDataDir}`, ...args, workspace]);
    expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(0);
    const workspaces = () => page.evaluate(async () => JSON.stringify(await window.workbench!.request('app.open', {})));
    await expect.poll(workspaces).toContain(workspace);
    expect(app.windows()).toHaveLength(1);
    const tabs = page.getByRole('tablist', { name: 'Sessions' }).getByRole('tab');
    const [first, opened] = [tabs.nth(0), tabs.nth(1)];
    await expect(opened).toHaveAttribute('aria-selected', 'true');
    // What was asked for once is not asked for again by a reload.
    await first.click();
    await page.reload();
    await expect(first).toHaveAttribute('aria-selected', 'true');
    await expect(opened).toHaveAttribute('aria-selected', 'false');
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
});

test('the window opens again where it was', async ({ launch }) => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'switchyard-bounds-'));
  try {
    const bounds = { x: 60, y: 50, width: 900, height: 620 };
    const first = await launch({ userDataDir });
    await first.app.evaluate(
      ({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.setBounds(wanted),
      bounds,
    );
    await first.close();
    const second = await launch({ userDataDir });
    const found = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(found).toEqual(bounds);
    await second.close();
  } finally {
    await rm(userDataDir, { recursive: true, force: true });
  }
});
