import { WorkbenchError } from '../../shared/errors.ts';
import type { Settings } from '../../shared/settings.ts';
import type { NoticeHost } from '../approvals/notices.ts';

/** What only the host of the window can do. */
export interface Host {
  /** Opens http, https or mailto; throws `invalid` for anything else. */
  openOutside(url: string): Promise<void>;
  /** Shows one of our own folders in the system's file manager. */
  openFolder(path: string): Promise<void>;
  chooseFolder(windowId: number): Promise<string | undefined>;
  /** Asks for a file with one of these extensions and reads it; undefined when none was chosen. */
  openText(windowId: number, extensions: string[]): Promise<string | undefined>;
  setTheme(theme: Settings['theme']): void;
  /** Asks where to save a text, and saves it there; undefined when the person thinks better of it. */
  saveText(windowId: number, name: string, text: string): Promise<string | undefined>;
  /** Tells of approvals outside of the window, where that can be done. */
  notices?: NoticeHost;
}

const needsWindow = async (): Promise<never> => {
  throw new WorkbenchError('unsupported', 'This needs the window.');
};

/** Where there is no window. */
export const noHost: Host = {
  openOutside: needsWindow,
  openFolder: needsWindow,
  chooseFolder: needsWindow,
  openText: needsWindow,
  saveText: needsWindow,
  setTheme: () => {},
};
