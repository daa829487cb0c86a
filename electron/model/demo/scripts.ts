import * as say from './answers.ts';
import type { DemoResult } from './conversation.ts';
import type { Intent } from './intent.ts';

export interface DemoCall {
  name: string;
  args: Record<string, unknown>;
}

/** What a script wants to know before it goes on: one reply with calls. */
export interface Ask {
  text: string;
  calls: DemoCall[];
}

/** Yields replies with calls, is resumed with their results, and returns its part of the final answer. */
export type Script = Generator<Ask, string, DemoResult[]>;

export function scriptOf(intent: Intent): Script {
  switch (intent.kind) {
    case 'list':
      return list(intent.path);
    case 'read':
      return read(intent.file);
    case 'look':
      return look(intent.path);
    case 'search':
      return search(intent.text, intent.path);
    case 'findFiles':
      return findFiles(intent.pattern);
    case 'summarise':
      return summarise();
    case 'create':
      return create(intent.file, intent.content);
    case 'replace':
      return replace(intent);
    case 'fixTypos':
      return fixTypos(intent.file);
    case 'run':
      return run(intent.command);
    case 'parallel':
      return parallel(intent.targets);
    case 'help':
      return help();
  }
}

const ask = (text: string, ...calls: DemoCall[]): Ask => ({ text, calls });
const call = (name: string, args: Record<string, unknown>): DemoCall => ({ name, args });

/** The one result of a reply with one call; an empty one if the transcript lost it. */
const only = (results: DemoResult[]): DemoResult =>
  results[0] ?? { tool: '', args: {}, output: 'No result.', stopped: 'No result.', edited: false };

function* list(path: string): Script {
  const listed = only(yield ask(`I list \`${path}\`.`, call('ls', { path })));
  return say.notRun(listed, `listing \`${path}\``) ?? say.listing(path, listed.output);
}

function* read(file: string): Script {
  const found = only(yield ask(`I read \`${file}\`.`, call('read', { file_path: file })));
  return say.notRun(found, `reading \`${file}\``) ?? say.fileAnswer(file, found.output);
}

/** A folder or a file, whichever it is: children are sent here. */
function* look(path: string): Script {
  const looksLikeFile = /\.\w+$/.test(path);
  if (looksLikeFile) return yield* read(path);
  const listed = only(yield ask(`I look at \`${path}\`.`, call('ls', { path })));
  const refused = say.notRun(listed, `listing \`${path}\``);
  if (refused) return refused;
  const files = say.entries(listed.output).filter((entry) => !entry.folder && say.isText(entry.name));
  const first = files.find((entry) => /^(readme|index|main)\b/i.test(entry.name)) ?? files[0];
  if (!first) return say.listing(path, listed.output);
  const file = path === '.' ? first.name : `${path.replace(/\/$/, '')}/${first.name}`;
  const inside = only(yield ask(`One of them may explain the rest: \`${file}\`.`, call('read', { file_path: file })));
  const second = say.notRun(inside, `reading \`${file}\``) ?? say.fileAnswer(file, inside.output);
  return `${say.listing(path, listed.output)}\n\n${second}`;
}

function* search(text: string, path?: string): Script {
  const pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const args = path === undefined ? { pattern } : { pattern, path };
  const found = only(yield ask(`I search for \`${text}\`.`, call('grep', args)));
  return say.notRun(found, 'the search') ?? say.matches(text, found.output);
}

function* findFiles(pattern: string): Script {
  const found = only(yield ask(`I look for files like \`${pattern}\`.`, call('glob', { pattern })));
  return say.notRun(found, 'the search') ?? say.filesFound(pattern, found.output);
}

function* summarise(): Script {
  const [top, all] = yield ask(
    'I list the top folder and all files.',
    call('ls', { path: '.' }),
    call('glob', { pattern: '**/*' }),
  );
  const entries = say.entries(top?.output ?? '');
  const wanted = [/^readme(\.\w+)?$/i, /^(package\.json|pyproject\.toml|cargo\.toml|go\.mod)$/i]
    .map((name) => entries.find((entry) => !entry.folder && name.test(entry.name))?.name)
    .filter((name) => name !== undefined);
  const described =
    wanted.length === 0
      ? []
      : yield ask('These describe it best.', ...wanted.map((name) => call('read', { file_path: name })));
  return say.summary(entries, all?.output ?? '', described);
}

function* create(file: string, content: string): Script {
  const written = only(yield ask(`I write \`${file}\`.`, call('write', { file_path: file, content })));
  return say.changed(written, `writing \`${file}\``);
}

function* replace({ file, from, to, all }: Extract<Intent, { kind: 'replace' }>): Script {
  const found = only(yield ask(`I read \`${file}\` first.`, call('read', { file_path: file })));
  const refused = say.notRun(found, `reading \`${file}\``);
  if (refused) return refused;
  const count = say.unnumbered(found.output).split(from).length - 1;
  if (count === 0) return `\`${from}\` does not occur in what I read of \`${file}\`, so I changed nothing.`;
  if (count > 1 && !all) {
    return `\`${from}\` occurs ${count} times in \`${file}\`. Say *replace all* if you mean every one; I changed nothing.`;
  }
  const edit = call('edit', { file_path: file, old_string: from, new_string: to, replace_all: count > 1 });
  const edited = only(yield ask(`It occurs ${count === 1 ? 'once' : `${count} times`}. I replace it.`, edit));
  return say.changed(edited, `the edit of \`${file}\``);
}

/** Misspellings that are words in no text. */
const typos: Record<string, string> = {
  ...{ teh: 'the', adress: 'address', recieve: 'receive', seperate: 'separate', occured: 'occurred', wich: 'which' },
  ...{ definately: 'definitely', untill: 'until', lenght: 'length', enviroment: 'environment', acording: 'according' },
};

function* fixTypos(file: string): Script {
  const found = only(yield ask(`I read \`${file}\` first.`, call('read', { file_path: file })));
  const refused = say.notRun(found, `reading \`${file}\``);
  if (refused) return refused;
  const text = say.unnumbered(found.output);
  const edits = text.split('\n').flatMap((line) => {
    const mended = line.replace(/\b[A-Za-z]+\b/g, mendWord);
    return mended === line ? [] : [{ line, mended }];
  });
  const unique = edits.filter(({ line }) => text.split(line).length === 2).slice(0, 5);
  if (unique.length === 0) return `I know only a few common typos, and found none in \`${file}\`.`;
  const done = yield ask(
    `I found ${unique.length === 1 ? 'a typo' : `typos in ${unique.length} lines`} and propose:`,
    ...unique.map(({ line, mended }) => call('edit', { file_path: file, old_string: line, new_string: mended })),
  );
  return done.map((result) => say.changed(result, `the edit of \`${file}\``)).join('\n\n');
}

function mendWord(word: string): string {
  const right = Object.hasOwn(typos, word.toLowerCase()) ? typos[word.toLowerCase()] : undefined;
  if (right === undefined) return word;
  return /^[A-Z]/.test(word) ? right.charAt(0).toUpperCase() + right.slice(1) : right;
}

function* run(command: string): Script {
  const ran = only(yield ask(`I run \`${command}\`.`, call('bash', { command })));
  return say.notRun(ran, `\`${command}\``) ?? say.commandAnswer(command, ran);
}

function* parallel(targets: string[]): Script {
  const tasks = targets.map((target) =>
    call('task', {
      description: `Look at ${target}`,
      prompt: `Look at \`${target}\` in this workspace and report what is there.`,
    }),
  );
  const reports = yield ask(`I start ${targets.length} child sessions at once, one for each.`, ...tasks);
  return say.reports(targets, reports);
}

// A script that asks nothing.
// biome-ignore lint/correctness/useYield: all scripts have one shape
function* help(): Script {
  return say.help;
}
