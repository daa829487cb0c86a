import type { CallSandbox } from '../../shared/sandbox/sandbox.ts';
import type { Mode, Rules } from '../../shared/session/config.ts';
import type { Risk } from '../../shared/session/parts.ts';
import type { CallDecision } from '../../shared/session/state.ts';
import type { Effects } from '../tools/tool.ts';

export interface Decision {
  decision: 'allow' | 'ask' | 'deny';
  /** For people and model: why, in one sentence. */
  reason: string;
  /** Text of the rule that decided. */
  rule?: string;
  /** Every rule that was needed, where it took several together to allow a line. */
  rules?: string[];
  /** It would have been a question, which the confirmation policy answered. */
  by?: 'confirmation';
  /** For a command: whether it is to run in the sandbox. */
  sandbox?: CallSandbox;
  /** For a file tool: the canonical paths that were judged. Exactly these may be used. */
  places?: string[];
}

/** A decision with where its rules are kept, as events tell it. */
export type SourcedDecision = Omit<CallDecision, 'at'>;

export function withSources(
  { rules, ...decision }: Decision,
  sourceOf: (rule: string) => CallDecision['source'],
): SourcedDecision {
  const sourced = (rule: string) => {
    const source = sourceOf(rule);
    return source ? { rule, source } : { rule };
  };
  return {
    ...decision,
    ...(decision.rule === undefined ? {} : sourced(decision.rule)),
    ...(rules ? { rules: rules.map(sourced) } : {}),
  };
}

/** What a confirmation policy must know of a decision. */
export interface Firmness {
  /** Its question may be answered without a person: not that of a protected path or of a deny rule in doubt. */
  waivable: boolean;
  /** The call does nothing but read, by what its tool declares or by its shell line. */
  readsOnly: boolean;
}

export type Judgement = Decision & Firmness;

/** What of a judgement is a fact about the call. */
export const decisionOf = ({ waivable: _waivable, readsOnly: _readsOnly, ...decision }: Judgement): Decision =>
  decision;

export interface PolicyInput extends Rules {
  mode: Mode;
}

/** What a tool says about itself; unknown tools are taken to do everything. */
export interface Declared {
  effects?: Effects;
  /** The argument that says most about a call. */
  mainArgument?: string;
}

export interface DecisionContext extends Declared {
  workspace: string;
  /** Whoever asks sees to it that the workspace is reached through no link. */
  canonical?: boolean;
  home: string;
  /** For a command; `autoAllow`: in the sandbox it needs no question, if nothing else asks. */
  sandbox?: { state: CallSandbox; autoAllow: boolean };
}

export interface CallToJudge {
  tool: string;
  args: unknown;
}

export type Decide = (call: CallToJudge, policy: PolicyInput, context: DecisionContext) => Promise<Decision>;
export type AssessRisk = (call: CallToJudge, context: DecisionContext) => Promise<Risk>;
/**
 * The narrowest rule that would have allowed the call, or the reason why none helps. Of a shell line that needs several it is the first:
 * with that one in the policy it tells the next. `pairs`: the arguments in the rule, each of which may be taken out.
 */
export type SuggestRule = (
  call: CallToJudge,
  policy: PolicyInput,
  context: DecisionContext,
) => Promise<{ rule?: string; pairs?: string[]; reason?: string }>;
