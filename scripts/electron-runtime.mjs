// Which Electron runs the app here: only looks, never fetches.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, ROOT } from './paths.mjs';

const MODULE = join(ROOT, 'node_modules', 'electron');

/** The version of Electron that releases are made of. */
export function officialVersion() {
  return JSON.parse(readFileSync(join(MODULE, 'package.json'), 'utf8')).version;
}

const EXECUTABLES = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** The executable's path inside an Electron distribution. */
export function executableName(platform = process.platform) {
  return EXECUTABLES[platform] ?? 'electron';
}

/** Where the fallback runtime lies once it was fetched. */
export function fallbackFolder() {
  return join(cacheFolder(), 'electron-25.1.1');
}

/** `path.txt` is what the downloader writes last: without it the folder may be half unpacked. */
function officialInstalled(dist) {
  if (!existsSync(join(MODULE, 'path.txt'))) return false;
  try {
    return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '') === officialVersion();
  } catch {
    return false;
  }
}

/**
 * The runtime to use, or undefined when none is here yet. Order: ELECTRON_OVERRIDE_DIST_PATH, the official one,
 * the fallback. `kind` is `override`, `official` or `fallback`.
 */
export function findRuntime(env = process.env) {
  const candidates = [
    { kind: 'override', dist: env.ELECTRON_OVERRIDE_DIST_PATH, usable: () => true },
    { kind: 'official', dist: join(MODULE, 'dist'), usable: officialInstalled },
    { kind: 'fallback', dist: fallbackFolder(), usable: () => process.platform === 'linux' && process.arch === 'x64' },
  ];
  for (const { kind, dist, usable } of candidates) {
    if (!dist) continue;
    const executable = join(dist, executableName());
    if (existsSync(executable) && usable(dist)) return { kind, dist, executable };
  }
  return undefined;
}
