import { isAbsolute } from 'node:path';
import { canonicalPaths, expandWildcards } from './canonical-path.ts';
import type { Access } from './protected-paths.ts';
import type { FileUse } from './shell/read-only-programs.ts';
import type { Word } from './shell/shell-word.ts';

/** A file that a call names, and where it really is. */
export interface PathFact {
  /** As the call wrote it. */
  shown: string;
  access: Access;
  /** All that lies in the folder is meant. */
  folder: boolean;
  /** Canonical places that it may be; undefined when that cannot be told. */
  places?: string[];
  /** `places` holds surely all; otherwise it is a guess that only serves to forbid. */
  settled: boolean;
}

interface Spelled {
  text: string;
  wild: boolean;
  settled: boolean;
}

/** The word as a path text. `$HOME` and `$PWD` are taken for what they mostly are. */
function spell(word: Word, home: string, folder: string | undefined): Spelled | undefined {
  let text = '';
  let wild = false;
  let settled = true;
  for (const piece of word.pieces) {
    if (piece.kind === 'text') text += piece.text;
    else if (piece.kind === 'home') text += home;
    else if (piece.kind === 'glob') {
      text += piece.text;
      wild = true;
    } else if (piece.variable === 'HOME' || (piece.variable === 'PWD' && folder !== undefined)) {
      text += piece.variable === 'HOME' ? home : folder;
      settled = false;
    } else return undefined;
  }
  return { text, wild, settled };
}

async function placesFrom(folder: string, { text, wild }: Spelled): Promise<string[] | undefined> {
  const texts = wild ? await expandWildcards(folder, text) : [text];
  // A file's name that begins with `-` would be taken for an option.
  if (!texts || (wild && !text.startsWith('-') && texts.some((one) => one.startsWith('-')))) return undefined;
  const all = await Promise.all(texts.map((one) => canonicalPaths(folder, one)));
  return all.some((places) => places === undefined) ? undefined : all.flatMap((places) => places ?? []);
}

/** Finds where a shell word leads from each of the folders that the command may run in; `folders` undefined: it may be any. */
export async function factOf(use: FileUse, folders: string[] | undefined, home: string): Promise<PathFact> {
  const fact: PathFact = {
    shown: use.word.source,
    access: use.access,
    folder: use.folder ?? false,
    settled: false,
  };
  const spelled = spell(use.word, home, folders?.[0]);
  if (!spelled) return fact;
  const from = folders ?? (isAbsolute(spelled.text) ? ['/'] : undefined);
  if (!from) return fact;
  const all = await Promise.all(from.map((folder) => placesFrom(folder, spelled)));
  if (all.some((places) => places === undefined)) return fact;
  const places = [...new Set(all.flatMap((found) => found ?? []))];
  return { ...fact, places, settled: spelled.settled };
}

/** A path argument of a tool; as for the tools, `~/` is the home folder. */
export async function argumentFact(
  path: string,
  access: Access,
  folder: boolean,
  { workspace, home }: { workspace: string; home: string },
): Promise<PathFact> {
  const spelled = path === '~' || path.startsWith('~/') ? home + path.slice(1) : path;
  const places = await canonicalPaths(workspace, spelled);
  return { shown: path, access, folder, settled: places !== undefined, ...(places ? { places } : {}) };
}
