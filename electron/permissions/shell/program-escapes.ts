import { programName } from './file-programs.ts';
import { literal, type Word } from './shell-word.ts';

interface Escape {
  /** Short options, alone, in a cluster or with a glued value. */
  short?: string;
  /** Long options; programs take them by their beginning, so from three letters on that counts. */
  long?: string[];
  /** Whole words that start other programs, such as subcommands. */
  words?: RegExp;
  /** As `words`, for the first word that is no option. */
  subcommand?: RegExp;
}

const sshCommands = /ProxyCommand|LocalCommand|KnownHostsCommand|ProxyUseFdpass|Match\s+exec/i;

/** Options and words with which these programs start others. An allow rule covers them only where it says them itself. */
const escapes: Record<string, Escape> = {
  git: {
    long: [
      'config',
      'config-env',
      'exec-path',
      'upload-pack',
      'receive-pack',
      'exec',
      'ext-diff',
      'textconv',
      'open-files-in-pager',
    ].concat(['extcmd', 'template', 'show-signature']),
    words: /^(foreach|filter-branch|ext::.*)$/,
  },
  tar: {
    short: 'IF',
    long: [
      'to-command',
      'checkpoint-action',
      'use-compress-program',
      'rsh-command',
      'info-script',
      'new-volume-script',
      'rmt-command',
    ],
  },
  rg: { long: ['pre', 'hostname-bin'] },
  // The command `e` and the flag `e` of `s`.
  sed: { short: 'f', long: ['file'], words: /(^|[;{}\n\d$/!,]\s*)e\b|[^\w\s][gpmIM0-9]*e[gpmIM0-9]*\s*($|[;}\n])/ },
  awk: {
    short: 'filE',
    long: ['file', 'include', 'load', 'exec'],
    words: /\bsystem\s*\(|(^|[^|])\|(?!\|)|@(load|include)/,
  },
  sort: { long: ['compress-program'] },
  man: { short: 'PH', long: ['pager', 'html'] },
  zip: { short: 'T', long: ['unzip-command', 'test'] },
  rsync: { short: 'e', long: ['rsh', 'rsync-path'] },
  ssh: { short: 'F', words: sshCommands },
  scp: { short: 'SF', words: sshCommands },
  sftp: { short: 'SFD', words: sshCommands },
  wget: { short: 'e', long: ['use-askpass', 'execute', 'config'] },
  curl: { short: 'K', long: ['config'] },
  go: { words: /^--?(exec|toolexec|vettool)(=|$)/ },
  cargo: { long: ['config'] },
  gcc: { words: /^-(wrapper|fplugin|B|specs)/ },
  split: { long: ['filter'] },
  tcpdump: { short: 'z' },
  vim: { short: 'cSsu', long: ['cmd'], words: /^\+/ },
  less: { words: /^\+/ },
  make: { long: ['eval'], words: /^(SHELL|MAKEFLAGS)\+?=/ },
  npm: { long: ['script-shell', 'node-options'], subcommand: /^(exec|x)$/ },
  dpkg: { long: ['pre-invoke', 'post-invoke'] },
  apt: { short: 'oc', long: ['option', 'config-file'] },
  rpm: { short: 'E', long: ['eval', 'pipe'] },
};
escapes['apt-get'] = escapes.apt!;
for (const name of ['gawk', 'mawk', 'nawk']) escapes[name] = escapes.awk!;
for (const name of ['vi', 'nvim', 'view']) escapes[name] = escapes.vim!;
for (const name of ['g++', 'cc', 'c++', 'clang', 'clang++']) escapes[name] = escapes.gcc!;

/** They run whatever commands a file, or their input, holds. */
const scriptRunners = new Set(['bash', 'sh', 'dash', 'ksh', 'zsh', 'fish', 'ash', 'rbash', 'source', '.']);

/** The script's own place, so that a rule which names the script covers it; the end where the script comes from the input. */
function scriptAt(words: Word[]): number {
  const at = subcommandAt(words);
  return at < 0 ? words.length : at;
}

const subcommandAt = (words: Word[]): number =>
  words.findIndex((word, place) => place > 0 && !literal(word)?.startsWith('-'));

/** Git's options mean other things before the subcommand than after it. */
function gitEscape(words: Word[], index: number, text: string): boolean {
  const at = subcommandAt(words);
  const subcommand = literal(words[at]) ?? '';
  if (at < 0 || index < at) return /^-c/.test(text);
  if (index === at) return /^(config|difftool|mergetool|daemon|instaweb|send-email)$/.test(text);
  if (subcommand === 'bisect') return text === 'run';
  if (subcommand === 'grep') return text.startsWith('-O');
  if (subcommand === 'rebase') return /^-[a-wyz]*x/.test(text);
  return (subcommand === 'clone' || subcommand === 'fetch') && /^-[cu]/.test(text);
}

/** `tar cfI x program`: the first word may be options without a dash. */
const oldTar = (index: number, text: string): boolean => index === 1 && /^[a-zA-Z]*[IF]/.test(text);

function isLong(text: string, names: string[]): boolean {
  const name = /^--([\w-]+)/.exec(text)?.[1];
  return name !== undefined && name.length > 1 && names.some((full) => full.startsWith(name) || name === full);
}

const isShort = (text: string, letters: string): boolean =>
  /^-[A-Za-z0-9]/.test(text) &&
  [...letters].some((letter) => /^[A-Za-z0-9]*/.exec(text.slice(1))?.[0].includes(letter));

/**
 * The place of the first word with which the program may start another one; undefined when there is none that is known. Words that are
 * settled only at run time are not looked at.
 */
export function firstEscape(words: Word[]): number | undefined {
  const name = programName(words) ?? '';
  if (scriptRunners.has(name)) return scriptAt(words);
  const known = Object.hasOwn(escapes, name) ? escapes[name] : undefined;
  if (!known) return undefined;
  const subcommand = subcommandAt(words);
  const at = words.findIndex((word, index) => {
    const text = index === 0 ? undefined : literal(word);
    if (text === undefined) return false;
    return (
      (name === 'git' && gitEscape(words, index, text)) ||
      (name === 'tar' && oldTar(index, text)) ||
      (known.long !== undefined && isLong(text, known.long)) ||
      (known.short !== undefined && !text.startsWith('--') && isShort(text, known.short)) ||
      (known.words?.test(text) ?? false) ||
      (index === subcommand && (known.subcommand?.test(text) ?? false))
    );
  });
  return at < 0 ? undefined : at;
}
