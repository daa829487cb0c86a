// Whether dist is what the sources say, judged by their content.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DIST, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { say } from './say.mjs';

const SOURCES = [
  'electron',
  'renderer',
  'shared',
  'assets',
  'package.json',
  'package-lock.json',
  'vite.config.ts',
  'scripts/build.mjs',
];

function* filesUnder(path) {
  if (!existsSync(path)) return;
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const full = join(path, entry.name);
    if (entry.isDirectory()) yield* filesUnder(full);
    else yield full;
  }
}

/** A digest of everything that goes into dist. */
export function sourceDigest(root = ROOT) {
  const digest = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const source of SOURCES) {
    const path = join(root, source);
    const files = source.includes('.') ? [path] : filesUnder(path);
    for (const file of files) {
      if (existsSync(file)) digest.update(`\0${relative(root, file)}\0`).update(readFileSync(file));
    }
  }
  return digest.digest('hex');
}

/** The file that holds the digest of what dist was made from; the build writes it last. */
export const STAMP = '.stamp';

function builtDigest() {
  try {
    return readFileSync(join(DIST, STAMP), 'utf8');
  } catch {
    return undefined;
  }
}

/** Builds unless dist was made from exactly these sources. */
export async function buildIfStale() {
  if (builtDigest() === sourceDigest()) return;
  say('Building …');
  const { code } = await run(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], { cwd: ROOT, live: true });
  if (code !== 0) process.exit(1);
}
