// Run by Electron as Node, for only the V8 that loads byte code can make it: make-code-cache.cjs FOLDER-OF-BUNDLES.
// A start is gone through first, so that the functions it needs are in it compiled.
const { mkdtemp, readdir, rm, writeFile } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { dirname, join } = require('node:path');

/** These need Electron itself, or are what loads the others. */
const apart = ['main.cjs', 'preload.cjs', 'code-cache.cjs'];

const scripts = new Map();

async function startOnce(folder, userDataDir) {
  const { createWorkbench } = require(join(folder, 'workbench.cjs'));
  const { createSecrets } = require(join(folder, 'secrets.cjs'));
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const workbench = await createWorkbench({
    kind: 'window',
    userDataDir,
    assetsDir: join(dirname(folder), 'assets'),
    env: { PATH: process.env.PATH },
    log,
    secrets: createSecrets({ path: join(userDataDir, 'secrets.json'), log }),
  });
  await workbench.ready;
  await workbench.shutdown(5000);
}

async function make(folder) {
  const { cacheSuffix, installCodeCache } = require(join(folder, 'code-cache.cjs'));
  installCodeCache((file, script) => scripts.set(file, script));
  const userDataDir = await mkdtemp(join(tmpdir(), 'switchyard-code-cache-'));
  try {
    await startOnce(folder, userDataDir);
  } finally {
    await rm(userDataDir, { recursive: true, force: true });
  }
  // What is loaded later, such as the model's client, is at least parsed.
  for (const name of await readdir(folder)) {
    if (name.endsWith('.cjs') && !apart.includes(name)) require(join(folder, name));
  }
  for (const [file, script] of scripts) await writeFile(file + cacheSuffix, script.createCachedData());
}

/** A build is not held up by it. */
setTimeout(() => {
  console.error('it took longer than half a minute');
  process.exit(1);
}, 30_000).unref();

make(process.argv[2]).then(
  () => process.exit(0),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
