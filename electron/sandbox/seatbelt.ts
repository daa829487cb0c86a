import type { Confinement } from './places.ts';

/** In the profile's language a string; canonical paths hold no NUL. */
const quoted = (path: string): string => `"${path.replace(/[\\"]/g, '\\$&')}"`;
const devices = ['/dev/null', '/dev/zero', '/dev/tty', '/dev/stdout', '/dev/stderr'];

/** Services without which ordinary programs do not start; none of them starts a program for another. */
const services = [
  'com.apple.system.opendirectoryd.libinfo',
  'com.apple.system.opendirectoryd.membership',
  'com.apple.system.logger',
  'com.apple.system.notification_center',
  'com.apple.logd',
  'com.apple.diagnosticd',
  'com.apple.cfprefsd.agent',
  'com.apple.cfprefsd.daemon',
  'com.apple.trustd.agent',
  'com.apple.bsd.dirhelper',
  'com.apple.SystemConfiguration.configd',
];

const depth = (path: string): number => path.split('/').length;

/** The rule that comes last holds, so they go from the top of the tree down. What is not named is forbidden. */
export function seatbeltProfile(places: Confinement, port?: number): string {
  const rules: { path: string; text: string }[] = [
    ...places.hidden.map(({ path }) => ({ path, text: `(deny file-read* file-write* (subpath ${quoted(path)}))` })),
    ...[...places.writable, places.temp].map((path) => ({
      path,
      text: `(allow file-read* file-write* (subpath ${quoted(path)}))`,
    })),
    ...places.pinned.map((path) => ({ path, text: `(deny file-write-unlink (literal ${quoted(path)}))` })),
    ...[...places.readOnly, ...places.absent].map((path) => ({
      path,
      text: `(deny file-write* (subpath ${quoted(path)}))`,
    })),
  ];
  rules.sort((a, b) => depth(a.path) - depth(b.path));
  return [
    '(version 1)',
    '(deny default)',
    '(allow process-exec process-fork process-info* sysctl-read file-read* file-ioctl iokit-open)',
    '(allow signal (target same-sandbox))',
    '(allow ipc-posix-shm* ipc-posix-sem*)',
    '(allow pseudo-tty)',
    `(allow mach-lookup ${services.map((name) => `(global-name ${quoted(name)})`).join(' ')})`,
    `(allow file-write* ${devices.map((path) => `(literal ${quoted(path)})`).join(' ')})`,
    ...rules.map(({ text }) => text),
    ...(port === undefined ? [] : [`(allow network-outbound (remote ip "localhost:${port}"))`]),
  ].join('\n');
}

/** The command line that runs `command` with Seatbelt, which is part of macOS. */
export const seatbeltLine = (program: string, command: string[], places: Confinement, port?: number): string[] => [
  program,
  '-p',
  seatbeltProfile(places, port),
  ...command,
];
