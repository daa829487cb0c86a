import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { app, BrowserWindow, dialog, nativeTheme, safeStorage } from 'electron';
import { installCodeCache } from './code-cache.ts';
import { readFirstPaint } from './first-paint.ts';
import { installTransport, sendEvents } from './ipc/transport.ts';
import { isTrusted, lockDownEarly, lockDownSession, openFolder, openOutside } from './lockdown.ts';
import { createLogFile } from './log-file.ts';
import { installContextMenu, installMenu } from './menu.ts';
import { noticeHost } from './notifications.ts';
import { quitInOrder } from './quit.ts';
import { createRedactor, redact } from './redact.ts';
import { folderToOpen } from './start-arguments.ts';
import type { WindowBounds } from './storage/layout.ts';
import { assetsFolder, bringToFront, distFolder, openWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

installCodeCache();
lockDownEarly();

/** A page that has not asked for its script by then is not waited for. */
const pageDeadlineMs = 1000;
const userDataDir = app.getPath('userData');
const folder = folderToOpen(process.argv, process.defaultApp === true, process.cwd());

/** Keys known so far, to keep them out of the log: the environment's at once, stored ones when the core has read them. */
let storedKeys = (): readonly string[] => [];
const hideKeys = createRedactor(() => storedKeys(), process.env.OPENAI_API_KEY);
const log = createLogFile({
  file: join(userDataDir, 'logs', 'main.log'),
  redact: (text) => redact(hideKeys(text)),
  now: () => new Date(),
});
process.on('uncaughtException', (error) => log.error('uncaught exception', { error }));
process.on('unhandledRejection', (reason) => log.error('unhandled rejection', { reason }));

/** The core is loaded while the page compiles its script, so that neither waits for the other. */
async function loadWorkbench(): Promise<Workbench> {
  const [{ createWorkbench }, { createSecrets }] = await Promise.all([
    import('./workbench.ts'),
    import('./storage/secrets.ts'),
  ]);
  const secrets = createSecrets({ path: join(userDataDir, 'secrets.json'), log, safeStorage });
  storedKeys = secrets.known;
  return createWorkbench({
    kind: 'window',
    userDataDir,
    assetsDir: assetsFolder(),
    env: process.env,
    log,
    secrets,
    ...(folder === undefined ? {} : { folderToOpen: folder }),
    versions: { app: app.getVersion(), electron: process.versions.electron },
    host: {
      openOutside,
      openFolder,
      chooseFolder,
      openText,
      saveText,
      notices: noticeHost,
      setTheme: (theme) => {
        nativeTheme.themeSource = theme;
      },
    },
  });
}

async function chooseFolder(windowId: number): Promise<string | undefined> {
  const window = BrowserWindow.fromId(windowId);
  const options = { properties: ['openDirectory' as const, 'createDirectory' as const], title: 'Choose a workspace' };
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return filePaths[0];
}

async function saveText(windowId: number, name: string, text: string): Promise<string | undefined> {
  const window = BrowserWindow.fromId(windowId);
  const options = { defaultPath: join(app.getPath('documents'), name), title: 'Save' };
  const { filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  if (!filePath) return undefined;
  await writeFile(filePath, text, 'utf8');
  return filePath;
}

async function openText(windowId: number, extensions: string[]): Promise<string | undefined> {
  const window = BrowserWindow.fromId(windowId);
  const options = {
    properties: ['openFile' as const],
    title: 'Open',
    filters: [{ name: extensions.join(', '), extensions }],
  };
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return filePaths[0] === undefined ? undefined : readFile(filePaths[0], 'utf8');
}

function openMainWindow(workbench: Promise<Workbench>, bounds?: WindowBounds): void {
  // When the core could not be made, requests say so; these facts then have nobody to tell.
  const tell = (use: (core: Workbench) => void) => void workbench.then(use, () => undefined);
  const window = openWindow({
    preload: join(distFolder(), 'main', 'preload.cjs'),
    layout: { load: () => bounds, save: (saved) => tell((core) => core.saveBounds(saved)) },
    onReset: (id) => tell((core) => core.attachWindow(id, (batch) => sendEvents(id, batch))),
    onClosed: (id) => tell((core) => core.detachWindow(id)),
    log: (message) => log.warn(message),
  });
  installContextMenu(window);
}

function start(): void {
  const { theme, bounds } = readFirstPaint(userDataDir);
  nativeTheme.themeSource = theme;
  const ready = app.whenReady();
  const opened = ready.then(() => {
    const pageAsked = lockDownSession(join(distFolder(), 'renderer'));
    openMainWindow(workbench, bounds);
    installMenu();
    return Promise.race([pageAsked, setTimeout(pageDeadlineMs)]);
  });
  const workbench: Promise<Workbench> = opened.then(loadWorkbench);
  workbench.catch((error: unknown) => log.error('the workbench could not be started', { error }));
  installTransport({
    isTrusted,
    router: { handle: async (caller, route, input) => (await workbench).router.handle(caller, route, input) },
  });
  quitInOrder(workbench, log, () => openMainWindow(workbench));
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) openMainWindow(workbench);
  });
  app.on('second-instance', (_event, _argv, _cwd, wanted) => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window) bringToFront(window);
    const { folder: asked } = (wanted ?? {}) as { folder?: unknown };
    if (typeof asked === 'string')
      void workbench
        .then((core) => core.openFolder(asked))
        .catch((error: unknown) => log.error('opening a folder', { error }));
  });
}

// A second start hands its folder to the first and ends.
if (app.requestSingleInstanceLock({ folder })) start();
else app.quit();
