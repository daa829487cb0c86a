/** Places that are protected wherever they lie. */
export interface ProtectedPlace {
  /** Names on the path, lower case, one after the other. */
  parts: string[];
  /** Reading is as bad as writing. */
  secret: boolean;
  /** The end of a sentence that begins with "… is protected: ". */
  why: string;
}

const list = (why: string, paths: string, secret = false): ProtectedPlace[] =>
  paths
    .trim()
    .split(/\s+/)
    .map((path) => ({ parts: path.split('/'), secret, why }));

/** Found anywhere on a path; the first that fits explains. */
export const protectedPlaces: ProtectedPlace[] = [
  ...list('programs there run by themselves', '.git/hooks .husky'),
  ...list("Git's own files decide which programs Git runs", '.git .gitconfig .config/git'),
  ...list('it decides where Git fetches code from', '.gitmodules'),
  ...list(
    'every new shell runs it',
    `.bashrc .bash_profile .bash_login .bash_logout .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin .zlogout .kshrc .cshrc .tcshrc
     .login .inputrc .xprofile .xinitrc .config/fish .config/powershell`,
  ),
  ...list(
    'what it holds runs by itself',
    '.config/autostart .config/systemd library/launchagents library/launchdaemons spool/cron',
  ),
  ...list('the editor runs tasks and settings from it', '.vscode .idea .devcontainer'),
  ...list('the shell runs it on entry, and it may hold keys', '.envrc', true),
  ...list('it says what agents may not do here', '.switchyard'),
  ...list('agents are instructed by it', '.agents/skills'),
  ...list('it decides which programs other agents start', '.mcp.json .claude .codex .cursor'),
  ...list(
    'it holds keys or passwords',
    `.ssh .gnupg .aws .azure .kube .netrc _netrc .npmrc .yarnrc.yml .pypirc .git-credentials .pgpass .my.cnf .vault-token .docker/config.json
     .config/gcloud .config/gh .config/hub .config/op .cargo/credentials .cargo/credentials.toml .gem/credentials .terraform.d
     .password-store .boto keyrings library/keychains id_rsa id_dsa id_ecdsa id_ed25519 .mozilla .config/google-chrome`,
    true,
  ),
];

/** Only from the root of the file system. */
export const systemPlaces: ProtectedPlace[] = [
  ...list('every new shell runs it', 'etc/profile etc/profile.d etc/bash.bashrc'),
  ...list('every program loads it', 'etc/ld.so.preload'),
  ...list('it decides who may do everything', 'etc/sudoers etc/sudoers.d'),
  ...list(
    'what it holds runs by itself',
    'etc/cron.d etc/cron.daily etc/cron.hourly etc/cron.weekly etc/cron.monthly etc/crontab etc/systemd',
  ),
  ...list('it holds keys or passwords', 'etc/ssh etc/shadow', true),
  ...list('it shows the memory and environment of programs', 'proc', true),
  ...list('it is a device', 'dev', true),
  ...list('it changes the machine', 'sys'),
];
