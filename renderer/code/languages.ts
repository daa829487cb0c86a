/** The languages that are highlighted; each is a chunk of its own, loaded when first met. Everything else stays plain text. */
export const languages = [
  'bash',
  'c',
  'cpp',
  'csharp',
  'css',
  'diff',
  'docker',
  'go',
  'html',
  'java',
  'javascript',
  'json',
  'jsx',
  'markdown',
  'php',
  'python',
  'ruby',
  'rust',
  'sql',
  'toml',
  'tsx',
  'typescript',
  'xml',
  'yaml',
] as const;

export type Language = (typeof languages)[number];

const known: ReadonlySet<string> = new Set(languages);

const aliases: Record<string, Language> = {
  sh: 'bash',
  shell: 'bash',
  shellscript: 'bash',
  zsh: 'bash',
  console: 'bash',
  h: 'c',
  cc: 'cpp',
  cxx: 'cpp',
  hpp: 'cpp',
  'c++': 'cpp',
  cs: 'csharp',
  'c#': 'csharp',
  patch: 'diff',
  dockerfile: 'docker',
  golang: 'go',
  htm: 'html',
  vue: 'html',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsonc: 'json',
  json5: 'json',
  md: 'markdown',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  svg: 'xml',
  yml: 'yaml',
};

/** The language of a fence's info string or of a file extension. */
export function languageOf(name: string | undefined): Language | undefined {
  const lower = name?.trim().toLowerCase() ?? '';
  return known.has(lower) ? (lower as Language) : aliases[lower];
}

/** The language of a file by its name. */
export function languageOfPath(path: string): Language | undefined {
  const file = path.split(/[\\/]/).at(-1)?.toLowerCase() ?? '';
  return languageOf(file === 'dockerfile' ? file : file.split('.').slice(1).at(-1));
}
