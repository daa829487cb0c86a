import { readlink, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fail, ok, type Result } from '../../shared/errors.ts';
import { isWithin, maxPath } from '../permissions/canonical-path.ts';
import { refusedOnWindows } from '../permissions/windows-names.ts';

/** Where a path that a model gave really leads. */
export interface Place {
  /** Absolute, every link followed; for something that does not exist yet, its deepest existing folder is. */
  path: string;
  inside: boolean;
  exists: boolean;
}

/**
 * Follows `path` (relative to `workspace`, absolute, or under `~/`) through every link, dangling ones too. Fails closed: when a step
 * cannot be followed, the answer is an error and never a guess.
 */
export async function locate(workspace: string, path: string): Promise<Result<Place>> {
  const refused = refuse(path);
  if (refused) return fail('invalid', refused);
  const ahead = await attempt(resolve(workspace, expandHome(path)));
  // What lies in the workspace with every link followed says that the workspace itself is reached through none.
  if (ahead.found?.exists && isWithin(workspace, ahead.found.path)) return ok({ ...ahead.found, inside: true });
  const root = await canonicalWorkspace(workspace);
  if (!root.ok) return root;
  const target = resolve(root.value, expandHome(path));
  const place = target === ahead.target ? ahead : await attempt(target);
  if (!place.found?.exists && !(await isFolder(root.value))) return vanished(workspace);
  if (place.error) return explain(path, place.error);
  return ok({ ...place.found, inside: isWithin(root.value, place.found.path) });
}

type Followed = { path: string; exists: boolean };

async function attempt(
  target: string,
): Promise<
  { target: string } & ({ found: Followed; error?: undefined } | { found?: undefined; error: NodeJS.ErrnoException })
> {
  try {
    return { target, found: await follow(target, maxLinks) };
  } catch (error) {
    return { target, error: error as NodeJS.ErrnoException };
  }
}

/** The canonical path of something in the workspace. `read` wants it to exist, `write` does not. */
export function resolveInWorkspace(workspace: string, path: string, access: 'read' | 'write'): Promise<Result<string>> {
  return resolveForTool(workspace, path, access, undefined);
}

/** As `resolveInWorkspace`; where places were approved it is one of them, inside or not. `stale`: a link leads elsewhere since. */
export async function resolveForTool(
  workspace: string,
  path: string,
  access: 'read' | 'write',
  approved: readonly string[] | undefined,
): Promise<Result<string>> {
  const place = await locate(workspace, path);
  if (!place.ok) return place;
  if (approved && !approved.includes(place.value.path)) {
    return fail('stale', `${path} leads elsewhere than when the call was allowed.`, 'Make the call again.');
  }
  if (!place.value.inside && !approved) {
    return fail('denied', `${path} is outside the workspace.`, 'Use a path inside the workspace.');
  }
  if (access === 'read' && !place.value.exists) {
    return fail('notFound', `${path} does not exist.`, 'Look for it with ls or glob.');
  }
  return ok(place.value.path);
}

/** A canonical path as it is shown: relative to the workspace where it lies in it, with `/` on every system. */
export function showPath(workspace: string, path: string): string {
  if (!isWithin(workspace, path)) return path;
  return relative(workspace, path).split(sep).join('/') || '.';
}

/** As many as Linux follows. */
const maxLinks = 40;

function refuse(path: string): string | undefined {
  if (path === '') return 'The path is empty.';
  if (path.includes('\0')) return 'The path holds a NUL character.';
  if (path.length > maxPath) return 'The path is too long.';
  return process.platform === 'win32' ? refusedOnWindows(path) : undefined;
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;
}

async function canonicalWorkspace(workspace: string): Promise<Result<string>> {
  try {
    return ok(await realpath(workspace));
  } catch {
    return vanished(workspace);
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const vanished = (workspace: string) => fail('notFound', `The workspace folder ${workspace} is not there any more.`);

async function follow(path: string, linksLeft: number): Promise<Followed> {
  try {
    return { path: await realpath(path), exists: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
  }
  if (basename(path) === '..') throw Object.assign(new Error('leads through a missing folder'), { code: 'ENOENT' });
  const folder = await follow(dirname(path), linksLeft);
  const link = await readDangling(join(folder.path, basename(path)));
  if (link === undefined) return { path: join(folder.path, basename(path)), exists: false };
  if (linksLeft === 0) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
  // Not normalised: the kernel goes up from where a link leads, not from where it lies.
  return follow(isAbsolute(link) ? link : folder.path + sep + link, linksLeft - 1);
}

/** The target of a link that leads nowhere; writing to such a link makes its target. */
async function readDangling(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function explain(path: string, error: NodeJS.ErrnoException): Result<never> {
  if (error.code === 'ENOTDIR') return fail('invalid', `A part of ${path} is a file, not a folder.`);
  if (error.code === 'ELOOP') return fail('invalid', `${path} leads through too many links.`);
  if (error.code === 'ENAMETOOLONG') return fail('invalid', 'The path is too long.');
  if (error.code === 'EACCES' || error.code === 'EPERM') return fail('denied', `No permission to look at ${path}.`);
  return fail('invalid', `${path} cannot be resolved: ${error.message}`);
}
