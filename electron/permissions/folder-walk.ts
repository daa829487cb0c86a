import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Walked {
  path: string;
  folder: boolean;
}

/** Holds other people's packages and Git's own data: far too much to look at, and nothing of the person's. */
const passedOver = new Set(['node_modules', '.git']);

/** All that lies in a folder at any depth, nearest first; links are not followed. Undefined when it is more than `limit` entries. */
export async function walkFolder(folder: string, limit: number): Promise<Walked[] | undefined> {
  const found: Walked[] = [];
  const folders = [folder];
  // A list grows while it is walked, so that folders found here are walked too.
  for (const next of folders) {
    const entries: Dirent[] = await readdir(next, { withFileTypes: true }).catch(() => []);
    if (found.length + entries.length > limit) return undefined;
    for (const entry of entries) {
      const path = join(next, entry.name);
      found.push({ path, folder: entry.isDirectory() });
      if (entry.isDirectory() && !passedOver.has(entry.name)) folders.push(path);
    }
  }
  return found;
}
