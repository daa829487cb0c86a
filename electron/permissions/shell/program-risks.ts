import { programName } from './file-programs.ts';
import { literal, type Word } from './shell-word.ts';

export type Level = 'low' | 'medium' | 'high' | 'unknown';

export interface Reason {
  level: Level;
  text: string;
}

interface RiskRule {
  level: Level;
  text: string;
  programs: Set<string>;
  /** Tested on the words after the program, joined by single spaces and with one at each end. */
  when?: RegExp;
}

const rule = (level: Level, text: string, programs: string, when?: RegExp): RiskRule => ({
  level,
  text,
  programs: new Set(programs.split(' ')),
  ...(when ? { when } : {}),
});

/** For each program the first rule that fits counts. */
const rules: RiskRule[] = [
  rule('high', 'Removes folders or removes without asking', 'rm', / -[a-zA-Z]*[rRf]| --(recursive|force)/),
  rule('high', 'Removes all that it finds', 'find', / -delete /),
  rule('high', 'Destroys what files hold', 'shred wipefs truncate'),
  rule('high', 'Writes over a disk or file byte by byte', 'dd', / of=/),
  rule(
    'high',
    'Formats or repartitions a disk',
    'mkfs fdisk parted sfdisk mkswap diskutil format mkfs.ext4 mkfs.xfs mkfs.vfat',
  ),
  rule('high', 'Runs with the rights of the administrator', 'sudo doas su pkexec runuser'),
  rule('high', 'Changes rights or owners of whole folders', 'chmod chown chgrp', / -[a-zA-Z]*R| --recursive/),
  rule('high', 'Overwrites or removes published history', 'git', / push .*(-f |--force|--mirror|--delete|-d | :| \+)/),
  rule(
    'high',
    'Throws away work that is not committed',
    'git',
    / (reset .*--hard|clean .*-[a-zA-Z]*f|checkout .*(--|-f|\.) |restore |stash (drop|clear)|branch .*-D)/,
  ),
  rule(
    'high',
    'Rewrites history',
    'git',
    / (filter-branch|filter-repo|update-ref|reflog (expire|delete)|gc .*--prune)/,
  ),
  rule(
    'high',
    'Publishes to others',
    'npm yarn pnpm cargo gem twine poetry docker gh',
    / (publish|upload|push|release (create|delete)|repo delete|pr merge) /,
  ),
  rule('high', 'Changes running infrastructure', 'terraform tofu pulumi', / (apply|destroy|import|up|state) /),
  rule(
    'high',
    'Changes a cluster',
    'kubectl helm',
    / (delete|apply|patch|replace|scale|drain|install|upgrade|uninstall|rollback|exec) /,
  ),
  rule('high', 'Stops the machine or its services', 'shutdown reboot halt poweroff systemctl service launchctl init'),
  rule(
    'high',
    'Changes accounts, schedules or the firewall',
    'useradd userdel usermod passwd visudo crontab at iptables nft ufw',
  ),
  rule('high', 'Has full access to the machine', 'docker podman', / (--privileged|--pid=host|-v ?\/:|--volume[ =]\/:)/),
  rule('medium', 'Publishes commits', 'git', / push /),
  rule('medium', 'Talks to other machines', 'git', / (fetch|pull|clone|ls-remote|submodule) /),
  rule(
    'medium',
    'Installs packages, whose scripts may run',
    'npm pnpm yarn bun',
    / (i|install|ci|add|update|upgrade|link|create|init) /,
  ),
  rule(
    'medium',
    'Installs packages, whose scripts may run',
    'pip pip3 pipx uv poetry cargo gem go apt apt-get brew dnf yum pacman apk choco winget snap conda',
    / (install|add|get|sync|update|upgrade|-S\w*) /,
  ),
  rule('medium', 'Downloads a program and runs it', 'npx bunx uvx'),
  rule('medium', 'Downloads a program and runs it', 'pnpm yarn npm pipx', /^ (dlx|exec|x) /),
  rule('medium', 'Removes files', 'rm rmdir unlink'),
  rule('medium', 'Removes files', 'git', / rm /),
  rule('medium', 'Ends processes', 'kill pkill killall taskkill'),
  rule(
    'medium',
    'Talks to other machines',
    'curl wget ssh scp sftp rsync nc ncat netcat socat telnet ftp ping dig nslookup gh aws gcloud az',
  ),
  rule('medium', 'Shows the environment, which may hold keys', 'env printenv set', /^ $/),
  rule(
    'medium',
    'Runs a script that is given in the line',
    'python python3 node perl ruby php deno bun osascript',
    / -{1,2}(c|e|E|r|eval|p|print) /,
  ),
];
const interpreters = new Set('bash sh dash zsh ksh fish python python3 node perl ruby php deno'.split(' '));
const downloaders = new Set(['curl', 'wget', 'fetch', 'http', 'aria2c']);

const argumentsOf = (words: Word[]): string =>
  ` ${words
    .slice(1)
    .map((word) => literal(word) ?? word.source)
    .join(' ')} `.replace(/^ {2}$/, ' ');

/** Why a simple command is risky; undefined for a program of which nothing is known. */
export function commandRisk(words: Word[]): Reason | undefined {
  const name = programName(words);
  if (name === undefined) return { level: 'unknown', text: 'The program is known only when the line runs' };
  const found = rules.find(({ programs, when }) => programs.has(name) && (!when || when.test(argumentsOf(words))));
  return found && { level: found.level, text: `${found.text}: \`${words.map((word) => word.source).join(' ')}\`` };
}

const readsScriptFromInput = (words: Word[]): boolean =>
  interpreters.has(programName(words) ?? '') &&
  words.slice(1).every((word) => /^-(?!-?c\b|e\b)/.test(literal(word) ?? ''));

/** `curl … | sh`, in whatever spelling. */
export function runsDownloads(commands: Word[][]): boolean {
  const downloads = commands.some((words) => downloaders.has(programName(words) ?? ''));
  const runs = commands.some((words) => {
    const name = programName(words) ?? '';
    return (
      readsScriptFromInput(words) ||
      name === 'eval' ||
      name === 'source' ||
      (interpreters.has(name) && / -[a-z]*c /.test(argumentsOf(words)))
    );
  });
  return downloads && runs;
}
