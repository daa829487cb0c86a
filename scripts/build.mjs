// Builds everything into dist: main, preload, renderer, command line and the files they read. The new dist is made
// aside and put in place whole, so that a killed build leaves the old one.
import { chmod, copyFile, cp, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { rolldown } from 'rolldown';
import { build as viteBuild } from 'vite';
import { STAMP, sourceDigest } from './build-stamp.mjs';
import { ensureCodeCache } from './code-cache.mjs';
import { DIST, ROOT } from './paths.mjs';
import { isAlive } from './run.mjs';
import { fail, Mendable, say } from './say.mjs';

// Names stay, for the traces in the log; half the bytes are half the time to compile them at each start.
const minify = { compress: true, mangle: false, codegen: true };

const SCRATCH = join(ROOT, '.cache');

/** One bundle of ours: CommonJS, every npm package inside, Node and Electron outside. */
async function bundle({ input, output, target, platform = 'node' }) {
  const build = await rolldown({
    cwd: ROOT,
    input,
    platform,
    external: ['electron'],
    transform: { target },
    // web-tree-sitter asks for its module environment by eval; nothing of ours does.
    checks: { pluginTimings: false, eval: false },
  });
  try {
    await build.write({ format: 'cjs', exports: 'named', sourcemap: false, minify, ...output });
  } finally {
    await build.close();
  }
}

function bundleMain(out) {
  return bundle({
    // The core is an entry too: what it shares with main must not bring main along where there is no Electron.
    input: Object.fromEntries(
      ['main', 'code-cache', 'workbench', 'storage/secrets'].map((name) => [
        basename(name),
        join(ROOT, 'electron', `${name}.ts`),
      ]),
    ),
    target: 'node18.15',
    output: {
      dir: join(out, 'main'),
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name]-[hash].cjs',
      // A function that comes from byte code cannot import (nodejs/node#43663).
      dynamicImportInCjs: false,
    },
  });
}

function bundlePreload(out) {
  return bundle({
    input: join(ROOT, 'electron', 'preload.ts'),
    target: 'chrome114',
    platform: 'browser',
    output: { file: join(out, 'main', 'preload.cjs'), codeSplitting: false },
  });
}

async function bundleCli(out) {
  const file = join(out, 'cli.cjs');
  await bundle({
    input: join(ROOT, 'electron', 'cli.ts'),
    target: 'node20',
    output: { file, codeSplitting: false, banner: '#!/usr/bin/env node' },
  });
  await chmod(file, 0o755);
}

function bundleRenderer(out) {
  return viteBuild({
    configFile: join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: join(out, 'renderer') },
  });
}

/** Programs and files that the app reads at run time. */
async function copyAssets(out) {
  const assets = join(out, 'assets');
  await mkdir(assets, { recursive: true });
  const rg = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const require = createRequire(createRequire(import.meta.url).resolve('@vscode/ripgrep'));
  const manifest = require.resolve(`@vscode/ripgrep-${process.platform}-${process.arch}/package.json`);
  await copyFile(join(dirname(manifest), 'bin', rg), join(assets, rg));
  await chmod(join(assets, rg), 0o755);
  for (const name of ['web-tree-sitter', 'tree-sitter-bash']) {
    await copyFile(join(ROOT, 'node_modules', name, `${name}.wasm`), join(assets, `${name}.wasm`));
  }
  await cp(join(ROOT, 'assets'), assets, { recursive: true, force: true }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function putInPlace(out) {
  const old = join(SCRATCH, `old-${process.pid}`);
  await rename(DIST, old).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(out, DIST);
  // Also what builds left that were killed.
  for (const name of await readdir(SCRATCH)) {
    const pid = Number(/^(?:old|build)-(\d+)$/.exec(name)?.[1]);
    if (pid && (pid === process.pid || !isAlive(pid))) await rm(join(SCRATCH, name), { recursive: true, force: true });
  }
}

async function buildAll() {
  const started = Date.now();
  const digest = sourceDigest();
  const out = join(SCRATCH, `build-${process.pid}`);
  await mkdir(out, { recursive: true });
  try {
    await Promise.all([bundleRenderer(out), bundleMain(out), bundlePreload(out), bundleCli(out), copyAssets(out)]);
    await writeFile(join(out, STAMP), digest);
    await ensureCodeCache(out);
    await putInPlace(out);
  } finally {
    await rm(out, { recursive: true, force: true });
  }
  say(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

// What a bundler reports is about the sources; where in the bundler it happened helps nobody.
buildAll().catch((error) => fail(new Mendable(error.message, 'mend the source named above')));
