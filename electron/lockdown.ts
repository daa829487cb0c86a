import { app, BrowserWindow, type IpcMainInvokeEvent, protocol, session, shell, type WebContents } from 'electron';
import { WorkbenchError } from '../shared/errors.ts';
import { answerWithFile, appScheme, isAppUrl } from './app-files.ts';

/** Must run before `ready`: every renderer is sandboxed and our scheme counts as a secure origin. */
export function lockDownEarly(): void {
  // Only root runs without (Chromium cannot do otherwise there); enabling it all the same would end every child process.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  app.on('web-contents-created', (_event, contents) => holdContents(contents));
}

/**
 * After `ready`, before the first window: serves our files and refuses every permission but writing the clipboard.
 * Resolves when a page has asked for its style sheet, the last that it names: main has no more part in its start then.
 */
export function lockDownSession(rendererFolder: string): Promise<void> {
  // Not protocol.handle: it passes every byte through main's own thread (electron/electron#42612), which has enough to
  // do at a start. Electron's maintainers use this one for the same reason (electron/forge#3511).
  const pageAsked = new Promise<void>((resolve) => {
    protocol.registerFileProtocol(appScheme, (request, answer) => {
      answer(answerWithFile(rendererFolder, request));
      if (request.url.endsWith('.css')) resolve();
    });
  });
  const allowed = (permission: string) => permission === 'clipboard-sanitized-write';
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(allowed(permission)));
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => allowed(permission));
  session.defaultSession.setDevicePermissionHandler(() => false);
  return pageAsked;
}

/** A window stays on our own page: no other address, no new window, no embedded page. */
function holdContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void }, url: string) => {
    if (!isAppUrl(url)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** True for the main frame of a window of ours that shows our own page; everything else gets no answer. */
export function isTrusted(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  if (!frame || BrowserWindow.fromWebContents(event.sender) === null) return false;
  return frame === event.sender.mainFrame && isAppUrl(frame.url);
}

const outsideSchemes = new Set(['http:', 'https:', 'mailto:']);

/** Opens an address outside, which the person has seen and confirmed. Throws `invalid` for all but http, https and mailto. */
export async function openOutside(url: string): Promise<void> {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new WorkbenchError('invalid', 'This is not an address.');
  }
  if (!outsideSchemes.has(parsed.protocol)) {
    throw new WorkbenchError('invalid', `Addresses that begin with "${parsed.protocol}" are not opened.`);
  }
  await shell.openExternal(parsed.href).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('unsupported', `The system could not open it: ${reason}`);
  });
}

/** Shows a folder in the system's file manager. Throws `unsupported` with what the system said. */
export async function openFolder(path: string): Promise<void> {
  const reason = await shell.openPath(path);
  if (reason) throw new WorkbenchError('unsupported', `The folder could not be opened: ${reason}`, path);
}
