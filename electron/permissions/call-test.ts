import { orThrow } from '../../shared/errors.ts';
import type { TestedCall } from '../../shared/ipc/contract.ts';
import { type ConfirmationPolicy, confirmationInForce } from '../../shared/permissions/confirmation.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { Settings } from '../../shared/settings.ts';
import { confirmed } from '../approvals/confirmation-policy.ts';
import type { DecideInTree } from './evaluate.ts';
import {
  type CallToJudge,
  type DecisionContext,
  type Declared,
  decisionOf,
  type Judgement,
  type PolicyInput,
  withSources,
} from './policy.ts';
import { noRules, policyOf } from './rule-sources.ts';
import { readTypedCall } from './typed-call.ts';

export interface CallTestDeps {
  session(id: string): Promise<{ state: SessionState; ancestors: SessionState[] }>;
  /** Where a call is judged when no session is named: in no session at all, by the person's own rules and mode. */
  bare(): { workspace: string; settings: Settings };
  policy(state: SessionState): PolicyInput;
  ruleSource(rule: string, state: SessionState): TestedCall['source'];
  decideInTree: DecideInTree;
  /** What the sandbox would mean for the call there. */
  sandbox(call: CallToJudge, workspace: string): Promise<DecisionContext['sandbox']>;
  /** What a tool declares about itself. */
  declared(tool: string): Declared;
  home: string;
  now(): number;
}

/** Judges a call that a person typed as it would be judged from an agent; nothing runs. Throws `invalid` for what is no call. */
export function createCallTest(deps: CallTestDeps) {
  const contextIn = async (call: CallToJudge, workspace: string): Promise<DecisionContext> => {
    const sandbox = await deps.sandbox(call, workspace);
    return { workspace, home: deps.home, ...deps.declared(call.tool), ...(sandbox ? { sandbox } : {}) };
  };
  return async (text: string, sessionId: string | undefined): Promise<TestedCall> => {
    const call = orThrow(readTypedCall(text, (tool) => deps.declared(tool).mainArgument));
    if (sessionId === undefined) {
      const { workspace, settings } = deps.bare();
      const config = { title: '', workspace, mode: settings.defaultMode, rules: noRules, maxTurns: 1 };
      const own = policyOf(settings, '', config, deps.now());
      const judged = await deps.decideInTree(call, [own], await contextIn(call, workspace));
      return withSources(tested(judged, call, settings.defaultConfirmation, deps.declared(call.tool)), () => 'user');
    }
    const { state, ancestors } = await deps.session(sessionId);
    const context = await contextIn(call, state.head.config.workspace);
    const judged = await deps.decideInTree(call, [state, ...ancestors].map(deps.policy), context);
    const above = ancestors.map(({ head }) => head.config.confirmation);
    const decision = tested(
      judged,
      call,
      confirmationInForce(state.head.config.confirmation, above),
      deps.declared(call.tool),
    );
    return withSources(decision, (rule) => deps.ruleSource(rule, state));
  };
}

const tested = (judged: Judgement, { tool }: CallToJudge, policy: ConfirmationPolicy, { effects }: Declared) =>
  decisionOf(confirmed(judged, tool, policy, effects));
