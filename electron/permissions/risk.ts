import { stat } from 'node:fs/promises';
import type { Risk } from '../../shared/session/parts.ts';
import { type CallFacts, type FactSources, gatherFacts } from './call-facts.ts';
import type { PathFact } from './path-facts.ts';
import type { AssessRisk } from './policy.ts';
import { protectedReason } from './protected-paths.ts';
import { commandRisk, type Level, type Reason, runsDownloads } from './shell/program-risks.ts';
import type { ShellFacts } from './shell/shell-facts.ts';
import { isInside } from './shell-judge.ts';

/** Edits up to this many characters are small. */
const SMALL_EDIT = 4_000;

const order: Level[] = ['low', 'medium', 'unknown', 'high'];

function combine(reasons: Reason[]): Risk {
  const level = order.findLast((one) => reasons.some((reason) => reason.level === one)) ?? 'low';
  // What raised the level comes first.
  const sorted = [...reasons].sort((a, b) => order.indexOf(b.level) - order.indexOf(a.level));
  return { level, reasons: [...new Set(sorted.map((reason) => reason.text))] };
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

function whereRisk(fact: PathFact, facts: CallFacts): Reason | undefined {
  for (const place of fact.places ?? []) {
    const reason = protectedReason(place, fact.access, facts.place);
    if (reason) return { level: 'high', text: reason };
  }
  if (isInside(fact, facts.place.workspace)) return undefined;
  if (!fact.settled)
    return { level: 'unknown', text: `Which file \`${fact.shown}\` is can be told only when the call runs` };
  return fact.access === 'write'
    ? { level: 'high', text: `Writes outside the workspace: \`${fact.shown}\`` }
    : { level: 'medium', text: `Reads outside the workspace: \`${fact.shown}\`` };
}

async function writeRisk(fact: PathFact, verb = 'Overwrites'): Promise<Reason> {
  const there = await Promise.all((fact.places ?? []).map(exists));
  return there.includes(true)
    ? { level: 'medium', text: `${verb} \`${fact.shown}\`` }
    : { level: 'low', text: `Creates \`${fact.shown}\`` };
}

async function fileRisk(fact: PathFact, facts: CallFacts, args: unknown): Promise<Reason> {
  const where = whereRisk(fact, facts);
  if (where) return where;
  if (fact.access === 'read') return { level: 'low', text: 'Reads inside the workspace' };
  if (facts.tool !== 'edit' && facts.tool !== 'patch') return writeRisk(fact);
  const size = JSON.stringify(args ?? '').length;
  return size <= SMALL_EDIT
    ? { level: 'low', text: `Changes a small part of \`${fact.shown}\`` }
    : { level: 'medium', text: `Changes a large part of \`${fact.shown}\`` };
}

async function lineRisk(shell: ShellFacts, facts: CallFacts): Promise<Reason[]> {
  const { line } = shell;
  const reasons: Reason[] = [];
  if (line.hidden)
    reasons.push({
      level: 'unknown',
      text: `What runs cannot be told: the line holds ${line.doubts[0] ?? 'a program that runs what it reads'}`,
    });
  else if (line.doubts[0]) reasons.push({ level: 'medium', text: `The line holds ${line.doubts[0]}` });
  if (runsDownloads(line.commands.map(({ words }) => words)))
    reasons.push({ level: 'high', text: 'Runs what it downloads' });
  for (const command of shell.commands) {
    const risk = commandRisk(command.words);
    if (risk) reasons.push(risk);
    else if (!command.transparent && !command.reads && !command.writes) {
      reasons.push({ level: 'medium', text: `Runs \`${command.words[0]?.source ?? ''}\`` });
    }
    // The words of an unknown program are only perhaps files: they count where they lead to a protected place.
    const files = command.reads ?? command.writes ?? (command.transparent ? [] : command.named);
    const where = files.map((fact) => whereRisk(fact, facts)).filter((one) => one !== undefined);
    reasons.push(...where.filter((one) => command.known || one.level === 'high'));
    const written = command.writes?.filter((fact) => fact.access === 'write' && isInside(fact, facts.place.workspace));
    reasons.push(...(await Promise.all((written ?? []).map((fact) => writeRisk(fact, 'Changes')))));
  }
  for (const fact of shell.redirects) {
    const where = whereRisk(fact, facts);
    reasons.push(
      where ?? (fact.access === 'write' ? await writeRisk(fact) : { level: 'low', text: 'Reads inside the workspace' }),
    );
  }
  if (reasons.length > 0) return reasons;
  const idle = shell.commands.every((command) => command.transparent || command.idle);
  return [{ level: 'low', text: idle ? 'Reads and changes nothing' : 'Only reads inside the workspace' }];
}

function toolRisk({ name, tool, effects, mcp, host }: CallFacts): Reason {
  if (tool === 'task') return { level: 'low', text: 'Starts a child session, each of whose calls is judged' };
  if (mcp) return { level: 'unknown', text: `What \`${name}\` does is up to the server \`${mcp.server}\`` };
  if (host) return { level: 'medium', text: `Talks to ${host}` };
  if (effects.runs && effects.writes && effects.network)
    return { level: 'unknown', text: `What \`${name}\` does is not known` };
  if (effects.network) return { level: 'medium', text: 'Talks to other machines' };
  if (effects.runs || effects.writes)
    return { level: 'medium', text: effects.runs ? 'Runs programs' : 'Changes files' };
  return { level: 'low', text: 'Only reads' };
}

/** How much harm a call could do, by fixed rules, with the reasons: those that raised the level first. */
export const createAssessRisk =
  (sources: FactSources): AssessRisk =>
  async (call, context) => {
    try {
      const facts = await gatherFacts(call, context, sources);
      if (facts.problem) return { level: 'unknown', reasons: [`The call cannot be judged: ${facts.problem}`] };
      if (facts.shell) return combine(await lineRisk(facts.shell, facts));
      if (facts.paths.length === 0) return combine([toolRisk(facts)]);
      return combine(await Promise.all(facts.paths.map((fact) => fileRisk(fact, facts, call.args))));
    } catch (error) {
      return {
        level: 'unknown',
        reasons: [`The call cannot be judged: ${error instanceof Error ? error.message : String(error)}`],
      };
    }
  };
