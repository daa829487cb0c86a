import { fileURLToPath } from 'node:url';
import { argumentFact, type PathFact } from './path-facts.ts';
import type { Access, ProtectionContext } from './protected-paths.ts';

const MAX_LENGTH = 1_024;
const MAX_PATHS = 50;

const namesPath = /path|file|dir|folder|root|cwd|uri|location|target|source|dest/i;
const looksLikePath = /^(?:[/~\\]|\.{1,2}[/\\]|[A-Za-z]:[/\\]|file:)|(?:^|[/\\])\.[\w-]/;

/** Every text in the arguments that may be a path: by its look, or by the name of its argument. */
function pathsIn(value: unknown, name: string): string[] {
  if (typeof value === 'string') {
    const isElsewhere = /^(?!file:)[a-z][a-z\d+.-]*:\/\//i.test(value);
    const isOne = value.length <= MAX_LENGTH && !/[\n\0]/.test(value) && !isElsewhere;
    return isOne && value !== '' && (namesPath.test(name) || looksLikePath.test(value)) ? [value] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, Array.isArray(value) ? name : key));
}

function plain(text: string): string {
  if (!/^file:/i.test(text)) return text;
  try {
    return fileURLToPath(text);
  } catch {
    return text;
  }
}

/**
 * Places that a tool may use whose arguments are not known here. They never allow anything: they only tell whether a protected place is
 * among them.
 */
export const mentionedPaths = (args: unknown, access: Access, place: ProtectionContext): Promise<PathFact[]> =>
  Promise.all(
    [...new Set(pathsIn(args, ''))]
      .slice(0, MAX_PATHS)
      .map((path) => argumentFact(plain(path).replaceAll('\\', '/'), access, false, place)),
  );
