import { sep } from 'node:path';
import { isWithin } from '../permissions/canonical-path.ts';
import type { Confinement } from './places.ts';

/** How a command gets to our proxy: a socket file, and the program that listens for it inside. */
export interface Bridge {
  socat: string;
  socket: string;
}

/** Where commands find the proxy; they have a network of their own, so the port is always free. */
export const proxyPort = 3128;
const socketInside = '/run/switchyard/proxy.sock';

/** Where NixOS has its programs; absent elsewhere. */
const nixPrograms = ['--ro-bind-try', '/run/current-system', '/run/current-system'];

/** These are the sandbox's own, so that no socket or process of the machine is in reach. */
const ownFolders = ['/tmp', '/var/tmp', '/run', '/dev', '/proc'];

/**
 * The first process inside. All others end with it, which is before anyone outside hears of the end; its own messages about signals
 * are not the command's. The proxy's door is open before the command begins.
 */
const keeper = `exec 3>&2 2>/dev/null
if [ -n "$1" ]; then
  "$1" TCP-LISTEN:${proxyPort},bind=127.0.0.1,fork,reuseaddr "UNIX-CONNECT:$2" </dev/null >/dev/null 3>&- &
  for _ in {1..200}; do (: </dev/tcp/127.0.0.1/${proxyPort}) && break; sleep 0.01; done 3>&-
fi
shift 2
"$@" 2>&3 3>&-
exit $?`;

const depth = (path: string): number => path.split(sep).length;

/**
 * The command line that runs `command` with bubblewrap: the disk is read-only but for what is writable, all it starts ends with it, and
 * it sees no other process, socket or network. Later mounts cover earlier ones, so they go from the top down.
 */
export function bubblewrapLine(
  { bwrap, bash }: { bwrap: string; bash: string },
  command: string[],
  places: Confinement,
  bridge?: Bridge,
): string[] {
  const mounts: { path: string; args: string[] }[] = [
    ...places.hidden
      .filter(({ path }) => isSeen(path, places))
      .map(({ path, folder }) => ({ path, args: folder ? ['--tmpfs', path] : ['--ro-bind', '/dev/null', path] })),
    ...[...places.writable, ...places.pinned].map((path) => ({ path, args: ['--bind', path, path] })),
    ...places.readOnly.map((path) => ({ path, args: ['--ro-bind', path, path] })),
  ];
  mounts.sort((a, b) => depth(a.path) - depth(b.path));
  return [
    bwrap,
    ...['--die-with-parent', '--as-pid-1', '--cap-drop', 'ALL'],
    ...['--unshare-pid', '--unshare-ipc', '--unshare-net'],
    ...['--ro-bind', '/', '/', '--tmpfs', '/run', ...nixPrograms, '--tmpfs', '/var/tmp', '--bind', places.temp, '/tmp'],
    ...['--dev', '/dev', '--proc', '/proc'],
    ...mounts.flatMap(({ args }) => args),
    ...(bridge ? ['--ro-bind', bridge.socket, socketInside] : []),
    ...['--chdir', places.workspace, '--'],
    ...[bash, '--norc', '--noprofile', '-c', keeper, 'keeper', bridge?.socat ?? '', socketInside],
    ...command,
  ];
}

/** What lies in a folder that the sandbox has of its own is out of sight already, unless something around it was let in. */
const isSeen = (path: string, { writable }: Confinement): boolean =>
  !ownFolders.some((folder) => isWithin(folder, path)) || writable.some((root) => isWithin(root, path));
