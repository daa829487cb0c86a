import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import type { Envelope } from '../../shared/session/events.ts';
import type { SessionManager } from './session-manager.ts';

/** Sessions that another process runs are looked at so often. */
const pollMs = 1000;

/**
 * Follows what other processes do in the same data folder: new sessions appear within a second or two, and those that run elsewhere are read again
 * until they are let go. Returns the function that ends this.
 */
export function followOutside(
  folder: string,
  manager: SessionManager,
  onNews: (sessionId: string, newest: Envelope) => void,
): () => void {
  const wanted = new Set<string>();
  let looking = false;
  let ended = false;
  const look = async (ids: string[]) => {
    for (const id of ids) wanted.add(id);
    if (looking) return;
    looking = true;
    // It grows while it is walked: what is asked for meanwhile is looked at, too.
    for (const id of wanted) {
      wanted.delete(id);
      if (ended) return;
      const newest = await manager.finder.lookAtOutside(id).catch(() => undefined);
      if (newest && !ended) onNews(id, newest);
    }
    looking = false;
  };
  const timer = setInterval(() => {
    const outside = manager.listing.all().filter((session) => session.elsewhere);
    if (outside.length > 0) void look(outside.map((session) => session.id));
  }, pollMs);
  const soon = new Set<NodeJS.Timeout>();
  const lookSoon = (id: string) => {
    const timer = setTimeout(() => {
      soon.delete(timer);
      void look([id]);
    }, pollMs);
    soon.add(timer);
  };
  let watcher: FSWatcher | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    watcher = watch(folder, (_type, name) => {
      if (name && /^[a-z0-9]+$/.test(name) && !manager.listing.get(name)) lookSoon(name);
    });
  } catch {
    // Without a watch, sessions made elsewhere appear at the next start.
  }
  return () => {
    ended = true;
    clearInterval(timer);
    for (const one of soon) clearTimeout(one);
    watcher?.close();
  };
}
