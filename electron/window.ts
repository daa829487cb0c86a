import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, type Rectangle, screen } from 'electron';
import { appUrl } from './app-files.ts';
import type { WindowBounds } from './storage/layout.ts';

/** Where a window lies on the screen, kept between starts. */
export interface WindowLayout {
  load(): WindowBounds | undefined;
  save(bounds: WindowBounds): void;
}

export interface WindowOptions {
  preload: string;
  layout: WindowLayout;
  /** The page begins anew (load, reload, crash): nothing of the old one listens any more. */
  onReset(windowId: number): void;
  onClosed(windowId: number): void;
  log(message: string): void;
}

const DEFAULT_SIZE = { width: 1280, height: 820 };
const SAVE_DELAY_MS = 400;
const CRASHES_APART_MS = 10_000;
const CLOSE_DEADLINE_MS = 1000;

/** The theme's --bg, so that a window is never white before its page has painted. */
const background = () => (nativeTheme.shouldUseDarkColors ? '#18191c' : '#ffffff');

/** Saved bounds count only while enough of the title bar can be reached on a screen that is there now. */
function reachable(saved: WindowBounds | undefined): Rectangle | undefined {
  if (!saved) return undefined;
  const { maximized: _, ...bounds } = saved;
  const area = screen.getDisplayMatching(bounds).workArea;
  const overlap = Math.min(bounds.x + bounds.width, area.x + area.width) - Math.max(bounds.x, area.x);
  const titleBarVisible = bounds.y >= area.y - 10 && bounds.y < area.y + area.height - 40;
  return overlap >= 120 && titleBarVisible ? bounds : undefined;
}

/** Opens a window on our page; it appears when its first frame is painted. */
export function openWindow(options: WindowOptions): BrowserWindow {
  const saved = options.layout.load();
  const window = new BrowserWindow({
    ...DEFAULT_SIZE,
    ...reachable(saved),
    minWidth: 720,
    minHeight: 480,
    title: 'Switchyard',
    show: false,
    backgroundColor: background(),
    autoHideMenuBar: true,
    titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'default',
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      // Dictionaries would be fetched from elsewhere.
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (saved?.maximized) window.maximize();
    window.show();
  });
  window.on('page-title-updated', (event) => event.preventDefault());
  keepBounds(window, options.layout);
  surviveCrashes(window, options);
  window.webContents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) options.onReset(window.id);
  });
  const { id } = window;
  window.once('closed', () => options.onClosed(id));
  const onTheme = () => window.setBackgroundColor(background());
  nativeTheme.on('updated', onTheme);
  window.once('closed', () => nativeTheme.off('updated', onTheme));
  window.loadURL(appUrl).catch((error: unknown) => options.log(`the page could not be loaded: ${String(error)}`));
  return window;
}

function keepBounds(window: BrowserWindow, layout: WindowLayout): void {
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    if (window.isMinimized() || window.isFullScreen()) return;
    layout.save({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_DELAY_MS);
  };
  window.on('resize', later);
  window.on('move', later);
  window.on('close', () => {
    if (timer) save();
  });
  window.once('closed', () => clearTimeout(timer));
}

/** A renderer that dies is loaded again, since all state is in main; twice in a row is left to the person's Reload. */
function surviveCrashes(window: BrowserWindow, { log }: WindowOptions): void {
  let crashedAt = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    const again = performance.now() - crashedAt < CRASHES_APART_MS;
    crashedAt = performance.now();
    log(
      `the window's process ended (${reason}, ${exitCode}); ${again ? 'it ended just before too, not reloaded' : 'reloading it'}`,
    );
    if (!again) window.webContents.reload();
  });
  window.on('unresponsive', () => log('the window does not respond'));
  window.on('responsive', () => log('the window responds again'));
}

/** Brings a window to the front, as the person expects of a second start. */
export function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/** Closes a window and resolves when it is gone; its page may still save what it holds, but not keep it open. */
export function closeWindow(window: BrowserWindow): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => window.destroy(), CLOSE_DEADLINE_MS);
    window.once('closed', () => {
      clearTimeout(timer);
      resolve();
    });
    window.close();
  });
}

/** The folder of the built files: main, renderer and assets lie beside each other. */
export const distFolder = (): string => join(app.getAppPath(), 'dist');

/** Programs and files that must be real ones on the disk: a packaged app keeps them beside its archive. */
export const assetsFolder = (): string =>
  join(distFolder().replace(/app\.asar(?=[\\/])/, 'app.asar.unpacked'), 'assets');
