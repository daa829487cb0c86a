// The shared libraries Electron needs on Linux, and the virtual display where there is none.
import { existsSync } from 'node:fs';
import { run } from './run.mjs';
import { Mendable, say } from './say.mjs';

/** What must be there: found by `soname` in the loader's cache or by `program`; `packages` are Debian's names for it. */
const LIBRARIES = [
  { soname: 'libgtk-3.so.0', packages: ['libgtk-3-0', 'libgtk-3-0t64'] },
  { soname: 'libnss3.so', packages: ['libnss3'] },
  { soname: 'libasound.so.2', packages: ['libasound2', 'libasound2t64'] },
  { soname: 'libgbm.so.1', packages: ['libgbm1'] },
];
const XVFB = { program: 'Xvfb', packages: ['xvfb'] };
/** What some tests need to be more than skipped; nothing fails for want of it. */
const FOR_TESTS = [
  { program: 'bwrap', packages: ['bubblewrap'] },
  { program: 'socat', packages: ['socat'] },
];
const LOADER_ARCH = { x64: 'x86-64', arm64: 'AArch64' };

/** True where a window can be opened on a real display. */
export function hasDisplay(env = process.env, platform = process.platform) {
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

function onPath(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => folder && existsSync(`${folder}/${program}`));
}

/** Which of the libraries the loader does not know, given what `ldconfig -p` printed. */
export function missingLibraries(loaderCache, arch = process.arch) {
  const mark = LOADER_ARCH[arch] ?? '';
  const known = loaderCache.split('\n').filter((line) => line.includes(mark));
  return LIBRARIES.filter(({ soname }) => !known.some((line) => line.trimStart().startsWith(`${soname} `)));
}

async function findMissing(needsXvfb) {
  // The loader's tool is not on an ordinary person's path. Where there is none (musl, NixOS) nothing can be said.
  const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find(existsSync);
  const cache = ldconfig ? await run(ldconfig, ['-p']) : undefined;
  const missing = cache?.code === 0 ? missingLibraries(cache.output) : [];
  if (needsXvfb && !onPath(XVFB.program)) missing.push(XVFB);
  return missing;
}

/** The name under which apt can install each thing now, or undefined when its lists do not know one of them. */
async function installableNames(missing) {
  const names = [];
  for (const { packages } of missing) {
    const { output } = await run('apt-cache', ['policy', ...packages], { env: { ...process.env, LC_ALL: 'C' } });
    const known = packages.findLast((name) =>
      new RegExp(`^${name}:\\n.*\\n  Candidate: (?!\\(none\\))`, 'm').test(output),
    );
    if (!known) return undefined;
    names.push(known);
  }
  return names;
}

async function aptGet(args) {
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-qq', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    label: 'still installing',
  });
}

/** What a person types to run a line as root; a bare Debian has no sudo. */
export const asRoot = (line) => `${existsSync('/usr/bin/sudo') ? 'sudo sh' : 'su -'} -c "${line}"`;

const byHand = (names, withUpdate) =>
  asRoot(`${withUpdate ? 'apt-get update && ' : ''}apt-get install -y ${names.join(' ')}`);

async function installAsRoot(missing) {
  let names = await installableNames(missing);
  say(
    `Installing what Electron needs from the system: ${(names ?? missing.map(({ packages }) => packages[0])).join(' ')} …`,
  );
  let result = names ? await aptGet(['install', '-y', '--no-install-recommends', ...names]) : undefined;
  if (result?.code !== 0) {
    // No lists yet, or lists so old that what they name is gone.
    await aptGet(['update']);
    names = await installableNames(missing);
    if (names) result = await aptGet(['install', '-y', '--no-install-recommends', ...names]);
  }
  if (result?.code === 0) return;
  const why = result?.output.trim().split('\n').slice(-2).join(' | ') ?? 'apt knows no such package';
  throw new Mendable(
    `System libraries could not be installed: ${why}`,
    byHand(
      missing.map(({ packages }) => packages[0]),
      true,
    ),
  );
}

/** Root in a container gets what the sandbox's tests need; elsewhere they say that they are skipped. */
async function installForTests() {
  const missing = FOR_TESTS.filter(({ program }) => !onPath(program));
  if (missing.length === 0 || process.getuid() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const install = () =>
    aptGet(['install', '-y', '--no-install-recommends', ...missing.flatMap(({ packages }) => packages)]);
  if ((await install()).code === 0) return;
  await aptGet(['update']);
  if ((await install()).code !== 0)
    say('bubblewrap or socat could not be installed: tests of the sandbox are skipped.');
}

/** Installs what is missing on Debian and Ubuntu as root; elsewhere says the one line to run and fails. */
export async function ensureSystemLibraries(mode) {
  if (process.platform !== 'linux') return;
  if (mode === 'test') await installForTests();
  const missing = await findMissing(mode === 'test' || !hasDisplay());
  if (missing.length === 0) return;
  const things = missing.map(({ soname, program }) => soname ?? program).join(', ');
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Mendable(
      `Electron needs system libraries that are not here: ${things}`,
      'install GTK 3, NSS, ALSA, GBM and Xvfb with your package manager',
    );
  }
  if (process.getuid() === 0) return installAsRoot(missing);
  const names = await installableNames(missing);
  throw new Mendable(
    `Electron needs system libraries that are not here: ${things}`,
    byHand(names ?? missing.map(({ packages }) => packages[0]), !names),
  );
}
