import { lstatSync, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { isWithin } from '../permissions/canonical-path.ts';
import { protectedPlaces, systemPlaces } from '../permissions/protected-places.ts';

/** All that one command may see and change. Paths are canonical; those of the first four lists exist. */
export interface Confinement {
  workspace: string;
  /** Folder for temporary files, for this session alone. */
  temp: string;
  /** May be changed, with all below; the workspace is the first. */
  writable: string[];
  /** Lie in a writable folder but cannot be replaced as a whole. */
  pinned: string[];
  /** Lie in a writable folder but cannot be changed. */
  readOnly: string[];
  /** Look empty. */
  hidden: { path: string; folder: boolean }[];
  /** Protected places that do not exist yet. */
  absent: string[];
}

export interface PlaceSources {
  home: string;
  /** Our own data. */
  protectedFolders: string[];
  temp: string;
  folders: string[];
  /** Existing places that deny rules forbid to read, and to write. */
  denied: { read: string[]; write: string[] };
}

/** Programs behind these sockets would do for a command what the sandbox forbids it. */
const doors = ['.docker/run', '.docker/desktop', '.colima', '.lima', '.orbstack', '.rd', '.local/share/containers'];

/** In `.git` only what makes Git run programs is kept from changing; the rest is every commit's business. */
const gitOwn = ['hooks', 'config', 'config.worktree', 'modules'];

/** Synchronous here and below: the kernel answers from memory, and some hundred trips through the thread pool would be felt. */
function kindOf(path: string): 'folder' | 'file' | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found && (found.isDirectory() ? 'folder' : 'file');
  } catch {
    return undefined;
  }
}

const canonical = (path: string): string | undefined => {
  try {
    // Most of these places are not there, and an error costs more than a look.
    return lstatSync(path, { throwIfNoEntry: false }) && realpathSync.native(path);
  } catch {
    return undefined;
  }
};

const expandHome = (path: string, home: string): string =>
  path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path;

/** The repository that a linked worktree belongs to, when that one says so too: a workspace cannot name any folder it likes. */
function repositoryOf(workspace: string): string | undefined {
  try {
    const link = join(workspace, '.git');
    if (kindOf(link) !== 'file') return undefined;
    const named = /^gitdir: (.+)$/m.exec(readFileSync(link, 'utf8'))?.[1];
    const own = named === undefined ? undefined : canonical(resolve(workspace, named));
    if (!own || canonical(readFileSync(join(own, 'gitdir'), 'utf8').trim()) !== canonical(link)) return undefined;
    const common = canonical(resolve(own, readFileSync(join(own, 'commondir'), 'utf8').trim()));
    return common && isWithin(join(common, 'worktrees'), own) ? common : undefined;
  } catch {
    return undefined;
  }
}

/** What keeps a folder from being given to a command. */
export function refusedWorkspace(workspace: string): string | undefined {
  return dirname(workspace) === workspace ? 'the workspace is the whole disk' : undefined;
}

/** Finds what a command in this workspace may see and change, from what exists now. */
export function findPlaces(workspace: string, sources: PlaceSources): Confinement {
  const home = canonical(sources.home) ?? sources.home;
  const writable = new Set([workspace]);
  const repository = repositoryOf(workspace);
  if (repository) writable.add(repository);
  for (const folder of sources.folders) {
    const path = canonical(expandHome(folder, home));
    if (path && dirname(path) !== path && kindOf(path) === 'folder') writable.add(path);
  }
  const pinned = new Set<string>();
  const readOnly = new Set<string>();
  const hidden = new Map<string, boolean>();
  const absent = new Set<string>();
  const roots = [...new Set([...writable, home])];
  const isWritable = (path: string) => [...writable].some((root) => isWithin(root, path));

  const keep = (path: string) => {
    const real = canonical(path);
    if (real === undefined) absent.add(path);
    else if (isWritable(real) && !writable.has(real)) readOnly.add(real);
  };
  const hide = (path: string) => {
    const real = canonical(path);
    const kind = real === undefined ? undefined : kindOf(real);
    if (real !== undefined && kind && !writable.has(real)) hidden.set(real, kind === 'folder');
  };

  for (const root of roots) {
    for (const { parts, secret } of protectedPlaces) {
      const path = join(root, ...parts);
      if (parts[0] === '.git') continue;
      // What a workspace's own tools need to read, such as its .npmrc, stays readable to them.
      if (secret && root === home) hide(path);
      else if (isWritable(path)) keep(path);
    }
  }
  for (const root of writable) {
    const git = root === repository ? root : join(root, '.git');
    if (kindOf(git) === 'file') readOnly.add(git);
    if (kindOf(git) !== 'folder' || !kindOf(join(git, 'HEAD'))) continue;
    if (git !== root) pinned.add(git);
    // Git makes this folder itself, and only what exists can be kept from changing.
    mkdirSync(join(git, 'hooks'), { recursive: true });
    for (const name of gitOwn) keep(join(git, name));
    absent.add(join(git, 'commondir'));
  }
  for (const door of doors) hide(join(home, ...door.split('/')));
  for (const place of systemPlaces) if (place.secret && place.parts[0] === 'etc') hide(join(sep, ...place.parts));
  for (const folder of sources.protectedFolders) hide(folder);
  for (const path of sources.denied.read) hide(path);
  for (const path of sources.denied.write) keep(path);

  return {
    workspace,
    temp: sources.temp,
    writable: [...writable],
    pinned: [...pinned],
    readOnly: [...readOnly].filter((path) => !hidden.has(path)),
    hidden: [...hidden].map(([path, folder]) => ({ path, folder })),
    absent: [...absent].filter((path) => !kindOf(path)),
  };
}

/** Of the protected places that did not exist, those that do now. */
export const appeared = ({ absent }: Confinement): string[] => absent.filter((path) => kindOf(path) !== undefined);
