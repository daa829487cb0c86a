// node_modules as the lock file says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runNpm } from './run.mjs';
import { Mendable, say } from './say.mjs';

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether what npm noted as installed is what the lock file asks for. npm writes its note last, so an install that
 * was killed does not match. Optional packages (other platforms') may be absent.
 */
export function matchesLock(locked, installed) {
  return Object.entries(locked).every(([path, wanted]) => {
    const present = installed[path];
    if (path === '' || wanted.link) return true;
    if (!present) return wanted.optional === true || wanted.devOptional === true;
    return present.version === wanted.version && present.integrity === wanted.integrity;
  });
}

/** Runs `npm ci` when node_modules is missing, half-made or older than the lock file. */
export async function ensureDependencies() {
  const locked = packagesOf(join(ROOT, 'package-lock.json'));
  if (!locked) throw new Mendable('package-lock.json cannot be read.', 'git checkout package-lock.json');
  const installed = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  if (installed && matchesLock(locked, installed)) return;
  say(installed ? 'Dependencies changed: running npm ci …' : 'Installing dependencies (npm ci) …');
  const { code, output } = await runNpm(['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    label: 'still installing',
  });
  if (code === 0) return;
  const why = output.trim().split('\n').slice(-4).join(' | ');
  throw new Mendable(
    `npm ci failed: ${why}`,
    'check that npm reaches its registry (npm ping) and run the same command again',
  );
}
