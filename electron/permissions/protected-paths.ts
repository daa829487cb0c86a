import { relative, sep } from 'node:path';
import { isWithin } from './canonical-path.ts';

export interface ProtectionContext {
  workspace: string;
  home: string;
  /** Folders of our own data; a workspace inside of one is not protected by it. */
  protectedFolders: string[];
}

export type Access = 'read' | 'write';

interface Place {
  /** Matched against the path's parts, lower case, anywhere in it. `*` is any one part. */
  parts: string;
  /** Reading is as bad as writing. */
  secret?: boolean;
  why: string;
}

const runsByItself = 'what it holds runs by itself';
const holdsKeys = 'it holds keys or passwords';

const places: Place[] = [
  { parts: '.git/hooks', why: 'programs there run by themselves' },
  { parts: '.git', why: "Git's own files decide which programs Git runs" },
  { parts: '.gitmodules', why: 'it decides where Git fetches code from' },
  { parts: '.gitconfig', why: 'it decides which programs Git runs' },
  { parts: '.config/git', why: 'it decides which programs Git runs' },
  { parts: '.husky', why: 'programs there run by themselves' },
  ...[
    '.bashrc',
    '.bash_profile',
    '.bash_login',
    '.bash_logout',
    '.bash_aliases',
    '.profile',
    '.zshrc',
    '.zshenv',
    '.zprofile',
  ]
    .concat(['.zlogin', '.zlogout', '.kshrc', '.cshrc', '.tcshrc', '.login', '.inputrc', '.xprofile', '.xinitrc'])
    .map((parts) => ({ parts, why: 'every new shell runs it' })),
  { parts: '.config/fish', why: 'every new shell runs it' },
  { parts: '.config/powershell', why: 'every new shell runs it' },
  { parts: '.config/autostart', why: runsByItself },
  { parts: '.config/systemd', why: runsByItself },
  { parts: 'library/launchagents', why: runsByItself },
  { parts: 'library/launchdaemons', why: runsByItself },
  { parts: 'spool/cron', why: runsByItself },
  { parts: '.vscode', why: 'the editor runs tasks and settings from it' },
  { parts: '.idea', why: 'the editor runs tasks and settings from it' },
  { parts: '.devcontainer', why: 'the editor runs what it says' },
  { parts: '.envrc', secret: true, why: 'the shell runs it on entry, and it may hold keys' },
  { parts: '.mcp.json', why: 'it decides which programs agents start' },
  { parts: '.claude', why: 'it decides what other agents may do' },
  { parts: '.codex', why: 'it decides what other agents may do' },
  { parts: '.cursor', why: 'it decides what other agents may do' },
  ...[
    '.ssh',
    '.gnupg',
    '.aws',
    '.azure',
    '.kube',
    '.netrc',
    '_netrc',
    '.npmrc',
    '.yarnrc.yml',
    '.pypirc',
    '.git-credentials',
    '.pgpass',
  ]
    .concat([
      '.my.cnf',
      '.vault-token',
      '.docker/config.json',
      '.config/gcloud',
      '.config/gh',
      '.config/hub',
      '.config/op',
    ])
    .concat([
      '.cargo/credentials',
      '.cargo/credentials.toml',
      '.gem/credentials',
      '.terraform.d',
      '.password-store',
      '.boto',
    ])
    .concat([
      'keyrings',
      'library/keychains',
      'id_rsa',
      'id_dsa',
      'id_ecdsa',
      'id_ed25519',
      '.mozilla',
      '.config/google-chrome',
    ])
    .map((parts) => ({ parts, secret: true, why: holdsKeys })),
];

/** Only from the file system's root. */
const systemPlaces: Place[] = [
  { parts: 'etc/profile', why: 'every new shell runs it' },
  { parts: 'etc/profile.d', why: 'every new shell runs it' },
  { parts: 'etc/bash.bashrc', why: 'every new shell runs it' },
  { parts: 'etc/ld.so.preload', why: 'every program loads it' },
  { parts: 'etc/sudoers', why: 'it decides who may do everything' },
  { parts: 'etc/sudoers.d', why: 'it decides who may do everything' },
  { parts: 'etc/ssh', secret: true, why: holdsKeys },
  { parts: 'etc/shadow', secret: true, why: holdsKeys },
  ...[
    'etc/cron.d',
    'etc/cron.daily',
    'etc/cron.hourly',
    'etc/cron.weekly',
    'etc/cron.monthly',
    'etc/crontab',
    'etc/systemd',
  ].map((parts) => ({ parts, why: runsByItself })),
  { parts: 'proc', secret: true, why: 'it shows the memory and environment of programs' },
  { parts: 'dev', secret: true, why: 'it is a device' },
  { parts: 'sys', why: 'it changes the machine' },
];

const harmlessDevices = new Set(['null', 'zero', 'full', 'random', 'urandom', 'stdin', 'stdout', 'stderr', 'tty']);
const sampleEnvironment = /^\.env\.(example|sample|template|dist|defaults?)$/;

/** As a careless file system compares: case, accents' spelling, ignorable characters and trailing dots do not count. */
const comparable = (part: string): string =>
  part
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();

const startsAt = (parts: string[], from: number, place: string[]): boolean =>
  place.every((part, index) => parts[from + index] === part);

function holds(parts: string[], place: Place, anywhere: boolean): boolean {
  const wanted = place.parts.split('/');
  if (!anywhere) return startsAt(parts, 0, wanted);
  return parts.some((_, index) => startsAt(parts, index, wanted));
}

function found(parts: string[], access: Access, fromRoot: boolean): Place | undefined {
  const name = parts.at(-1) ?? '';
  const isEnvironment = /^\.env(\..+)?$/.test(name) && !sampleEnvironment.test(name);
  if (isEnvironment) return { parts: name, why: holdsKeys };
  const counts = (place: Place): boolean => access === 'write' || place.secret === true;
  const anywhere = places.find((place) => counts(place) && holds(parts, place, true));
  if (anywhere || !fromRoot) return anywhere;
  if (parts[0] === 'dev' && (harmlessDevices.has(parts[1] ?? '') || parts[1] === 'fd')) return undefined;
  return systemPlaces.find((place) => counts(place) && holds(parts, place, false));
}

function shown(path: string, { workspace, home }: ProtectionContext): string {
  if (isWithin(workspace, path)) return relative(workspace, path).split(sep).join('/') || path;
  return isWithin(home, path) ? `~/${relative(home, path).split(sep).join('/')}` : path;
}

/**
 * Why a canonical path is protected, as a sentence; undefined where it is not. Protected places ask in every mode: what is written there
 * runs later without a question, or what is read there opens other doors.
 */
export function protectedReason(path: string, access: Access, context: ProtectionContext): string | undefined {
  const { workspace, home, protectedFolders } = context;
  const own = protectedFolders.find(
    (folder) => isWithin(folder, path) || (access === 'write' && isWithin(path, folder)),
  );
  if (own && !(isWithin(own, workspace) && isWithin(workspace, path))) {
    return `\`${shown(path, context)}\` is protected: Switchyard keeps its settings and sessions there`;
  }
  if (access === 'write' && !isWithin(workspace, path) && isWithin(path, home)) {
    return `\`${path}\` is protected: it holds the whole home folder`;
  }
  // Where the workspace lies is not the call's choice, so only what lies below it counts there.
  const inside = isWithin(workspace, path);
  const parts = (inside ? relative(workspace, path) : path).split(sep).filter(Boolean).map(comparable);
  const place = found(parts, access, !inside);
  return place && `\`${shown(path, context)}\` is protected: ${place.why}`;
}
