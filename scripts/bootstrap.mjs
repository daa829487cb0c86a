// Makes a fresh clone ready, doing only what is missing: node scripts/bootstrap.mjs start|test|agent|build.
// Uses nothing but Node, since nothing else is here yet. Run by npm before the command of the same name.
import { buildIfStale } from './build-stamp.mjs';
import { ensureCodeCache } from './code-cache.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { fetchFallback, writeDefaultApp } from './electron-fallback.mjs';
import { fetchOfficial, recentlyBlocked } from './electron-official.mjs';
import { findRuntime } from './electron-runtime.mjs';
import { lockFileOf, oneAtATime } from './one-at-a-time.mjs';
import { ROOT } from './paths.mjs';
import { fail, Mendable, say } from './say.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';

/** `agent` needs no Electron; `build` is what comes before a build. */
const MODES = ['start', 'test', 'agent', 'build'];

function demandNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Mendable(`Node ${process.versions.node} is too old.`, 'install Node 20.19 or newer');
}

async function ensureRuntime() {
  const present = findRuntime();
  if (present && present.kind !== 'fallback') return;
  let reason = 'it was not reachable a few hours ago';
  if (!recentlyBlocked()) {
    reason = await fetchOfficial();
    if (!reason) return;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Mendable(
      `Electron could not be downloaded: ${reason}.`,
      'go online (or set ELECTRON_MIRROR), run "npx install-electron", then the same command again',
    );
  }
  if (!present) {
    say(`Electron's release server is out of reach (${reason}): using the older test runtime instead.`);
    await fetchFallback();
  }
  await writeDefaultApp(findRuntime().dist);
}

async function bootstrap(mode) {
  if (!MODES.includes(mode)) throw new Mendable(`Unknown mode "${mode}".`, `use one of ${MODES.join(', ')}`);
  demandNode();
  await ensureDependencies();
  if (mode === 'build') return;
  if (mode !== 'agent') {
    await ensureSystemLibraries(mode);
    await ensureRuntime();
  }
  await buildIfStale();
  if (mode !== 'agent') await ensureCodeCache();
}

oneAtATime(lockFileOf(ROOT), () => bootstrap(process.argv[2])).catch(fail);
