import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';

const isMac = process.platform === 'darwin';

/** The menu whose shortcuts the system expects. Closing a tab is the page's own shortcut, so no item takes it. */
export function installMenu(): void {
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (!app.isPackaged) view.push({ role: 'toggleDevTools' });
  const template: MenuItemConstructorOptions[] = [
    isMac ? { role: 'appMenu' } : { label: 'File', submenu: [{ role: 'quit' }] },
    { role: 'editMenu' },
    { label: 'View', submenu: view },
    { label: 'Window', submenu: [{ role: 'minimize' }, { role: 'zoom' }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** Cut, copy and paste by right click, where they can be done. */
export function installContextMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, { isEditable, selectionText, editFlags }) => {
    const items: MenuItemConstructorOptions[] = [];
    if (isEditable) items.push({ role: 'cut', enabled: editFlags.canCut });
    if (isEditable || selectionText) items.push({ role: 'copy', enabled: editFlags.canCopy });
    if (isEditable) items.push({ role: 'paste', enabled: editFlags.canPaste });
    if (items.length === 0) return;
    items.push({ type: 'separator' }, { role: 'selectAll' });
    Menu.buildFromTemplate(items).popup({ window });
  });
}
