import { BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { fail, type Result, toFailure } from '../../shared/errors.ts';
import { eventChannel, requestChannel } from '../../shared/ipc/channels.ts';
import type { EventBatch } from '../../shared/ipc/types.ts';
import type { Router } from './router.ts';

export interface TransportOptions {
  router: Router;
  /** Whether the sender is the main frame of a window of ours, showing our page. */
  isTrusted(event: IpcMainInvokeEvent): boolean;
}

/** Registers the one request channel. What it returns never rejects: Electron keeps only the message of an error. */
export function installTransport({ router, isTrusted }: TransportOptions): void {
  ipcMain.handle(requestChannel, async (event, route: unknown, input: unknown): Promise<Result<unknown>> => {
    if (!isTrusted(event)) return fail('denied', 'Requests are answered to our own windows only.');
    const window = BrowserWindow.fromWebContents(event.sender);
    if (window === null || typeof route !== 'string') return fail('invalid', 'This is not a request.');
    try {
      return await router.handle({ windowId: window.id }, route, input);
    } catch (error) {
      return { ok: false, error: toFailure(error) };
    }
  });
}

/** Sends events to a window; dropped when the window is gone, since its successor asks for the state anew. */
export function sendEvents(windowId: number, batch: EventBatch): void {
  const contents = BrowserWindow.fromId(windowId)?.webContents;
  if (contents && !contents.isDestroyed() && !contents.isCrashed()) contents.send(eventChannel, batch);
}
