import { app, BrowserWindow, dialog } from 'electron';
import type { Log } from './log.ts';
import { closeWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

/** How long quitting waits for runs to end and for what is unwritten. */
const deadlineMs = 5000;

/**
 * Every way out (menu, last window, signal) ends the same: runs are ended and everything is written first. While sessions are in memory
 * alone a person is asked before; a signal has nobody to ask. `reopen` brings a window back for one who stays.
 */
export function quitInOrder(workbench: Promise<Workbench>, log: Log, reopen: () => void): void {
  let leaving = false;
  let signalled = false;
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (leaving) return;
    leaving = true;
    void mayQuit(workbench, signalled).then((may) => {
      leaving = may;
      if (may) void quit(workbench, log);
      else if (BrowserWindow.getAllWindows().length === 0) reopen();
    });
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      signalled = true;
      app.quit();
    });
  }
}

async function mayQuit(workbench: Promise<Workbench>, signalled: boolean): Promise<boolean> {
  if (signalled) return true;
  const sessions = await workbench.then((core) => core.manager.getAllSessions()).catch(() => []);
  const unsaved = sessions.filter((session) => session.unsaved !== undefined);
  const [first] = unsaved;
  if (!first) return true;
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: unsaved.length === 1 ? `“${first.title}” is not saved` : `${unsaved.length} sessions are not saved`,
    detail: `${first.unsaved}\n\nQuitting now loses what happened since. Stay, and it is saved by itself as soon as that is mended.`,
    buttons: ['Stay', 'Quit and lose it'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

async function quit(workbench: Promise<Workbench>, log: Log): Promise<void> {
  try {
    // Windows first: what their pages still have to save is then written too.
    await Promise.all(BrowserWindow.getAllWindows().map(closeWindow));
    const unsaved = await (await workbench).shutdown(deadlineMs);
    for (const { id, reason } of unsaved) log.error('the end of a session was lost', { session: id, reason });
  } catch (error) {
    log.error('shutdown', { error });
  } finally {
    app.exit(0);
  }
}
