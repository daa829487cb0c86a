// Where things are.
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What the build writes. */
export const DIST = join(ROOT, 'dist');

/** The person's cache folder for what is fetched once and shared by all clones. */
export function cacheFolder(env = process.env, platform = process.platform) {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'switchyard');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'switchyard');
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'switchyard', 'Cache');
  return join(homedir(), '.cache', 'switchyard');
}
