import { lstat, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { factOf, type PathFact } from '../path-facts.ts';
import { type ProtectionContext, protectedReason } from '../protected-paths.ts';
import { namedFiles, writerCommand } from './file-programs.ts';
import { type FileUse, hereUse, readOnlyCommand } from './read-only-programs.ts';
import { recursiveReach } from './recursive-readers.ts';
import type { ReadShellLine, ShellCommand, ShellLine } from './shell-command.ts';
import type { Redirect } from './shell-reader.ts';
import { literal, type Word } from './shell-word.ts';
import { withoutExec } from './shell-wrappers.ts';

export interface CommandFacts extends ShellCommand {
  /** Files that its words name, for rules that forbid. */
  named: PathFact[];
  /** The program's use of files is known. */
  known: boolean;
  /** Set when the command does nothing but read these. */
  reads?: PathFact[];
  /** One of the `reads` that read nothing, such as `echo hi`. */
  idle?: boolean;
  /** Set when the command does nothing but write, or read, these. */
  writes?: PathFact[];
  /** Why a reading command is not taken as one here. */
  obstacle?: string;
  moves: boolean;
  /** Folders that it goes through. */
  reach?: { facts: PathFact[]; contents: boolean };
}

export interface ShellFacts {
  line: ShellLine;
  commands: CommandFacts[];
  /** Files of redirections, harmless devices left out. */
  redirects: PathFact[];
}

const MAX_ENTRIES = 3_000;

/** Whether a folder holds, at any depth, what must not be read without a question; true as well when it is too large to tell. */
async function mayHoldSecrets(folder: string, context: ProtectionContext): Promise<boolean> {
  const folders = [folder];
  let seen = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
    seen += entries.length;
    if (seen > MAX_ENTRIES) return true;
    for (const entry of entries) {
      const path = join(next, entry.name);
      if (protectedReason(path, 'read', context)) return true;
      if (entry.isDirectory()) folders.push(path);
    }
  }
  return false;
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Git takes its configuration, and with it programs to run, from the first repository it meets: that must be the workspace's own. */
async function hasOwnRepository(workspace: string): Promise<boolean> {
  const git = join(workspace, '.git');
  const kind = await lstat(git).catch(() => undefined);
  if (kind?.isFile()) return true;
  return (kind?.isDirectory() ?? false) && (await lstat(join(git, 'HEAD')).catch(() => undefined)) !== undefined;
}

/** Folders that the next command may run in; undefined when that cannot be told. */
type Folders = string[] | undefined;

const MAX_FOLDERS = 16;

async function foldersAfter(words: Word[], folders: Folders, repeats: boolean, home: string): Promise<Folders> {
  const name = literal(words[0]);
  if (name === undefined || ['pushd', 'popd', 'source', '.', 'eval'].includes(name)) return undefined;
  if (name !== 'cd') return folders;
  const target = words[1];
  const text = literal(target);
  if (!folders || repeats || words.length !== 2 || !target || text?.startsWith('-')) return undefined;
  const fact = await factOf({ word: target, access: 'read' }, folders, home);
  if (!fact.settled || !fact.places) return undefined;
  // Through a link the shell keeps the link's path for a later `..`, the kernel does not.
  const isPlain = text === undefined || folders.every((folder) => fact.places?.includes(resolve(folder, text)));
  if (!isPlain || fact.places.length > folders.length) return undefined;
  const after = [...new Set([...folders, ...fact.places])];
  return after.length > MAX_FOLDERS ? undefined : after;
}

interface Reader extends ProtectionContext {
  workspace: string;
  home: string;
}

function readingOf(words: Word[]): ReturnType<typeof readOnlyCommand> {
  if (literal(words[0]) === 'cd' && words.length === 2 && !literal(words[1])?.startsWith('-')) {
    return { uses: [{ word: words[1]!, access: 'read' }] };
  }
  return readOnlyCommand(literal(words[0]) === 'find' ? withoutExec(words) : words);
}

async function commandFacts(command: ShellCommand, folders: Folders, context: Reader): Promise<CommandFacts> {
  const { words } = command;
  const resolveAll = (uses: FileUse[]): Promise<PathFact[]> =>
    Promise.all(uses.map((use) => factOf(use, folders, context.home)));
  const files = namedFiles(words);
  const facts: CommandFacts = { ...command, named: await resolveAll(files.uses), known: files.known, moves: false };
  const reading = readingOf(words);
  if (reading) {
    facts.reads = await resolveAll(reading.uses);
    facts.idle = reading.idle ?? false;
    const obstacle = await obstacleTo(reading, facts.reads, folders, context);
    if (obstacle) facts.obstacle = obstacle;
  }
  const reach = recursiveReach(words);
  if (reach) {
    const reached = await resolveAll(reach.uses);
    // Values of options are taken for operands above, so an operand counts only where something is.
    const some = await Promise.all(reached.flatMap(({ places }) => places ?? []).map(exists));
    const here = some.includes(true) ? [] : await resolveAll([hereUse]);
    facts.reach = { facts: [...reached, ...here], contents: reach.contents };
  }
  const writing = writerCommand(words);
  if (writing) {
    facts.writes = await resolveAll(writing.uses);
    facts.moves = writing.moves;
  }
  return facts;
}

async function obstacleTo(
  reading: { repository?: boolean; deep?: boolean },
  reads: PathFact[],
  folders: Folders,
  context: Reader,
): Promise<string | undefined> {
  if (reading.repository) {
    const here = folders?.length === 1 && folders[0] === context.workspace;
    if (!here || !(await hasOwnRepository(context.workspace)))
      return 'Git may read another repository than that of the workspace';
  }
  if (!reading.deep) return undefined;
  const places = reads.flatMap((fact) => fact.places ?? []);
  const secrets = await Promise.all(places.map((place) => mayHoldSecrets(place, context)));
  return secrets.includes(true) ? 'Searches everything in a folder, which may hold secrets' : undefined;
}

const devices = new Set(['/dev/null', '/dev/stdout', '/dev/stderr', '/dev/stdin']);

/** `2>&1` and `>/dev/null` touch no file. */
function redirectUses({ operator, target }: Redirect): FileUse[] {
  if (operator.startsWith('<<') || operator.endsWith('&-')) return [];
  const text = literal(target);
  if (/^[<>]&$/.test(operator) && text !== undefined && /^(\d+-?|-)$/.test(text)) return [];
  if (text !== undefined && devices.has(text)) return [];
  const word: Word = target ?? { source: operator, start: -1, pieces: [{ kind: 'unknown', split: false }] };
  const read: FileUse = { word, access: 'read' };
  const write: FileUse = { word, access: 'write' };
  if (operator === '<>') return [read, write];
  return [operator.startsWith('<') ? read : write];
}

/** Reads a shell line and finds the files that it names. */
export async function shellFacts(source: string, readLine: ReadShellLine, context: Reader): Promise<ShellFacts> {
  const line = await readLine(source);
  const commands: CommandFacts[] = [];
  let folders: Folders = [context.workspace];
  let anywhere: Folders = [context.workspace];
  for (const command of line.commands) {
    if (command.unexamined) {
      commands.push({ ...command, named: [], known: false, moves: false });
      continue;
    }
    commands.push(await commandFacts(command, folders, context));
    folders = await foldersAfter(command.words, folders, line.repeats, context.home);
    anywhere = folders && anywhere ? [...new Set([...anywhere, ...folders])] : undefined;
  }
  const uses = line.redirects.flatMap(redirectUses);
  const redirects = await Promise.all(uses.map((use) => factOf(use, anywhere, context.home)));
  return { line, commands, redirects };
}
