import { relative, sep } from 'node:path';
import { isWithin } from './canonical-path.ts';
import { type ProtectedPlace, protectedPlaces, systemPlaces } from './protected-places.ts';
import { isShortName } from './windows-names.ts';

export interface ProtectionContext {
  workspace: string;
  home: string;
  /** Folders of our own data; a workspace inside of one is not protected by it. */
  protectedFolders: string[];
}

export type Access = 'read' | 'write';

const harmlessDevices = new Set(['null', 'zero', 'full', 'random', 'urandom', 'stdin', 'stdout', 'stderr', 'tty']);
const sampleEnvironment = /^\.env\.(example|sample|template|dist|defaults?)$/;

/** As a careless file system compares: case, accents' spelling, ignorable characters and trailing dots do not count. */
const comparable = (part: string): string =>
  part
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    // Behind a colon Windows names a stream of the file before it.
    .replace(/(?<=.):.*$/s, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();

const comparablePath = (path: string): string => path.split(sep).map(comparable).join(sep) || sep;

/** Most names on a path begin no protected place. */
const byFirstName = new Map<string, ProtectedPlace[]>();
for (const place of protectedPlaces) {
  const first = place.parts[0]!;
  byFirstName.set(first, [...(byFirstName.get(first) ?? []), place]);
}

const startsAt = (parts: string[], from: number, place: ProtectedPlace): boolean =>
  place.parts.every((part, index) => parts[from + index] === part);

function found(parts: string[], access: Access, fromRoot: boolean): string | undefined {
  const name = parts.at(-1) ?? '';
  if (/^\.env(\..+)?$/.test(name) && !sampleEnvironment.test(name)) return 'it may hold keys or passwords';
  const counts = (place: ProtectedPlace): boolean => access === 'write' || place.secret;
  const anywhere = parts
    .flatMap((part, index) => byFirstName.get(part)?.filter((place) => startsAt(parts, index, place)) ?? [])
    .find(counts);
  if (anywhere || !fromRoot) return anywhere?.why;
  if (parts[0] === 'dev' && (harmlessDevices.has(parts[1] ?? '') || parts[1] === 'fd')) return undefined;
  return systemPlaces.find((place) => counts(place) && startsAt(parts, 0, place))?.why;
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
  const inside = isWithin(workspace, path);
  const [plain, plainHome] = [path, home].map(comparablePath) as [string, string];
  if (access === 'write' && !inside && isWithin(plain, plainHome)) {
    return `\`${path}\` is protected: it holds the whole home folder`;
  }
  const own = protectedFolders.map(comparablePath).find((folder) => {
    const reaches = isWithin(folder, plain) || (access === 'write' && isWithin(plain, folder));
    return reaches && !(inside && isWithin(folder, comparablePath(workspace)));
  });
  if (own) return `\`${shown(path, context)}\` is protected: Switchyard keeps its settings and sessions there`;
  // Where the workspace lies is not the call's choice, so only what lies below it counts there.
  const parts = (inside ? relative(workspace, path) : path).split(sep).filter(Boolean).map(comparable);
  const short = process.platform === 'win32' ? parts.find(isShortName) : undefined;
  if (short) return `\`${shown(path, context)}\` may be protected: \`${short}\` stands for a longer name`;
  const why = found(parts, access, !inside);
  return why && `\`${shown(path, context)}\` is protected: ${why}`;
}
