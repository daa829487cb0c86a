import { realpath } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { Effects } from '../tools/tool.ts';
import { lastingPlace } from './canonical-path.ts';
import { type FileTool, fileTool } from './file-tools.ts';
import { mentionedPaths } from './mentioned-paths.ts';
import { argumentFact, type PathFact } from './path-facts.ts';
import type { CallToJudge, DecisionContext } from './policy.ts';
import type { ProtectionContext } from './protected-paths.ts';
import { hostName, type McpName, mcpName, plainName } from './rules.ts';
import type { ReadShellLine } from './shell/shell-command.ts';
import { type ShellFacts, shellFacts } from './shell/shell-facts.ts';

/** All that rules, modes and risk need to know about a call. */
export interface CallFacts {
  /** As called. */
  name: string;
  /** As names compare. */
  tool: string;
  effects: Effects;
  /** Files that its arguments name; those of a shell line are in `shell`. */
  paths: PathFact[];
  shell?: ShellFacts;
  host?: string;
  mcp?: McpName;
  args: unknown;
  /** The argument that its tool declares to say most about a call. */
  mainArgument?: string;
  /** Places that the arguments of a tool which is not ours may mean: for protection alone. */
  mentioned?: PathFact[];
  /** Its arguments name places in ways that are not known here. */
  argumentPaths?: boolean;
  /** The arguments lack what the tool needs, so that nothing can be told about the call. */
  problem?: string;
  /** Why it is asked about whatever is allowed. */
  alwaysAsks?: string;
  place: ProtectionContext;
}

const effect = (names: (keyof Effects)[]): Effects => ({
  reads: names.includes('reads'),
  writes: names.includes('writes'),
  runs: names.includes('runs'),
  network: names.includes('network'),
});

const everything = effect(['reads', 'writes', 'runs', 'network']);

const knownEffects: Record<string, Effects> = {
  bash: everything,
  read: effect(['reads']),
  ls: effect(['reads']),
  glob: effect(['reads']),
  grep: effect(['reads']),
  write: effect(['reads', 'writes']),
  edit: effect(['reads', 'writes']),
  patch: effect(['reads', 'writes']),
  webfetch: effect(['network']),
  websearch: effect(['network']),
  // What a child does is judged call by call in the child.
  task: effect([]),
  skill: effect([]),
  recall: effect([]),
  remember: effect(['writes']),
  manageskill: effect(['reads', 'writes']),
  plan: effect([]),
};

const skillChange = 'A skill instructs later sessions, so every change of one is asked about';

type Args = Record<string, unknown>;

const asArgs = (args: unknown): Args => (typeof args === 'object' && args !== null ? (args as Args) : {});

const textOf = (args: Args, ...names: string[]): string | undefined => {
  const value = names.map((name) => args[name]).find((one) => one !== undefined && one !== null);
  return typeof value === 'string' ? value : undefined;
};

/** A search pattern may lead elsewhere by itself: `/etc/*`, `../x`. */
function patternFolder(pattern: string): string | undefined {
  const parts = pattern.split('/');
  if (!isAbsolute(pattern) && !parts.includes('..') && !pattern.startsWith('~')) return undefined;
  const wild = parts.findIndex((part) => /[*?[{(!]/.test(part));
  const plain = wild < 0 || parts.slice(wild).includes('..') ? (wild < 0 ? parts : []) : parts.slice(0, wild);
  return plain.join('/') || '/';
}

async function pathFacts(
  tool: string,
  { access, folder }: FileTool,
  args: Args,
  place: ProtectionContext,
): Promise<PathFact[] | undefined> {
  const path = folder ? (textOf(args, 'path') ?? '.') : textOf(args, 'file_path', 'path');
  if (!path || (folder && args.path !== undefined && args.path !== null && typeof args.path !== 'string')) {
    return undefined;
  }
  const facts = [await argumentFact(path, access, folder, place)];
  const globs = [
    tool === 'glob' ? textOf(args, 'pattern') : undefined,
    tool === 'grep' ? textOf(args, 'glob') : undefined,
  ];
  for (const glob of globs) {
    const elsewhere = glob === undefined ? undefined : patternFolder(glob);
    if (elsewhere === undefined) continue;
    const from = isAbsolute(elsewhere) ? elsewhere : `${path}/${elsewhere}`;
    facts.push(await argumentFact(from, access, true, place));
  }
  return facts;
}

function urlHost(args: Args): string | undefined {
  try {
    return hostName(new URL(textOf(args, 'url') ?? '').host);
  } catch {
    return undefined;
  }
}

export interface FactSources {
  readLine: ReadShellLine;
  protectedFolders: string[];
}

/** Looks at a call, without any effect but reading file names. Never throws for what the call holds. */
export async function gatherFacts(
  call: CallToJudge,
  context: DecisionContext,
  { readLine, protectedFolders }: FactSources,
): Promise<CallFacts> {
  const tool = plainName(call.tool);
  const args = asArgs(call.args);
  const file = fileTool(tool);
  // Mostly workspace and home are canonical already; then the paths are followed from there meanwhile.
  const ahead = file && pathFacts(tool, file, args, { ...context, protectedFolders });
  ahead?.catch(() => undefined);
  const [workspace, home = context.home, ...own] = await Promise.all([
    context.canonical ? context.workspace : realpath(context.workspace),
    ...[context.home, ...protectedFolders].map(lastingPlace),
  ]);
  const place: ProtectionContext = { workspace, home, protectedFolders: own };
  const mcp = mcpName(call.tool);
  const known = Object.hasOwn(knownEffects, tool) ? knownEffects[tool] : undefined;
  const effects = context.effects ?? known ?? everything;
  const { mainArgument } = context;
  const facts: CallFacts = {
    ...{ name: call.tool, tool, effects, paths: [], place, args },
    ...(mcp ? { mcp } : {}),
    ...(mainArgument === undefined ? {} : { mainArgument }),
  };
  if (tool === 'manageskill' && args.action !== 'list') facts.alwaysAsks = skillChange;
  if (tool === 'bash') {
    const command = textOf(args, 'command');
    if (command === undefined) return { ...facts, problem: 'the command is missing' };
    return { ...facts, shell: await shellFacts(command, readLine, place) };
  }
  if (file) {
    const isCanonical = workspace === context.workspace && home === context.home;
    const paths = await (isCanonical ? ahead : pathFacts(tool, file, args, place));
    return paths ? { ...facts, paths } : { ...facts, problem: 'the path is missing' };
  }
  const host = tool === 'webfetch' ? urlHost(args) : undefined;
  const argumentPaths = Object.keys(args).some((name) => /path|file|dir|folder|root|cwd|uri|url/i.test(name));
  const access = effects.writes || effects.runs ? 'write' : 'read';
  const mentioned = known ? [] : await mentionedPaths(args, access, place);
  return { ...facts, argumentPaths, mentioned, ...(host ? { host } : {}) };
}
