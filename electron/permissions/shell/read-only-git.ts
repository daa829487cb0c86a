import { readOptions } from './program-options.ts';
import { literal, type Word } from './shell-word.ts';

const show = `stat? shortstat numstat summary name-only name-status oneline patch no-patch unified= color? no-color word-diff?
  abbrev-commit abbrev? graph decorate? all branches? tags? remotes? no-merges merges first-parent reverse follow pretty? format=
  date= since= after= until= before= author= committer= grep= max-count= skip= cached staged minimal patience histogram raw
  ignore-all-space ignore-space-change ignore-blank-lines ignore-space-at-eol check diff-filter= find-renames? find-copies? no-renames
  full-index binary topo-order date-order left-right cherry-pick merge-base no-ext-diff no-textconv text relative? quiet exit-code`;

/** Subcommands that only read, each with the options that keep it so. Git takes unknown long options by their beginning, so none is guessed. */
const subcommands: Record<
  string,
  { flags?: string; values?: string; long?: string; digits?: boolean; operands?: number }
> = {
  status: {
    flags: 'sbvuz',
    long: 'short branch porcelain? long verbose untracked-files? ignored? show-stash ahead-behind no-ahead-behind renames column?',
  },
  log: { flags: 'pusigEFPrmcztb', values: 'nSGLU', long: show, digits: true },
  diff: { flags: 'puswbRaz', values: 'USG', long: show },
  show: { flags: 'pusmcwb', values: 'nU', long: show, digits: true },
  shortlog: { flags: 'nsec', long: 'numbered summary email all since= until= no-merges' },
  branch: {
    flags: 'arv',
    long: 'list all remotes verbose show-current contains? no-contains? merged? no-merged? sort= format= color? no-color column?',
    operands: 0,
  },
  tag: { flags: 'ln', long: 'list contains? merged? no-merged? sort= format= points-at=', operands: 0 },
  remote: { flags: 'v', long: 'verbose', operands: 0 },
  stash: { operands: 1 },
  'rev-parse': {
    flags: 'q',
    long: 'abbrev-ref? short? verify quiet show-toplevel show-prefix show-cdup git-dir git-common-dir is-inside-work-tree symbolic-full-name absolute-git-dir is-bare-repository symbolic',
  },
  'rev-list': {
    values: 'n',
    long: 'count all max-count= since= until= no-merges first-parent reverse objects left-right',
  },
  'ls-files': {
    flags: 'cdmoiskuztv',
    long: 'cached deleted modified others ignored stage unmerged full-name error-unmatch exclude-standard',
  },
  'ls-tree': { flags: 'rdtlz', long: 'long name-only name-status full-name full-tree' },
  blame: { flags: 'blnstwefpMC', values: 'L', long: 'porcelain line-porcelain show-email show-name since= date=' },
  describe: { long: 'tags all always abbrev= long dirty? match= exact-match contains' },
  'merge-base': { flags: 'a', long: 'all is-ancestor octopus independent fork-point' },
  'cat-file': { flags: 'tspe' },
  'name-rev': { long: 'name-only tags' },
  'count-objects': { flags: 'vH', long: 'verbose human-readable' },
  reflog: { operands: 0 },
  'diff-tree': { flags: 'rpst', long: `${show} no-commit-id root` },
  'for-each-ref': { long: 'sort= format= count= contains= merged= no-merged= points-at=' },
};

const hasParent = (text: string): boolean => /(^|[/:])\.\.(\/|$)/.test(text);

/** Operands are revisions or paths of the repository; a path outside would make `git diff` compare any two files. */
function staysInside(word: Word): boolean {
  const text = literal(word);
  return (
    text !== undefined &&
    !text.startsWith('/') &&
    !text.startsWith('\\') &&
    !hasParent(text) &&
    !/^[A-Za-z]:/.test(text)
  );
}

/** True for a git command that cannot write, run another program or read outside of its repository. */
export function isReadOnlyGit(words: Word[]): boolean {
  // The only harmless option before the subcommand.
  const from = literal(words[1]) === '--no-pager' ? 2 : 1;
  const name = literal(words[from]) ?? '';
  const known = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (!known) return false;
  const options = readOptions(words, known, from + 1);
  if (!options) return false;
  const { operands } = options;
  // `%G?` verifies signatures, for which git starts gpg.
  if (words.some((word) => word.source.includes('%G') || word.source.includes('%(signature'))) return false;
  if (name === 'stash' && literal(operands[0]) !== 'list') return false;
  const listed = options.given.some((option) =>
    ['-l', '--list', '--contains', '--merged', '--no-merged'].includes(option),
  );
  if (known.operands !== undefined && operands.length > known.operands && !(listed && name !== 'stash')) return false;
  return operands.every(staysInside);
}
