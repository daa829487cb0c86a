// Byte code for main's bundles, made by the Electron that will load them: node scripts/code-cache.mjs
import { existsSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findRuntime } from './electron-runtime.mjs';
import { DIST, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

/** Says which Electron the byte code beside it is for; written last, and never shipped. */
const MADE_FOR = '.code-cache';

/** Another Electron in the same place has another size or date. */
function identity({ executable }) {
  const { size, mtimeMs } = statSync(executable);
  return `${executable} ${size} ${mtimeMs}`;
}

function madeFor(main) {
  const file = join(main, MADE_FOR);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * Makes the byte code of the bundles in a dist unless it is there. Never fails a build: without it the app only starts a little later.
 * V8 knows its source by the length alone, so a build makes it before its dist is in place, where another build could replace the source.
 */
export async function ensureCodeCache(dist = DIST) {
  const runtime = findRuntime();
  const main = join(dist, 'main');
  if (!runtime || madeFor(main) === identity(runtime)) return;
  const maker = join(ROOT, 'scripts', 'make-code-cache.cjs');
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { code, output } = await run(runtime.executable, [maker, main], { env });
  if (code !== 0) return say(`No byte code could be made, the app starts a little later: ${output.trim()}`);
  await writeFile(join(main, MADE_FOR), identity(runtime));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await ensureCodeCache();
