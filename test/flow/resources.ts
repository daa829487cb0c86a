import { createHook } from 'node:async_hooks';
import { readdirSync, readlinkSync } from 'node:fs';

/** What goes on by itself once it was begun: timers, also those that do not keep a process alive, processes with their pipes, sockets, watches. */
const kinds = new Set(['Timeout', 'PROCESSWRAP', 'PIPEWRAP', 'TCPWRAP', 'TCPSERVERWRAP', 'FSEVENTWRAP', 'WORKER']);

/**
 * From now on knows all that code under `electron/` begins and what of it is still there, by the place that began it, such as
 * `Timeout model/retry.ts`. Sockets to models are begun by Node itself; those are to be looked at from the server.
 */
export function watchResources() {
  const begun = new Map<number, string>();
  const hook = createHook({
    init(id, kind) {
      if (!kinds.has(kind)) return;
      const depth = Error.stackTraceLimit;
      Error.stackTraceLimit = 30;
      // A deadline is theirs who wait.
      const place = /\/electron\/(?!storage\/deadline)([\w/-]+\.ts)/.exec(new Error().stack ?? '')?.[1];
      Error.stackTraceLimit = depth;
      if (place) begun.set(id, `${kind} ${place}`);
    },
    destroy(id) {
      begun.delete(id);
    },
  }).enable();
  return {
    /** What is there now, but for what begins in these files. */
    async left(exceptIn: readonly string[] = []): Promise<string[]> {
      // Ends are told in a later turn than that in which they happen.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return [...begun.values()].filter((place) => !exceptIn.some((file) => place.endsWith(file))).sort();
    },
    stop: () => void hook.disable(),
  };
}

/** Files that this process holds open, wherever they lie by now, with this text in their path. */
export const openFilesWith = (text: string): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`);
      return path.includes(text) ? [path] : [];
    } catch {
      return [];
    }
  });
