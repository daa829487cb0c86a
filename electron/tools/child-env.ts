/** Names that usually hold a secret. */
const secrets = [/(^|_)API_KEY$/, /(^|_)TOKEN$/, /SECRET/, /PASSWORD/, /^AWS_/];
/** Names by which our own runtime would steer a child that is Node or Electron too. */
const runtime = [/^ELECTRON_/, /^NODE_OPTIONS$/];
/** Names that make a shell run something beside its command, or take a path or a pattern for another. */
const shellHooks = [
  /^BASH_ENV$/,
  /^ENV$/,
  /^BASH_FUNC_/,
  /^SHELLOPTS$/,
  /^BASHOPTS$/,
  /^PS4$/,
  /^CDPATH$/,
  /^GLOBIGNORE$/,
];

function matches(patterns: RegExp[], name: string): boolean {
  const upper = name.toUpperCase();
  return patterns.some((pattern) => pattern.test(upper));
}

/** What child processes may see of `env`: no secrets, unless the person allowed the name; never what steers shells. */
export function childEnvironment(
  env: Record<string, string | undefined>,
  allowedNames: readonly string[],
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(withoutShellHooks(env))) {
    const hidden = matches(secrets, name) || matches(runtime, name);
    if (!hidden || allowedNames.includes(name)) kept[name] = value;
  }
  return kept;
}

/** Without the names that make a bash do more than its command. */
export function withoutShellHooks(env: Record<string, string | undefined>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !matches(shellHooks, name)) kept[name] = value;
  }
  return kept;
}
