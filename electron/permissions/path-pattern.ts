import { join, relative, sep } from 'node:path';
import ignore from 'ignore';
import { fail, ok, type Result } from '../../shared/errors.ts';
import { isWithin } from './canonical-path.ts';

/** Where a pattern's paths begin. */
export type PatternBase = 'workspace' | 'home' | 'root';

export interface PathPattern {
  base: PatternBase;
  /** In the words of gitignore, relative to the base. */
  glob: string;
}

/** `src/**` is relative to the workspace, `~/x` to the home folder, `//x` to the file system's root. */
export function parsePathPattern(text: string): Result<PathPattern> {
  if (text.startsWith('!')) return fail('invalid', 'A path pattern cannot begin with `!`.', 'Write a rule of its own.');
  if (/(^|\/)\.\.(\/|$)/.test(text)) {
    return fail(
      'invalid',
      'A path pattern cannot hold `..`.',
      'Begin with `~/` for the home folder or `//` for an absolute path.',
    );
  }
  const glob = text.startsWith('./') ? text.slice(1) : text;
  if (glob === '~') return ok({ base: 'home', glob: '/**' });
  if (glob.startsWith('~/')) return ok({ base: 'home', glob: glob.slice(1) });
  if (glob.startsWith('//')) return ok({ base: 'root', glob: glob.slice(1) === '/' ? '/**' : glob.slice(1) });
  return ok({ base: 'workspace', glob });
}

export interface PatternFolders {
  workspace: string;
  home: string;
}

const baseOf = ({ base }: PathPattern, { workspace, home }: PatternFolders): string =>
  ({ workspace, home, root: sep })[base];

/** Built once a pattern and case rule; gitignore patterns are compiled into regular expressions. */
const compiled = new Map<string, ReturnType<typeof ignore>>();
const MAX_COMPILED = 2_000;

function matcher(glob: string, anyCase: boolean): ReturnType<typeof ignore> {
  const key = `${anyCase}${glob}`;
  let built = compiled.get(key);
  if (!built) {
    if (compiled.size > MAX_COMPILED) compiled.clear();
    built = ignore({ ignorecase: anyCase, allowRelativePaths: true }).add(glob.replace(/^#/, '\\#'));
    compiled.set(key, built);
  }
  return built;
}

/**
 * Whether the pattern covers a canonical path. A folder counts as covered when what lies in it is. `anyCase` is for rules that forbid: a
 * file system may not tell `A` from `a`, nor two spellings of one accented letter.
 */
export function coversPath(
  pattern: PathPattern,
  path: string,
  folders: PatternFolders,
  { anyCase, folder }: { anyCase: boolean; folder: boolean },
): boolean {
  const base = baseOf(pattern, folders);
  if (!isWithin(base, path)) return false;
  const spelled = relative(base, path).split(sep).join('/');
  const name = anyCase ? spelled.normalize('NFC') : spelled;
  const { glob } = pattern;
  const rules = matcher(anyCase ? glob.normalize('NFC') : glob, anyCase);
  if (name === '') return rules.ignores('_/_');
  return rules.ignores(name) || (folder && (rules.ignores(`${name}/`) || rules.ignores(`${name}/_/_`)));
}

/** The one place that a pattern without wildcards means; undefined when it may be several. */
export function plainPlace({ base, glob }: PathPattern, folders: PatternFolders): string | undefined {
  const place = glob.replace(/\/\*\*$/, '');
  const anchored = glob.replace(/\/$/, '').includes('/');
  if (!anchored || /[*?[\\!]/.test(place)) return undefined;
  return join(baseOf({ base, glob }, folders), place.replace(/\/$/, ''));
}

/** Whether the folder `path` may hold what the pattern covers, so that removing or moving it would reach that too. */
export function mayHold(pattern: PathPattern, path: string, folders: PatternFolders): boolean {
  const parts = pattern.glob.replace(/^\//, '').split('/');
  const wild = parts.findIndex((part) => /[*?[\\]/.test(part));
  const plain = wild < 0 ? parts : parts.slice(0, wild);
  // A pattern without a slash inside holds at any depth.
  const anchored = pattern.glob.replace(/\/$/, '').includes('/');
  return anchored && isWithin(path, join(baseOf(pattern, folders), ...plain));
}

/** A pattern that covers this one file only. */
export function patternFor(path: string, { workspace, home }: PatternFolders): string {
  const written = (base: string): string =>
    relative(base, path)
      .split(sep)
      .map((part) => part.replace(/[\\*?[\]!#]/g, '\\$&').replace(/ $/, '\\ '))
      .join('/');
  if (isWithin(workspace, path)) return path === workspace ? '/**' : `/${written(workspace)}`;
  if (isWithin(home, path)) return `~/${written(home) || '**'}`;
  return `//${written(join(sep))}`;
}
