import { escapes } from './escape-table.ts';
import { programName } from './file-programs.ts';
import { sedEscapes } from './sed-script.ts';
import { literal, type Word } from './shell-word.ts';

/** They run whatever commands a file, or their input, holds. */
const scriptRunners = new Set(['bash', 'sh', 'dash', 'ksh', 'zsh', 'fish', 'ash', 'rbash', 'source', '.']);

/** The script's own place, so that a rule which names the script covers it; the end where the script comes from the input. */
function scriptAt(words: Word[]): number {
  const at = subcommandAt(words);
  return at < 0 ? words.length : at;
}

const subcommandAt = (words: Word[]): number =>
  words.findIndex((word, place) => place > 0 && !literal(word)?.startsWith('-'));

const gitLaunchers =
  /^(config|difftool|mergetool|daemon|instaweb|send-email|hook|shell|web--browse|for-each-repo|remote-ext|credential|cvsserver)$/;

/** Git's options mean other things before the subcommand than after it. */
function gitEscape(words: Word[], index: number, text: string): boolean {
  const at = subcommandAt(words);
  const subcommand = literal(words[at]) ?? '';
  if (at < 0 || index < at) return /^-c/.test(text);
  if (index === at) return gitLaunchers.test(text);
  if (subcommand === 'bisect') return text === 'run';
  if (subcommand === 'difftool') return /^-[a-z]*x/.test(text);
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

/** Whether words of the command start a program that is not its own word, scripts by their names left aside. */
export const startsOthers = (words: Word[]): boolean =>
  !scriptRunners.has(programName(words) ?? '') && firstEscape(words) !== undefined;

/**
 * The place of the first word, at `from` or behind it, with which the program may start another one; undefined when there is none that is known. Words that are
 * settled only at run time are not looked at.
 */
export function firstEscape(words: Word[], from = 1): number | undefined {
  const name = programName(words) ?? '';
  if (scriptRunners.has(name)) return scriptAt(words) >= from ? scriptAt(words) : undefined;
  if (name === 'sed' || name === 'gsed') return sedEscapes(words).find((at) => at >= from);
  const known = Object.hasOwn(escapes, name) ? escapes[name] : undefined;
  if (!known) return undefined;
  const subcommand = subcommandAt(words);
  const at = words.findIndex((word, index) => {
    const text = index < from ? undefined : literal(word);
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
