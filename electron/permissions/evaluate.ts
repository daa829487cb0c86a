import { resolve } from 'node:path';
import { strictestMode } from '../../shared/permissions/modes.ts';
import type { Mode } from '../../shared/session/config.ts';
import { findBelow } from './below.ts';
import { type CallFacts, type FactSources, gatherFacts } from './call-facts.ts';
import type { PathFact } from './path-facts.ts';
import {
  type CallToJudge,
  type Decide,
  type Decision,
  type DecisionContext,
  decisionOf,
  type Judgement,
  type PolicyInput,
} from './policy.ts';
import { protectedReason } from './protected-paths.ts';
import { allowsCall, forbids } from './rule-match.ts';
import { meantBy, parsedRules, parseRule, plainName, type Rule } from './rules.ts';
import { bySandbox, withoutSandbox } from './sandbox-grant.ts';
import { createShellReader } from './shell/shell-command.ts';
import { createShellGrammar } from './shell/shell-grammar.ts';
import { loadShippedWasm } from './shell/shipped-wasm.ts';
import { type Coverage, coverLine, isInside, onlyReads } from './shell-judge.ts';
import { unreadFile } from './workspace-policies.ts';

/** `policies`: the session's own, then those of the sessions above it; they may still be on their way, and never reject. */
export type DecideInTree = (
  call: CallToJudge,
  policies: PolicyInput[] | Promise<PolicyInput[]>,
  context: DecisionContext,
) => Promise<Judgement>;

const modeNames: Record<Mode, string> = {
  manual: 'Manual mode',
  'accept-edits': 'Accept edits mode',
  plan: 'Plan mode',
  bypass: 'Bypass permissions',
};

/** Characters of a line that cannot be parsed in which files are looked for. */
const MAX_SCAN = 256 * 1024;

/** The longest matching rule says most about why. */
const best = (rules: Rule[]): Rule | undefined => [...rules].sort((a, b) => b.text.length - a.text.length)[0];

/** A rule that does not parse may have meant this call: then it asks. */
function brokenRule(texts: string[], facts: CallFacts): { text: string; message: string } | undefined {
  for (const text of texts) {
    const rule = parseRule(text);
    if (rule.ok) continue;
    if (mayMean(meantBy(text), facts)) return { text, message: rule.error.message };
  }
  return undefined;
}

function mayMean(meant: ReturnType<typeof meantBy>, { tool, mcp }: CallFacts): boolean {
  if (meant === undefined) return true;
  if (meant === 'mcp') return mcp !== undefined;
  return meant.tool === tool || (['edit', 'read'].includes(meant.tool) && mcp === undefined);
}

/** 1: what a deny rule covers is denied; what it may cover is asked about, in every mode. */
function byDeny(facts: CallFacts, policy: PolicyInput): { deny?: Decision; doubt?: Decision } {
  const verdicts = parsedRules(policy.deny).map((rule) => ({ rule, verdict: forbids(rule, facts) }));
  const hit = best(verdicts.filter(({ verdict }) => verdict === 'yes').map(({ rule }) => rule));
  if (hit) return { deny: { decision: 'deny', reason: `Deny rule \`${hit.text}\``, rule: hit.text } };
  const broken = brokenRule(policy.deny, facts);
  if (broken) {
    const unread = unreadFile(broken.text);
    const reason = unread
      ? `Some rules cannot be read, so one may mean this call. Correct or remove ${unread}`
      : `Deny rule \`${broken.text}\` cannot be understood, so it may mean this call. ${broken.message}`;
    return { doubt: { decision: 'ask', reason, rule: broken.text } };
  }
  const maybe = best(verdicts.filter(({ verdict }) => verdict === 'maybe').map(({ rule }) => rule));
  if (!maybe) return {};
  const reason = `Deny rule \`${maybe.text}\` may cover a part of the call that is known only when it runs`;
  return { doubt: { decision: 'ask', reason, rule: maybe.text } };
}

/** 2: Plan mode has no effect but reading. */
function byPlan(facts: CallFacts, policy: PolicyInput): Decision | undefined {
  if (policy.mode !== 'plan' || doesOnlyRead(facts)) return undefined;
  return { decision: 'deny', reason: `Plan mode only reads, and this call ${effectOf(facts)}` };
}

const doesOnlyRead = ({ shell, effects }: CallFacts): boolean =>
  shell ? onlyReads(shell) : !effects.writes && !effects.runs && !effects.network;

function effectOf({ effects, shell }: CallFacts): string {
  if (shell || effects.runs) return 'runs commands that may do more';
  return effects.writes ? 'writes' : 'reaches other machines';
}

/** Files of a call. What an unknown program does with a file that it is given is taken for writing. */
function allFiles({ paths, shell, mentioned = [] }: CallFacts): PathFact[] {
  if (!shell) return [...paths, ...mentioned];
  const named = shell.commands
    .filter((command) => !command.transparent)
    .flatMap(({ named, known }) => named.map((fact): PathFact => (known ? fact : { ...fact, access: 'write' })));
  return [...named, ...shell.redirects];
}

/** In a line that cannot be parsed every piece of text may be a file. */
function scannedPlaces({ shell, place }: CallFacts): string[] {
  if (!shell || shell.line.parsed) return [];
  const pieces = shell.line.source.slice(0, MAX_SCAN).split(/[\s;|&()<>"'`={}]+/);
  return [...new Set(pieces)]
    .filter(Boolean)
    .map((piece) => resolve(place.workspace, piece.replace(/^(~|\$HOME)(?=\/|$)/, place.home)));
}

/** 3: protected places ask in every mode. */
function byProtection(facts: CallFacts): Decision | undefined {
  if (facts.alwaysAsks) return { decision: 'ask', reason: facts.alwaysAsks };
  for (const place of scannedPlaces(facts)) {
    const reason = protectedReason(place, 'write', facts.place);
    if (reason) return { decision: 'ask', reason };
  }
  for (const fact of allFiles(facts)) {
    for (const place of fact.places ?? []) {
      const reason = protectedReason(place, fact.access, facts.place);
      if (reason) return { decision: 'ask', reason };
    }
  }
  return undefined;
}

/** 4: ask rules, not in Bypass. */
function byAsk(facts: CallFacts, policy: PolicyInput, below: Decision | undefined): Decision | undefined {
  if (policy.mode === 'bypass') return undefined;
  const hit = best(parsedRules(policy.ask).filter((rule) => forbids(rule, facts) !== 'no'));
  if (hit) return { decision: 'ask', reason: `Ask rule \`${hit.text}\``, rule: hit.text };
  const broken = brokenRule(policy.ask, facts);
  if (!broken) return below;
  const reason = `Ask rule \`${broken.text}\` cannot be understood, so it may mean this call. ${broken.message}`;
  return { decision: 'ask', reason, rule: broken.text };
}

const byRules = (rules: string[]): Decision => ({
  decision: 'allow',
  reason:
    rules.length === 1
      ? `Allow rule \`${rules[0]}\``
      : `Allow rules ${rules.map((rule) => `\`${rule}\``).join(' and ')}`,
  rule: rules[0]!,
  ...(rules.length > 1 ? { rules } : {}),
});

/** 5 and 6 for a shell line, whose parts may be covered by rules and by the mode. */
function byLine(coverage: Coverage, mode: Mode): Decision | undefined {
  if (!coverage.covered) return undefined;
  if (coverage.rules.length > 0) return byRules(coverage.rules);
  const reason =
    mode === 'accept-edits'
      ? 'Only reads, or writes inside the workspace'
      : 'Only reads inside the workspace, which needs no question';
  return { decision: 'allow', reason };
}

/** 5: an allow rule. */
function byAllow(facts: CallFacts, allow: Rule[]): Decision | undefined {
  const hit = facts.problem ? undefined : best(allow.filter((rule) => allowsCall(rule, facts)));
  return hit && byRules([hit.text]);
}

/** 6: what the mode allows by itself. */
function byMode(facts: CallFacts, mode: Mode): Decision | undefined {
  if (mode === 'bypass') return { decision: 'allow', reason: 'Bypass permissions allows everything' };
  const { effects, paths, place, problem } = facts;
  if (problem || effects.runs || effects.network) return undefined;
  if (!effects.reads && !effects.writes) return { decision: 'allow', reason: 'Has no effect outside of the session' };
  const inside = paths.length > 0 && paths.every((fact) => isInside(fact, place.workspace));
  if (!inside && !(isPathless(facts) && !effects.writes)) return undefined;
  if (!effects.writes) return { decision: 'allow', reason: 'Reads inside the workspace need no question' };
  return mode === 'accept-edits'
    ? { decision: 'allow', reason: 'Accept edits mode allows writing inside the workspace' }
    : undefined;
}

/** One of our own tools that reads without being given a place has no way out of the workspace. */
const isPathless = ({ paths, mcp, argumentPaths }: CallFacts): boolean =>
  paths.length === 0 && mcp === undefined && !argumentPaths;

/** 7: why a person is asked. */
function question(facts: CallFacts, mode: Mode, coverage: Coverage | undefined, first: string): Decision {
  const ask = (reason: string): Decision => ({ decision: 'ask', reason: first + reason });
  const { effects, paths, place, problem } = facts;
  if (problem) return ask(`The call cannot be judged: ${problem}`);
  const started = modeNames[mode];
  if (coverage?.reason) {
    return ask(coverage.unnamed ? `${started} asks before commands run. ${coverage.reason}` : coverage.reason);
  }
  const outside = paths.find((fact) => !isInside(fact, place.workspace));
  if (outside)
    return ask(`${outside.access === 'write' ? 'Writes' : 'Reads'} outside the workspace: \`${outside.shown}\``);
  if (effects.runs) return ask(`${started} asks before anything runs`);
  if (effects.network) return ask(`${started} asks before other machines are reached`);
  return ask(
    effects.writes && paths.length > 0
      ? `${started} asks before files change`
      : `${started} asks before \`${facts.name}\``,
  );
}

async function judge(facts: CallFacts, policy: PolicyInput, context: DecisionContext): Promise<Judgement> {
  const { deny, doubt } = byDeny(facts, policy);
  const below = deny ? {} : await findBelow(facts, policy, context);
  const firm = deny ?? byPlan(facts, policy) ?? doubt ?? below.denied ?? byProtection(facts) ?? below.secret;
  const readsOnly = facts.problem === undefined && facts.effects.reads && doesOnlyRead(facts);
  if (firm) return { ...firm, waivable: false, readsOnly };
  return {
    ...(byAsk(facts, policy, below.asked) ?? (await byGrants(facts, policy, context))),
    waivable: true,
    readsOnly,
  };
}

/** 5 to 7. */
async function byGrants(facts: CallFacts, policy: PolicyInput, context: DecisionContext): Promise<Decision> {
  const { mode } = policy;
  // The longest rule that covers a part is the one to name.
  const allow = parsedRules(policy.allow).sort((a, b) => b.text.length - a.text.length);
  const coverage = facts.shell && coverLine(facts.shell, facts, { allow, mayWrite: mode === 'accept-edits' });
  return (
    (coverage ? byLine(coverage, mode) : byAllow(facts, allow)) ??
    byMode(facts, mode) ??
    (await bySandbox(facts, policy, context)) ??
    question(facts, mode, coverage, withoutSandbox(context))
  );
}

/** A session is as strict as the strictest of itself and its ancestors; only its own allow rules count. */
export function strictest(all: PolicyInput[]): PolicyInput {
  return {
    allow: all[0]?.allow ?? [],
    ask: [...new Set(all.flatMap((policy) => policy.ask))],
    deny: [...new Set(all.flatMap((policy) => policy.deny))],
    mode: strictestMode(all.map((policy) => policy.mode)),
  };
}

/** The engine over given sources. Neither function throws: what cannot be judged asks. */
export function createDecide(sources: FactSources): { decide: Decide; decideInTree: DecideInTree } {
  const judgeCall: DecideInTree = async (call, policies, context) => {
    // Both look at the disk, side by side.
    const gathering = gatherFacts(call, context, sources);
    gathering.catch(() => undefined);
    const policy = strictest(await policies);
    try {
      const facts = await gathering;
      const judged = await judge(facts, policy, context);
      return facts.paths.length === 0
        ? judged
        : { ...judged, places: facts.paths.flatMap(({ places }) => places ?? []) };
    } catch (error) {
      const firm = { waivable: false, readsOnly: false };
      const denied = policy.deny.find((text) => plainName(text) === plainName(call.tool));
      if (denied) return { decision: 'deny', reason: `Deny rule \`${denied}\``, rule: denied, ...firm };
      const reason = `The call cannot be judged: ${error instanceof Error ? error.message : String(error)}`;
      return { decision: policy.mode === 'plan' ? 'deny' : 'ask', reason, ...firm };
    }
  };
  return {
    decide: async (call, policy, context) => {
      const { places: _places, ...decision } = decisionOf(await judgeCall(call, [policy], context));
      return decision;
    },
    decideInTree: judgeCall,
  };
}

const shipped = createDecide({
  readLine: createShellReader(createShellGrammar(loadShippedWasm)),
  protectedFolders: [],
});

/**
 * Judges one call. First match wins: 1 deny rule, deny · 2 Plan mode and any effect but reading, deny · 3 protected path, ask · 4 ask rule,
 * ask (not in Bypass) · 5 allow rule, allow · 6 the mode allows, or the sandbox where the person wants that · 7 ask.
 */
export const { decide, decideInTree } = shipped;
