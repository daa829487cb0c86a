import { homedir, platform } from 'node:os';
import { join } from 'node:path';

const appName = 'Switchyard';

/** The folder that Electron's `app.getPath('userData')` gives, for the command line, which has no Electron. */
export function defaultUserDataDir(env: NodeJS.ProcessEnv): string {
  switch (platform()) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', appName);
    case 'win32':
      return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), appName);
    default:
      return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), appName);
  }
}
