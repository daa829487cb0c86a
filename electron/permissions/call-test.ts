import { orThrow } from '../../shared/errors.ts';
import type { TestedCall } from '../../shared/ipc/contract.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { Settings } from '../../shared/settings.ts';
import type { DecideInTree } from './evaluate.ts';
import { type PolicyInput, withSources } from './policy.ts';
import { noRules, policyOf } from './rule-sources.ts';
import { readTypedCall } from './typed-call.ts';

export interface CallTestDeps {
  session(id: string): Promise<{ state: SessionState; ancestors: SessionState[] }>;
  /** Where a call is judged when no session is named: in no session at all, by the person's own rules and mode. */
  bare(): { workspace: string; settings: Settings };
  policy(state: SessionState): PolicyInput;
  ruleSource(rule: string, state: SessionState): TestedCall['source'];
  decideInTree: DecideInTree;
  home: string;
  now(): number;
}

/** Judges a call that a person typed as it would be judged from an agent; nothing runs. Throws `invalid` for what is no call. */
export const createCallTest =
  (deps: CallTestDeps) =>
  async (text: string, sessionId: string | undefined): Promise<TestedCall> => {
    const call = orThrow(readTypedCall(text));
    if (sessionId === undefined) {
      const { workspace, settings } = deps.bare();
      const config = { title: '', workspace, mode: settings.defaultMode, rules: noRules, maxTurns: 1 };
      const own = policyOf(settings, '', config, deps.now());
      const decision = await deps.decideInTree(call, own, [], { workspace, home: deps.home });
      return withSources(decision, () => 'user');
    }
    const { state, ancestors } = await deps.session(sessionId);
    const context = { workspace: state.head.config.workspace, home: deps.home };
    const decision = await deps.decideInTree(call, deps.policy(state), ancestors.map(deps.policy), context);
    return withSources(decision, (rule) => deps.ruleSource(rule, state));
  };
