import { Minimatch } from 'minimatch';
import { fail, ok, type Result } from '../../shared/errors.ts';

export interface GlobPattern {
  matches(path: string): boolean;
  /** The pattern itself names hidden files or folders. */
  hidden: boolean;
}

/** Longer patterns could take longer to match than to search. */
const maxLength = 400;

/**
 * A glob over paths relative to the searched folder; without a slash it matches names at any depth. One that would climb out of the
 * folder is refused.
 */
export function globPattern(pattern: string): Result<GlobPattern> {
  const plain = pattern.replace(/^(\.\/)+/, '');
  if (plain === '' || plain.length > maxLength) return fail('invalid', 'The pattern is empty or too long.');
  if (/^([/\\~]|[a-z]:)/i.test(plain) || /(^|[/\\{,(|])\.\.([/\\},)|]|$)/.test(plain)) {
    return fail(
      'invalid',
      'A pattern cannot leave its folder.',
      'Give the folder as path and a pattern relative to it.',
    );
  }
  const matcher = new Minimatch(plain, { matchBase: !plain.includes('/'), nonegate: true, nocomment: true });
  return ok({ matches: (path) => matcher.match(path), hidden: /(^|[/{,(|])\.[^/]/.test(plain) });
}

/** What ripgrep needs to be told so that hidden files are looked at, though never git's own. */
export const hiddenFlags = (pattern: GlobPattern | undefined): string[] =>
  pattern?.hidden ? ['--hidden', '--glob', '!**/.git'] : [];
