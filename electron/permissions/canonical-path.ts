import { lstat, readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';

/** As many as Linux follows. */
const MAX_LINKS = 40;

/** In characters: no system takes a longer one, and to follow a million parts would hold everything up. */
export const maxPath = process.platform === 'win32' ? 32_767 : 4_096;

/** Where `path` leads, whether or not something is there. Undefined when a step cannot be followed. */
async function follow(path: string): Promise<string | undefined> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined) return real;
  const led = (await isPlain(path)) ? path : await followParts(path);
  return led === undefined || process.platform === 'linux' ? led : spelledAsOnDisk(led);
}

/** Component by component as the kernel does: `..` after a link leaves the link's target. */
async function followParts(path: string): Promise<string | undefined> {
  let links = 0;
  let done = parse(path).root;
  const todo = path.slice(done.length).split(sep);
  while (todo.length > 0) {
    const name = todo.shift()!;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      done = dirname(done);
      continue;
    }
    const next = join(done, name);
    const target = await linkTarget(next);
    if (target === undefined) return undefined;
    if (target === null) {
      done = next;
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return undefined;
    todo.unshift(...target.split(sep));
    if (isAbsolute(target)) done = parse(target).root;
  }
  return done;
}

/** Where file systems take several spellings for one name (case, accents, short names), that of the disk. */
export async function spelledAsOnDisk(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  return join(await spelledAsOnDisk(dirname(path)), basename(path));
}

/** True for what leads nowhere else: one look at all parts of the path at once, which is as far as most new files need. */
async function isPlain(path: string): Promise<boolean> {
  const { root } = parse(path);
  const parts = path.slice(root.length).split(sep);
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return false;
  const targets = await Promise.all(parts.map((_part, at) => linkTarget(root + parts.slice(0, at + 1).join(sep))));
  return targets.every((target) => target === null);
}

/** Where a link points; null for what is no link or does not exist yet; undefined when that cannot be known. */
async function linkTarget(path: string): Promise<string | null | undefined> {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? null : undefined;
  }
}

const absolute = (base: string, path: string): string =>
  isAbsolute(path) ? path : base.endsWith(sep) ? base + path : base + sep + path;

/**
 * The canonical places that `path` may mean when it is used from `base`: as the kernel follows it, and as a program does that removes
 * `..` from the text first. Undefined when a step cannot be followed; that is never inside of anything.
 */
export async function canonicalPaths(base: string, path: string): Promise<string[] | undefined> {
  if (path.includes('\0') || path.length > maxPath) return undefined;
  const kernel = await follow(absolute(base, path));
  if (kernel === undefined || !path.includes('..')) return kernel === undefined ? undefined : [kernel];
  const textual = await follow(resolve(base, path));
  return textual === undefined ? undefined : [...new Set([kernel, textual])];
}

const lasting = new Map<string, string>();

/** Where a folder leads that stays where it is while we run, as home and our own data do. One that is not there yet is looked for again. */
export async function lastingPlace(folder: string): Promise<string> {
  const known = lasting.get(folder);
  if (known !== undefined) return known;
  const real = await realpath(folder).catch(() => undefined);
  if (real !== undefined) lasting.set(folder, real);
  return real ?? folder;
}

/** Whether something bears this name, be it a link that leads nowhere. */
export const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Both must be canonical. */
export const isWithin = (folder: string, path: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

const MAX_MATCHES = 2_000;
/** More in one name could make the match slow. */
const MAX_STARS = 5;

const wildcard = (part: string): RegExp =>
  new RegExp(
    `^${part
      .replace(/[\\^$.+()|{}]/g, '\\$&')
      .replace(/\[[^\]]*\]/g, '?')
      .replace(/[[\]]/g, '\\$&')
      .replace(/\*+/g, '[\\s\\S]*')
      .replace(/\?/g, '[\\s\\S]')}$`,
    'i',
  );

/**
 * What a wildcard path may match now: never less than the shell finds, and the pattern's own text, which it is when nothing matches.
 * Undefined when there is too much to look at.
 */
export async function expandWildcards(base: string, pattern: string): Promise<string[] | undefined> {
  if (pattern.length > maxPath) return undefined;
  const parts = pattern.split(sep).filter((name) => name !== '');
  if (parts.includes('..') || parts.some((part) => part.split('*').length > MAX_STARS)) return undefined;
  let found = [isAbsolute(pattern) ? parse(pattern).root : ''];
  for (const part of parts) {
    if (!/[*?[]/.test(part)) {
      found = found.map((folder) => join(folder, part));
      continue;
    }
    const next: string[] = [];
    const matches = wildcard(part);
    for (const folder of found) {
      const names = await readdir(resolve(base, folder)).catch(() => []);
      next.push(...names.filter((name) => matches.test(name)).map((name) => join(folder, name)));
      if (next.length > MAX_MATCHES || names.length > MAX_MATCHES) return undefined;
    }
    found = next;
  }
  return [...found, pattern];
}
