// Packs the app into release/: node scripts/package.mjs [arguments of electron-builder]. Without any it makes the unpacked
// folder for this machine, which works with every runtime; installers are made of the official Electron alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRuntime } from './electron-runtime.mjs';
import { ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { fail, Mendable, say } from './say.mjs';

/** The fallback has no file that says its version; its folder does. */
function versionOf({ dist, kind }) {
  if (kind === 'fallback') return /electron-([\d.]+)$/.exec(dist)[1];
  return readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '');
}

async function pack(args) {
  const runtime = findRuntime();
  if (!runtime) throw new Mendable('No Electron is here yet.', 'use "npm run package", which fetches it');
  const forRelease = args.length > 0;
  if (forRelease && runtime.kind === 'fallback') {
    throw new Mendable(
      'Installers are made of the official Electron only, and here is only the runtime for tests.',
      'run this where Electron can be downloaded, or "npm run package" for an unpacked folder to try',
    );
  }
  const cli = join(ROOT, 'node_modules', 'electron-builder', 'cli.js');
  // electron-builder would otherwise look for the runtime of its own accord, on the network.
  const electron = [`-c.electronDist=${runtime.dist}`, `-c.electronVersion=${versionOf(runtime)}`];
  say(forRelease ? 'Packing …' : 'Packing an unpacked folder …');
  const { code } = await run(
    process.execPath,
    [cli, ...(forRelease ? args : ['--dir']), '--publish=never', ...electron],
    {
      cwd: ROOT,
      live: true,
    },
  );
  if (code !== 0)
    throw new Mendable('Packing failed (see above).', 'mend what is named above, then run the same command again');
}

pack(process.argv.slice(2)).catch(fail);
