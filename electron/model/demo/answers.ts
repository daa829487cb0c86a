import type { DemoResult } from './conversation.ts';

/** How the demo says what its tools told it. Everything it states comes from their results. */

export interface Entry {
  name: string;
  folder: boolean;
}

/** What to say of a call that did not run; undefined when it ran. */
export function notRun({ denied, stopped }: DemoResult, what: string): string | undefined {
  if (denied?.byPerson)
    return denied.reason
      ? `You denied ${what}: “${denied.reason}”. I leave it at that.`
      : `You denied ${what}. I leave it at that.`;
  if (denied) return `${capital(what)} was denied: ${denied.reason}`;
  return stopped === undefined ? undefined : `${capital(what)} did not happen: ${stopped}`;
}

/** After a write or an edit: the refusal, or the tool's own words, which say what is true. */
export function changed(result: DemoResult, what: string): string {
  const refused = notRun(result, what);
  if (refused) return refused;
  const said = firstLines(result.output, 6);
  const edited = result.edited ? ' You changed it before allowing it.' : '';
  return `${capital(what)}:${edited}\n\n${quote(said)}`;
}

/** Names in a listing: before each stands its size or nothing, after a link its target. */
export function entries(output: string): Entry[] {
  return output
    .split('\n')
    .map((line) => /^ *(?:[\d,]+|special|gone)? {2}(.+)$/.exec(line)?.[1]?.replace(/ -> .*$/, ''))
    .filter((name) => name !== undefined)
    .map((name) => ({ name: name.replace(/\/$/, ''), folder: name.endsWith('/') }));
}

export function listing(path: string, output: string): string {
  const all = entries(output);
  if (all.length === 0) return `About \`${path}\`:\n\n${quote(firstLines(output, 6))}`;
  const folders = all.filter((entry) => entry.folder);
  const files = all.length - folders.length;
  const counted = [folders.length && plural(folders.length, 'folder'), files && plural(files, 'file')]
    .filter(Boolean)
    .join(' and ');
  return `\`${path}\` holds ${counted}:\n\n${fence(outdent(firstLines(output, 40)))}`;
}

/** Takes away the spaces that all lines begin with. */
function outdent(text: string): string {
  const lines = text.split('\n');
  const common = Math.min(...lines.map((line) => line.search(/\S|$/)));
  return lines.map((line) => line.slice(common)).join('\n');
}

/** The text of a numbered reading, without numbers and closing notes. */
export function unnumbered(output: string): string {
  const lines = output.split('\n');
  const numbered = lines.filter((line) => /^\s*\d+\t/.test(line));
  return numbered.length === 0 ? output : numbered.map((line) => line.replace(/^\s*\d+\t/, '')).join('\n');
}

const isNumbered = (output: string): boolean => /^\s*\d+\t/m.test(output);

export function fileAnswer(file: string, output: string): string {
  // What is not numbered is not the file but what the tool says about it: not found, a folder, an image.
  if (!isNumbered(output)) return `About \`${file}\`:\n\n${quote(firstLines(output, 6))}`;
  const text = unnumbered(output);
  const lines = text.split('\n');
  // A line or two more is shorter than saying that they are left out.
  const cut = lines.length > 24 ? 20 : lines.length;
  const shown = lines.slice(0, cut).join('\n');
  const outline = outlineOf(file, lines);
  const more = cut < lines.length ? `\n\nThese are the first ${cut} of ${lines.length} lines I read.` : '';
  return `**${file}** (${plural(lines.length, 'line')} read)\n\n${fence(shown, language(file))}${more}${outline}`;
}

function outlineOf(file: string, lines: string[]): string {
  const sign = /\.(md|markdown)$/i.test(file)
    ? /^#{1,3}\s+(.+)$/
    : /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:function|class|interface|def|fn|func)\s+(\w+)/;
  const names = lines.map((line) => sign.exec(line)?.[1]).filter((name) => name !== undefined);
  if (names.length < 2) return '';
  return `\n\nIn it:\n\n${names
    .slice(0, 12)
    .map((name) => `- ${name}`)
    .join('\n')}`;
}

export function matches(text: string, output: string): string {
  const lines = output.split('\n').filter((line) => /^[^\s:].*?[:-]\d+[:-]|^\d+[:-]/.test(line));
  if (lines.length === 0) return `The search for \`${text}\` says:\n\n${quote(firstLines(output, 4) || 'nothing')}`;
  return `\`${text}\` occurs in ${plural(lines.length, 'line')}:\n\n${fence(firstLines(output, 30))}`;
}

export function filesFound(pattern: string, output: string): string {
  return `For \`${pattern}\` the search says:\n\n${fence(firstLines(output, 40) || '(nothing)')}`;
}

export function commandAnswer(command: string, { output, args, edited }: DemoResult): string {
  const ran = edited && typeof args.command === 'string' ? args.command : command;
  const changedNote = edited ? 'You changed the command. ' : '';
  return `${changedNote}\`${ran}\` says:\n\n${fence(lastLines(output, 40) || '(no output)')}`;
}

/** The structure of a project from its listing, its files and the texts that describe it. */
export function summary(top: Entry[], globbed: string, described: DemoResult[]): string {
  const files = globbed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[([]/.test(line));
  const sections = [heading(described), `It holds ${plural(files.length, 'file')}${kinds(files)}.`];
  const folders = top.filter((entry) => entry.folder && !entry.name.startsWith('.'));
  if (folders.length > 0) {
    const rows = folders.map(({ name }) => {
      const inside = files.filter((file) => file.startsWith(`${name}/`));
      const examples = inside.slice(0, 3).map((file) => `\`${file.slice(name.length + 1)}\``);
      return `- **${name}/** – ${plural(inside.length, 'file')}${examples.length > 0 ? `, such as ${examples.join(', ')}` : ''}`;
    });
    sections.push(`### Folders\n\n${rows.join('\n')}`);
  }
  const loose = top.filter((entry) => !entry.folder).map((entry) => `\`${entry.name}\``);
  if (loose.length > 0) sections.push(`### At the top\n\n${loose.map((name) => `- ${name}`).join('\n')}`);
  const scripts = scriptsOf(described);
  if (scripts) sections.push(`### Scripts\n\n${fence(scripts, 'json')}`);
  return sections.join('\n\n');
}

/** Title and first paragraph of the README, if one was read. */
function heading(described: DemoResult[]): string {
  const readme = described.find(({ args, output }) => /readme/i.test(String(args.file_path)) && isNumbered(output));
  if (!readme) return '### Structure';
  const lines = unnumbered(readme.output).split('\n');
  const title = lines.find((line) => line.startsWith('# '))?.slice(2) ?? 'Structure';
  const start = lines.findIndex((line) => /^[A-Za-z*_`]/.test(line));
  const rest = start < 0 ? [] : lines.slice(start);
  const end = rest.findIndex((line) => line.trim() === '');
  const paragraph = rest.slice(0, Math.min(end < 0 ? 6 : end, 6)).join('\n');
  return paragraph === '' ? `### ${title}` : `### ${title}\n\n${quote(paragraph)}`;
}

function kinds(files: string[]): string {
  const counts = new Map<string, number>();
  for (const file of files) {
    const kind = /\.\w+$/.exec(file)?.[0];
    if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const most = [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).slice(0, 5);
  return most.length === 0 ? '' : `: ${most.map(([kind, count]) => `${count} \`${kind}\``).join(', ')}`;
}

function scriptsOf(described: DemoResult[]): string | undefined {
  const manifest = described.find(({ args }) => String(args.file_path) === 'package.json');
  if (!manifest) return undefined;
  try {
    const { scripts } = JSON.parse(unnumbered(manifest.output)) as { scripts?: unknown };
    return scripts ? JSON.stringify(scripts, null, 2) : undefined;
  } catch {
    return undefined;
  }
}

export function reports(targets: string[], results: DemoResult[]): string {
  const parts = targets.map((target, index) => {
    const result = results[index];
    const said = result && (notRun(result, `the child session for \`${target}\``) ?? withoutLabel(result.output));
    return `### ${target}\n\n${said ?? 'No report came back.'}`;
  });
  const back = results.filter((result) => !result.denied && !result.stopped).length;
  return `${back} of ${plural(targets.length, 'child session')} reported.\n\n${parts.join('\n\n')}`;
}

export const label = '_Switchyard demo: rules, not a language model._';

export const help = [
  'This is the demo that comes with Switchyard. It follows a few plain requests, with real tools in this folder:',
  [
    '- `List the files in src`',
    '- `Read README.md`',
    '- `Search for "TODO"`',
    '- `Summarise the structure of this project`',
    '- `Create the file notes.txt with "hello"`',
    '- `Replace "old" with "new" in README.md`, or `Fix the typo in README.md`',
    '- ``Run `git status` ``',
    '- `In parallel look at src, test and README.md`',
  ].join('\n'),
  'Changes and commands wait for your approval. For open questions connect a model in **Settings**: any OpenAI-compatible one, hosted or on this machine.',
].join('\n\n');

const withoutLabel = (text: string): string => text.replace(label, '').trim();

export const isText = (name: string): boolean =>
  /\.(md|txt|json|ts|tsx|js|mjs|cjs|jsx|py|rs|go|java|c|h|cpp|rb|sh|css|html|ya?ml|toml|sql)$|^(readme|license|makefile|dockerfile)$/i.test(
    name,
  );

const languages: Record<string, string> = {
  md: 'markdown',
  yml: 'yaml',
  mjs: 'js',
  cjs: 'js',
  htm: 'html',
  txt: 'text',
};
function language(file: string): string {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? 'text';
  return languages[ending] ?? ending;
}

/** A code block whose fence is longer than any in the text. */
function fence(text: string, kind = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((run) => run[0].length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${kind}\n${text}\n${marks}`;
}

const quote = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');

function firstLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n');
  return lines.length <= count
    ? lines.join('\n')
    : [...lines.slice(0, count), `… and ${lines.length - count} more lines`].join('\n');
}

function lastLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n');
  return lines.length <= count
    ? lines.join('\n')
    : [`… ${lines.length - count} lines before`, ...lines.slice(-count)].join('\n');
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
