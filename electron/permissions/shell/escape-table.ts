/** With what a program starts another one, or writes a file that is not named as one. */
export interface Escape {
  /** Short options, alone, in a cluster or with a glued value. */
  short?: string;
  /** Long options; programs take them by their beginning, so from two letters on that counts. */
  long?: string[];
  /** Whole words that start other programs, such as subcommands. */
  words?: RegExp;
  /** As `words`, for the first word that is no option. */
  subcommand?: RegExp;
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

const sshCommands = /ProxyCommand|LocalCommand|KnownHostsCommand|ProxyUseFdpass|PKCS11Provider|Match\s+exec/i;

/** Options and words with which these programs start others. An allow rule covers them only where it says them itself. */
const known: Record<string, Escape> = {
  git: {
    long: words(`config config-env exec-path upload-pack receive-pack exec ext-diff textconv open-files-in-pager extcmd template
      show-signature`),
    words: /^(foreach|filter-branch)$|(^|=)ext::/,
  },
  tar: {
    short: 'IF',
    // An archive on another machine is fetched by a program.
    words: /^(-\w*f)?[\w.@-]+:./,
    long: words(
      'to-command checkpoint-action use-compress-program rsh-command info-script new-volume-script rmt-command',
    ),
  },
  rg: { long: ['pre', 'hostname-bin'] },
  awk: {
    short: 'filEDdop',
    long: words('file include load exec debug dump-variables pretty-print profile'),
    words: /\bsystem\b|@|(^|[^|])\|(?!\|)|\bprintf?\b[^;}\n]*>|^-W/,
  },
  sort: { long: ['compress-program'] },
  man: { short: 'PHCpXT', long: words('pager html config-file preprocessor gxditview troff-device') },
  less: { short: 'k', long: words('lesskey-file lesskey-src lesskey-content'), words: /^\+/ },
  zip: { short: 'T', long: ['unzip-command', 'test'] },
  rsync: { short: 'e', long: ['rsh', 'rsync-path'] },
  ssh: { short: 'FoI', words: sshCommands },
  scp: { short: 'SFoD', words: sshCommands },
  sftp: { short: 'SFDobs', words: sshCommands },
  'ssh-keygen': { short: 'Dw' },
  'ssh-add': { short: 'sSe' },
  wget: { short: 'e', long: ['use-askpass', 'execute', 'config'] },
  curl: { short: 'K', long: ['config', 'engine'] },
  go: { words: /^--?(exec|toolexec|vettool)(=|$)|extld/ },
  cargo: { long: ['config'] },
  gcc: { words: /^-(wrapper|B|-?specs|fuse-ld|-?config|X(clang|linker|assembler|preprocessor)$)|plugin|^@/ },
  split: { long: ['filter'] },
  tcpdump: { short: 'z' },
  vim: { short: 'cSsuwW', long: ['cmd', 'remote-send', 'remote-expr'], words: /^\+/ },
  make: {
    short: 'fEI',
    long: ['eval', 'file', 'makefile', 'include-dir'],
    // What a recipe runs, and what would be more than one word of it.
    words:
      /^(SHELL|\.SHELLFLAGS|(GNU)?MAKEFLAGS|MAKEFILES|MAKE|CC|CXX|CPP|AR|AS|LD|FC|RM|LEX|YACC|INSTALL|PYTHON|NODE|GO|CARGO)\s*[:?+!]*=|^[^=]*[!:]+=|^[^=]+=.*[^\w./:,@%+=-]|\$[({]/s,
  },
  npm: {
    short: 'C',
    long: words('script-shell node-options shell userconfig globalconfig prefix'),
    subcommand: /^(exec|x)$/,
  },
  pnpm: { short: 'C', long: words('dir script-shell node-options config') },
  yarn: { long: words('cwd script-shell use-yarnrc') },
  dpkg: { long: ['pre-invoke', 'post-invoke'] },
  apt: { short: 'oc', long: ['option', 'config-file'] },
  rpm: { short: 'E', long: ['eval', 'pipe'] },
  fd: { short: 'xX', long: ['exec', 'exec-batch'] },
  diff3: { long: ['diff-program'] },
  install: { long: ['strip-program'] },
  nm: { words: /plugin|^@/ },
  kubectl: { long: ['kubeconfig'] },
  helm: { long: ['kubeconfig', 'post-renderer'] },
  cmake: { words: /^-[PEC]|^-D[^=]*(LAUNCHER|COMPILER|COMMAND|PROGRAM|EXECUTABLE|TOOLCHAIN|INCLUDE)/i },
  gradle: { short: 'I', long: ['init-script', 'include-build'] },
  sqlite3: { words: /^--?(cmd|init)$|(^|\n)\s*\.|load_extension|writefile|\bedit\s*\(/i },
  psql: { short: 'f', long: ['file'], words: /\\|\bprogram\b|^(-o|--output=)?\|/i },
  mysql: { long: ['pager', 'init-command'], words: /\\|\bsystem\b|\bpager\b|^source\b/i },
  pandoc: { short: 'FLd', long: words('filter lua-filter pdf-engine defaults') },
  latex: { words: /^--?(shell-escape|enable-write18)/ },
  openssl: { words: /^-(engine|engine_impl|provider|provider-path|config)$/ },
  ctags: { long: ['options', 'optlib-dir'] },
  ag: { long: ['pager', 'ackrc'] },
  fzf: { long: words('preview bind with-shell listen') },
};

/** Programs that take the options of another one. */
const likewise: Record<string, string> = {
  awk: 'gawk mawk nawk',
  vim: 'vi nvim view ex rview rvim vimdiff gvim gview gvimdiff evim',
  gcc: 'g++ cc c++ clang clang++ gfortran',
  apt: 'apt-get aptitude',
  fd: 'fdfind',
  diff3: 'sdiff',
  nm: 'ar ranlib ld strip objdump',
  make: 'gmake bmake',
  gradle: 'gradlew',
  mysql: 'mariadb',
  latex: 'pdflatex xelatex lualatex tex pdftex latexmk',
  ag: 'ack bat batcat',
};

/** By the program's name. */
export const escapes: Readonly<Record<string, Escape>> = {
  ...known,
  ...Object.fromEntries(
    Object.entries(likewise).flatMap(([name, others]) => words(others).map((other) => [other, known[name]!])),
  ),
};
