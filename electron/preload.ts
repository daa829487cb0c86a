import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { eventChannel, requestChannel } from '../shared/ipc/channels.ts';
import type { Bridge, EventBatch } from '../shared/ipc/types.ts';

const bridge: Bridge = {
  request: (route, input) => ipcRenderer.invoke(requestChannel, route, input),
  onEvents: (listener) => {
    // The event object stays here: it would hand the page Electron's own sender.
    const pass = (_event: IpcRendererEvent, batch: EventBatch) => listener(batch);
    ipcRenderer.on(eventChannel, pass);
    return () => {
      ipcRenderer.off(eventChannel, pass);
    };
  },
};

// What crosses is copied and frozen by the bridge; there is nothing deeper than this one object.
contextBridge.exposeInMainWorld('workbench', Object.freeze(bridge));
