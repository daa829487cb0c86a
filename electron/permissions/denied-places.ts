import { exists } from './canonical-path.ts';
import { walkFolder } from './folder-walk.ts';
import { coversPath, type PathPattern, type PatternFolders, plainPlace } from './path-pattern.ts';
import { parsedRules } from './rules.ts';

/** What deny rules forbid to programs whose arguments tell nothing. */
export interface DeniedPlaces {
  read: string[];
  write: string[];
  /** A rule whose places could not all be found. */
  open?: string;
}

const maxEntries = 5_000;

/** Finds the existing places that `Read(…)` and `Edit(…)` deny rules name, in the workspace and where a rule says exactly. */
export async function deniedPlaces(deny: string[], folders: PatternFolders): Promise<DeniedPlaces> {
  const denied: DeniedPlaces = { read: [], write: [] };
  let walked: ReturnType<typeof walkFolder> | undefined;
  for (const rule of parsedRules(deny)) {
    if (rule.kind !== 'path' || !['read', 'edit'].includes(rule.tool)) continue;
    const list = rule.tool === 'read' ? denied.read : denied.write;
    const plain = plainPlace(rule.pattern, folders);
    if (plain !== undefined) {
      if (await exists(plain)) list.push(plain);
      continue;
    }
    walked ??= walkFolder(folders.workspace, maxEntries);
    const entries = rule.pattern.base === 'workspace' ? await walked : undefined;
    if (!entries) denied.open ??= rule.text;
    for (const { path } of entries ?? []) if (covered(rule.pattern, path, folders)) list.push(path);
  }
  return denied;
}

/** For tools that look into folders: whether a deny rule forbids to read a canonical path, or what lies in it. */
export function deniedReading(deny: string[], folders: PatternFolders): ((path: string) => boolean) | undefined {
  const patterns = parsedRules(deny).flatMap((rule) =>
    rule.kind === 'path' && rule.tool === 'read' ? [rule.pattern] : [],
  );
  if (patterns.length === 0) return undefined;
  return (path) => patterns.some((pattern) => coversPath(pattern, path, folders, { anyCase: true, folder: true }));
}

const covered = (pattern: PathPattern, path: string, folders: PatternFolders): boolean =>
  coversPath(pattern, path, folders, { anyCase: true, folder: false });
