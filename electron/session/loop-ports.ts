import { z } from 'zod';
import { type Failure, fail, ok, type Result } from '../../shared/errors.ts';
import { strictestMode } from '../../shared/permissions/modes.ts';
import type { SandboxSettings } from '../../shared/sandbox/sandbox.ts';
import type { SessionConfig } from '../../shared/session/config.ts';
import type { CallDecision, CallItem } from '../../shared/session/state.ts';
import { systemPrompt } from '../agent/prompt-slots.ts';
import type { Broker } from '../approvals/broker.ts';
import { confirmed } from '../approvals/confirmation-policy.ts';
import { localDate } from '../local-date.ts';
import type { RunMemory } from '../memory/memory-desk.ts';
import type { ResolvedModel } from '../model/model-client.ts';
import { deniedReading } from '../permissions/denied-places.ts';
import { notDenied } from '../permissions/denied-tools.ts';
import { whyNobodyAnswers } from '../permissions/nobody-answers.ts';
import {
  type AssessRisk,
  type DecisionContext,
  decisionOf,
  type Judgement,
  type PolicyInput,
  type SuggestRule,
  withSources,
} from '../permissions/policy.ts';
import { protectedReason } from '../permissions/protected-paths.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { limitedBySkills, skillsInUse } from '../skills/limits.ts';
import type { RunSkills } from '../skills/skill-desk.ts';
import { executeTool } from '../tools/executor.ts';
import { failure, type Tool } from '../tools/tool.ts';
import { describeCall } from '../tools/tool-facts.ts';
import { showPath } from '../tools/workspace-path.ts';
import { budgetGate, type Used } from './budget-gate.ts';
import { commandSandbox, withSandbox } from './command-sandbox.ts';
import { confirmationOf } from './confirmation.ts';
import type { ContextPorts } from './context-keeper.ts';
import { isPaused, pauseGate } from './pause.ts';
import type { Session } from './session.ts';
import { whyUnusable } from './workspace.ts';

/** The permission engine over a session and its ancestors. */
export interface Permissions {
  decideInTree(
    call: { tool: string; args: unknown },
    policies: PolicyInput[] | Promise<PolicyInput[]>,
    context: DecisionContext,
  ): Promise<Judgement>;
  assessRisk: AssessRisk;
  suggestRule: SuggestRule;
}

export interface LoopPortsDeps {
  tools(): Tool[];
  model(profileId: string | undefined): Promise<Result<ResolvedModel>>;
  permissions: Permissions;
  /** The session's own rules and mode joined with the person's, read anew for each decision. */
  policy(session: Session): PolicyInput;
  /** Resolves when `policy` knows the rules that the session's workspace brings along now. */
  lookAtPolicy(session: Session): Promise<void>;
  /** While something of the session waits for an answer, such rules are looked at as soon as they change. Returns what ends that. */
  followPolicy(session: Session): () => void;
  /** Where the rule that decided is kept. */
  ruleSource(rule: string, session: Session): CallDecision['source'];
  broker: Broker;
  /** The skills of a workspace as they are now. Never throws. */
  skills(workspace: string): Promise<RunSkills>;
  /** What is remembered there, without what the session leaves out. Never throws. */
  memory(workspace: string, leftOut: readonly string[] | undefined): Promise<RunMemory>;
  /** What each session of a tree has used, its root included. */
  tree(id: string): Used[];
  /** False on the command line without a person: then every question is a denial, and says so. */
  someoneAnswers: boolean;
  home: string;
  /** Our own data. */
  protectedFolders: string[];
  sandbox: { of: Sandbox; settings(): SandboxSettings };
  childEnvironment(): Record<string, string>;
  blobs(session: Session): { write(bytes: Uint8Array): Promise<string>; read(hash: string): Promise<Uint8Array> };
  now(): number;
  newId(): string;
}

/** Binds the agent loop to one session. Fails when the workspace has vanished or leads elsewhere. */
export async function loopPorts(
  session: Session,
  ancestors: () => Session[],
  deps: LoopPortsDeps,
): Promise<Result<ContextPorts>> {
  const { config, depth } = session.state.head;
  const { workspace } = config;
  const unusable = await whyUnusable(workspace);
  if (unusable) return fail('invalid', unusable, 'Put the folder back, or start a session in another one.');
  const [skills, memory] = await Promise.all([deps.skills(workspace), deps.memory(workspace, config.memoryLeftOut)]);
  const ofRun = [...skills.tools, ...memory.tools];
  const tools = () => (ofRun.length === 0 ? deps.tools() : byName([...deps.tools(), ...ofRun]));
  let model: Promise<Result<ResolvedModel>> | undefined;

  const context = (tool: Tool | undefined): DecisionContext => ({
    ...{ workspace, canonical: true, home: deps.home, effects: tool?.effects },
    ...(tool?.mainArgument === undefined ? {} : { mainArgument: tool.mainArgument }),
  });
  const toolOf = (call: CallItem) => tools().find((tool) => tool.name === call.tool);
  const denyRules = () => [session, ...ancestors()].flatMap((one) => deps.policy(one).deny);
  const sandbox = commandSandbox({
    sandbox: deps.sandbox.of,
    settings: deps.sandbox.settings,
    sessionId: session.id,
    workspace,
    home: deps.home,
    deny: denyRules,
  });
  const decide = async (tool: Tool | undefined, { tool: name }: CallItem, args: unknown) => {
    const judgeBy = (policies: PolicyInput[] | Promise<PolicyInput[]>, confined?: DecisionContext['sandbox']) =>
      deps.permissions.decideInTree({ tool: name, args }, policies, { ...context(tool), sandbox: confined });
    const chain = [session, ...ancestors()];
    const policies = Promise.all(chain.map(deps.lookAtPolicy)).then(() => chain.map(deps.policy));
    const inUse = skillsInUse(chain.map(({ state }) => state.head));
    // What a skill permits is not widened by the sandbox.
    const limited = await limitedBySkills(name, inUse, (allow) =>
      judgeBy([{ allow, ask: [], deny: [], mode: 'manual' }]),
    );
    const confined = await sandbox.forDecision(tool, args);
    const judged = limited ?? (await judgeBy(policies, confined));
    if (tool?.asks && judged.decision === 'allow') return questionItself;
    return confined ? { ...judged, sandbox: confined.state } : judged;
  };
  const modeNow = () => strictestMode([session, ...ancestors()].map(({ state }) => state.head.config.mode));
  /** A child reports its plan to its parent, and without a person nobody could approve it. */
  const asksForPlans = deps.someoneAnswers && depth === 0;
  const confirmation = () => confirmationOf(session, ancestors());
  const judge = async (tool: Tool | undefined, call: CallItem, args: unknown) => {
    const judged = await decide(tool, call, args);
    // Without a person there is nobody whose questions a policy could answer: asking is denying.
    const answered = deps.someoneAnswers ? confirmed(judged, call.tool, confirmation(), tool?.effects) : judged;
    const sourced = withSources(decisionOf(answered), (rule) => deps.ruleSource(rule, session));
    return { ...sourced, waivable: judged.waivable, readsOnly: judged.readsOnly };
  };
  const promptParts = {
    ...(skills.catalogue ? { skills: skills.catalogue } : {}),
    ...(memory.slot ? { memory: memory.slot } : {}),
  };
  const judgedAt = new Map<string, number>();
  /** Calls that were let through because the sandbox holds them in. */
  const confinedOnly = new Set<string>();
  /** Of what a search finds. A secret is left out where its text would be shown; its name may be known. */
  const leftOut = () => {
    const denied = deniedReading(denyRules(), { workspace, home: deps.home });
    const place = { workspace, home: deps.home, protectedFolders: deps.protectedFolders };
    return (path: string, names: boolean) =>
      (denied?.(path) ?? false) || (!names && protectedReason(path, 'read', place) !== undefined);
  };
  const placesOf = (id: string): string[] | undefined => {
    const item = session.state.items.findLast((entry) => entry.id === id);
    if (item?.kind !== 'call') return undefined;
    const { places, finalArgs } = item.approval ?? {};
    // What the call was asked with says nothing about what it was edited to: without places of its own that stays in the workspace.
    return places ?? (finalArgs === undefined ? item.decision?.places : undefined);
  };
  /** What was decided on, or is shown to the person, as sandboxed never runs otherwise; the record outlives a restart. */
  const isConfinedOnly = (id: string): boolean => {
    const item = session.state.items.findLast((entry) => entry.id === id);
    return confinedOnly.has(id) || (item?.kind === 'call' && item.decision?.sandbox?.state === 'on');
  };
  const blobs = deps.blobs(session);
  const append = session.append.bind(session);

  const recheck = async (call: CallItem, edited: unknown): Promise<Result<{ args: unknown }>> => {
    const tool = toolOf(call);
    const parsed = tool?.schema.safeParse(edited);
    if (!parsed) return fail('invalid', `There is no tool ${call.tool}.`);
    if (!parsed.success) return { ok: false, error: wrongArguments(parsed.error) };
    const decision = await decide(tool, call, parsed.data);
    if (decision.decision === 'deny') return fail('denied', decision.reason, 'Change the arguments, or deny the call.');
    const title = tool && (await describeCall(tool, parsed.data, workspace))?.title;
    const { places } = decision;
    return ok({ args: parsed.data, ...(title === undefined ? {} : { title }), ...(places ? { places } : {}) });
  };

  return ok({
    state: () => session.state,
    append,
    saved: session.saved.bind(session),
    model: () => {
      model ??= deps.model(config.profileId).then((found) => (found.ok ? ok(thinks(found.value, config)) : found));
      return model;
    },
    gate: (signal) => pauseGate(session, ancestors, signal),
    budget: (signal) => budgetGate(session, ancestors(), deps, signal),
    tools,
    offered: () =>
      notDenied(
        tools().filter(({ asks }) => asks !== 'plan' || (asksForPlans && modeNow() === 'plan')),
        denyRules(),
      ),
    systemPrompt: () =>
      systemPrompt({
        workspace,
        date: localDate(deps.now()),
        ...promptParts,
        instructions: config.instructions,
        child: depth > 0,
        ...(modeNow() === 'plan' ? { planning: asksForPlans ? 'ask' : 'tell' } : {}),
      }),
    promptParts: () => promptParts,
    recalled: () => memory.recalled,
    skillFor: skills.asked,
    readBlob: blobs.read,
    decide: async (tool, call, args) => {
      judgedAt.set(call.id, deps.broker.policyVersion());
      const judged = judge(tool, call, args);
      // Where the folder is gone nobody waits for the judgement, which may fail then.
      judged.catch(() => undefined);
      // No answer of a person could make such a call do what was meant.
      const unusable = await whyUnusable(workspace);
      if (unusable) return { decision: 'deny', reason: unusable };
      const { waivable, readsOnly: _readsOnly, ...decision } = await judged;
      if (decision.sandbox?.state === 'on') confinedOnly.add(call.id);
      if (decision.decision !== 'ask') return decision;
      if (deps.someoneAnswers) return decision;
      return { ...decision, decision: 'deny', reason: whyNobodyAnswers(decision, waivable) };
    },
    assessRisk: (call, args) => deps.permissions.assessRisk({ tool: call.tool, args }, context(toolOf(call))),
    ask: async (question, signal) => {
      const following = [session, ...ancestors()].map(deps.followPolicy);
      const answered = deps.broker.ask(
        { id: session.id, state: () => session.state, append },
        question,
        {
          recheck: (edited) => recheck(question.call, edited),
          rejudge: async () => {
            const judged = await judge(toolOf(question.call), question.call, question.args);
            if (judged.sandbox?.state === 'on') confinedOnly.add(question.call.id);
            return judged;
          },
          patience: () => ({ policy: confirmation(), paused: [session, ...ancestors()].some(isPaused) }),
          judgedAt: judgedAt.get(question.call.id),
        },
        signal,
      );
      return answered.finally(() => {
        for (const end of following) end();
      });
    },
    execute: async (tool, call, args, signal) => {
      const prepared = await sandbox.prepare(tool, args, isConfinedOnly(call.id));
      if (!prepared.ok) return failure(prepared.error);
      const confined = prepared.value?.confined;
      const home = {
        sessionId: session.id,
        workspace,
        append,
        saveBlob: blobs.write,
        env: () => confined?.env(deps.childEnvironment()) ?? deps.childEnvironment(),
        ...(confined ? { wrap: confined.wrap } : {}),
        approvedPlaces: placesOf(call.id),
        leftOut: leftOut(),
      };
      // It may have waited for a person, or for other calls.
      const unusable = await whyUnusable(workspace);
      if (unusable) return { status: 'error', output: `${unusable} Nothing was done.` };
      const result = await executeTool(home, tool, call, args, signal);
      return prepared.value ? withSandbox(result, prepared.value, (path) => showPath(workspace, path)) : result;
    },
    now: deps.now,
    newId: deps.newId,
  });
}

/** No rule, mode or confirmation policy answers for the person. */
const questionItself: Judgement = {
  decision: 'ask',
  reason: 'A plan is carried out when you approve it',
  waivable: false,
  readsOnly: false,
};

/** Named field by field, for the form in which a person edits them. */
const wrongArguments = (error: z.ZodError): Failure => ({
  code: 'invalid',
  message: z.prettifyError(error),
  fields: error.issues.map(({ path, message }) => ({
    path: path.map((step) => (typeof step === 'number' ? step : String(step))),
    message,
  })),
});

const byName = (tools: Tool[]): Tool[] => tools.sort((a, b) => a.name.localeCompare(b.name));

/** The model as this session uses it: every request says how much it may think. */
function thinks(model: ResolvedModel, { thinking }: SessionConfig): ResolvedModel {
  if (!thinking) return model;
  const { client } = model;
  return { ...model, client: { stream: (request, signal) => client.stream({ ...request, thinking }, signal) } };
}
