import { programName } from './file-programs.ts';
import { isReservedWord } from './shell-reader.ts';
import { anyWord, literal, mayVanishOrSplit, type Word } from './shell-word.ts';

/**
 * What a command starts besides itself. `commands` and `scripts` are judged in its place or, where `standsAlone`, together with it;
 * `doubt` says why the rest cannot be known.
 */
export interface Unwrapped {
  commands: Word[][];
  scripts: string[];
  /** The wrapper itself must be allowed too. */
  standsAlone: boolean;
  doubt?: string;
  /** It may start what is not in `commands`. */
  hidden?: boolean;
  /** A file whose commands it runs, with the file's arguments. Shells look for it among the programs too. */
  file?: Word[];
}

const nothing: Unwrapped = { commands: [], scripts: [], standsAlone: true };

const unclear = (name: string, commands: Word[][] = []): Unwrapped => ({
  commands,
  scripts: [],
  standsAlone: true,
  hidden: true,
  doubt: `\`${name}\`, of which it cannot be told what it starts`,
});

interface WrapperSpec {
  flags?: string;
  values?: string;
  long?: string[];
  /** Words between the options and the command. */
  skip?: RegExp[];
  standsAlone?: boolean;
}

const wrappers: Record<string, WrapperSpec> = {
  timeout: {
    flags: 'v',
    values: 'ks',
    long: ['--preserve-status', '--foreground', '--verbose'],
    skip: [/^\d+(\.\d+)?[smhd]?$/],
  },
  nice: { values: 'n' },
  nohup: {},
  time: { flags: 'p' },
  stdbuf: { values: 'ioe' },
  ionice: { values: 'cn' },
  command: { flags: 'p' },
  builtin: {},
  exec: {},
  busybox: { standsAlone: true },
  toybox: { standsAlone: true },
  sudo: { flags: 'nEHSkP', values: 'ugpCT', standsAlone: true },
  doas: { flags: 'n', values: 'u', standsAlone: true },
};

/** Programs that start another one in ways that are not followed here. */
const launchers = new Set(
  `setsid watch parallel script strace ltrace gdb flock unshare chroot su runuser pkexec nsenter systemd-run at batch tmux screen expect
   taskset chrt numactl setpriv capsh unbuffer dbus-run-session xvfb-run entr zsh fish csh tcsh pwsh powershell cmd
   trap alias coproc perf valgrind faketime firejail bwrap proot fakeroot torsocks proxychains proxychains4 catchsegv socat nc ncat rlwrap
   prlimit setarch linux32 linux64 i386 x86_64 uname26 choom chronic eatmydata dbus-launch cgexec gosu su-exec tini dumb-init cpulimit
   hyperfine multitime setlock logsave runcon sg newgrp mksh yash posh nu elvish xonsh osh pee ifne daemonize daemon chpst softlimit
   envdir envuidgid setuidgid lldb rr dtach abduco zellij byobu sshpass watchexec nodemon nsjail schroot aa-exec run-one pipexec uftrace
   heaptrack ssh-agent crontab sudoedit visudo ed dc
   run-parts start-stop-daemon machinectl enable complete compgen bind fc mapfile readarray`.split(/\s+/),
);

/** The system's own loader starts whatever it is given. */
const loader = /^ld(-linux|-musl|64)?[\w.-]*\.so/;

const shells = new Set(['bash', 'sh', 'dash', 'ksh', 'rbash', 'ash']);

interface Rest {
  words: Word[];
  clear: boolean;
}

/** The words after a wrapper's own options. */
function afterOptions(words: Word[], spec: WrapperSpec): Rest {
  let at = 1;
  for (; at < words.length; at += 1) {
    const text = literal(words[at]);
    if (text === undefined) return { words: words.slice(at), clear: !mayVanishOrSplit(words[at]!) };
    if (text === '--') {
      at += 1;
      break;
    }
    if (!text.startsWith('-') || text === '-') break;
    if (spec.long?.includes(text)) continue;
    const value = spec.values?.includes(text[1] ?? '') ?? false;
    if (value && text.length === 2) at += 1;
    else if (!value && ![...text.slice(1)].every((letter) => spec.flags?.includes(letter))) {
      return { words: words.slice(at + 1), clear: false };
    }
  }
  for (const wanted of spec.skip ?? []) {
    if (!wanted.test(literal(words[at]) ?? '')) return { words: words.slice(at), clear: false };
    at += 1;
  }
  return { words: words.slice(at), clear: true };
}

function simple(name: string, words: Word[], spec: WrapperSpec): Unwrapped {
  const rest = afterOptions(words, spec);
  const first = rest.words[0];
  if (!rest.clear || first?.source.includes('=')) return unclear(name, suffixes(words));
  // `time` is followed by a whole pipeline in bash; what the grammar made of a reserved word there is no command.
  if (!first || isReservedWord(first.source)) return unclear(name, suffixes(words));
  return { commands: [rest.words], scripts: [], standsAlone: spec.standsAlone ?? false };
}

/** Every way in which the later words could be a command: for rules that forbid. */
const suffixes = (words: Word[]): Word[][] => words.slice(1, 40).map((_, index) => words.slice(index + 1));

function env(words: Word[]): Unwrapped {
  let at = 1;
  let doubt: string | undefined;
  for (; at < words.length; at += 1) {
    const text = literal(words[at]);
    if (text === '-u' || text === '--unset') at += 1;
    else if (text?.startsWith('-')) {
      if (!text.startsWith('--unset=')) return unclear('env', suffixes(words));
    }
    // To env anything with `=` is a variable, also with a name that no shell would take, or none.
    else if (text === undefined ? /^\w+\+?=/.test(words[at]!.source) : text.includes('='))
      doubt = 'variables that `env` sets';
    else if (text === undefined) return unclear('env', suffixes(words));
    else break;
  }
  const rest = words.slice(at);
  if (rest.length === 0) return nothing;
  return { commands: [rest], scripts: [], standsAlone: false, ...(doubt ? { doubt } : {}) };
}

const xargsFlags = /^-(?:[0rtx]+|[nLPsE].*|-(?:null|no-run-if-empty|verbose|exit|max-(?:args|procs|lines|chars)=.*))$/;

/** The command gets words that only exist when it runs. */
function xargs(words: Word[]): Unwrapped {
  let at = 1;
  let placeholder: string | undefined;
  for (; at < words.length; at += 1) {
    const text = literal(words[at]);
    if (text === undefined) return unclear('xargs', suffixes(words));
    if (/^-I./.test(text)) placeholder = text.slice(2);
    else if (text === '-I') {
      at += 1;
      placeholder = literal(words[at]);
    } else if (/^-[nLPsEd]$/.test(text)) at += 1;
    else if (!text.startsWith('-')) break;
    else if (!xargsFlags.test(text) && !/^-d./.test(text)) return unclear('xargs', suffixes(words));
  }
  const rest = words.slice(at);
  if (rest.length === 0) return { commands: [], scripts: [], standsAlone: false };
  const filled = placeholder === undefined ? [...rest, anyWord('…')] : fill(rest, placeholder);
  return { commands: [filled], scripts: [], standsAlone: false };
}

const fill = (words: Word[], placeholder: string): Word[] =>
  words.map((word) =>
    word.source.includes(placeholder) || (literal(word) ?? placeholder).includes(placeholder)
      ? anyWord(word.source)
      : word,
  );

const execActions = new Set(['-exec', '-execdir', '-ok', '-okdir']);

/** `find` with `-exec` starts commands; without, it is an ordinary command. With `-execdir` they run in folders not known here. */
function find(words: Word[]): Unwrapped {
  const commands: Word[][] = [];
  const isUnclear = words.some(
    (word) =>
      /^-(exec|ok)dir$/.test(literal(word) ?? '') ||
      (literal(word) === undefined && mayVanishOrSplit(word) && !isPath(word)),
  );
  for (let at = 0; at < words.length; at += 1) {
    if (!execActions.has(literal(words[at]) ?? '')) continue;
    const length = words.slice(at + 1).findIndex((word) => literal(word) === ';' || literal(word) === '+');
    const inner = words.slice(at + 1, length < 0 ? undefined : at + 1 + length);
    if (inner.length > 0) commands.push(fill(inner, '{}'));
  }
  if (isUnclear) return unclear('find', commands);
  return { commands, scripts: [], standsAlone: true };
}

/** `*.ts` or `src/*` cannot become `-exec`. */
const isPath = (word: Word): boolean => {
  const first = word.pieces[0];
  return first?.kind === 'home' || (first?.kind === 'text' && /^[\w./]/.test(first.text));
};

/** `find` without its `-exec … ;` parts: what is left is judged as a search. */
export function withoutExec(words: Word[]): Word[] {
  const left: Word[] = [];
  let skipping = false;
  for (const word of words) {
    const text = literal(word) ?? '';
    if (!skipping && execActions.has(text)) skipping = true;
    else if (skipping && (text === ';' || text === '+')) skipping = false;
    else if (!skipping) left.push(word);
  }
  return left;
}

/** `bash -c 'script'`; a shell that reads a file or its input is an ordinary command. */
function shell(name: string, words: Word[]): Unwrapped {
  let isScript = false;
  let readsProfile = false;
  for (let at = 1; at < words.length; at += 1) {
    const text = literal(words[at]);
    if (text === undefined) return unclear(name);
    if (/^-[euxvnf]*o$/.test(text)) at += 1;
    else if (/^[-+][euxvnfcli]+$/.test(text)) {
      isScript ||= text.includes('c');
      readsProfile ||= /[li]/.test(text);
    } else if (text.startsWith('-') || text.startsWith('+')) return unclear(name, suffixes(words));
    else if (!isScript) return { ...nothing, file: words.slice(at) };
    else return { ...(readsProfile ? unclear(name) : {}), commands: [], scripts: [text], standsAlone: readsProfile };
  }
  // Its commands come from its input.
  return { ...nothing, hidden: true };
}

function evaluate(words: Word[]): Unwrapped {
  const texts = words.slice(1).map(literal);
  if (texts.some((text) => text === undefined)) return unclear('eval', suffixes(words));
  return { commands: [], scripts: [texts.join(' ')], standsAlone: false };
}

/** What a simple command starts, as far as that can be told from its words. */
export function unwrap(words: Word[]): Unwrapped {
  const name = programName(words);
  if (name === undefined || !words[0]) return nothing;
  // A path could be any program of that name: its command is looked at, and it must be allowed itself.
  const isPlain = literal(words[0]) === name;
  const found = unwrapNamed(name, words);
  return isPlain ? found : { ...found, standsAlone: true };
}

function unwrapNamed(name: string, words: Word[]): Unwrapped {
  if (name === 'env') return env(words);
  if (name === 'xargs') return xargs(words);
  if (name === 'find') return find(words);
  if (name === 'eval') return evaluate(words);
  if (name === 'source' || name === '.') return { ...nothing, file: words.slice(1) };
  if (shells.has(name)) return shell(name, words);
  if (name === 'command' && /^-[vV]$/.test(literal(words[1]) ?? '')) return nothing;
  if (launchers.has(name) || loader.test(name)) return unclear(name, suffixes(words));
  return Object.hasOwn(wrappers, name) ? simple(name, words, wrappers[name]!) : nothing;
}
