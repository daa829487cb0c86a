import { orThrow } from '../../shared/errors.ts';
import type { Answer } from '../../shared/ipc/contract.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import type { SessionState } from '../../shared/session/state.ts';
import type { Settings } from '../../shared/settings.ts';
import type { PolicyInput, SuggestRule } from './policy.ts';
import { parseRule } from './rules.ts';

export interface GrantsDeps {
  pending(approvalId: string): {
    home: { state(): SessionState; append(event: SessionEvent): { flushed: Promise<void> } };
    call: { tool: string; args: unknown };
  };
  policy(state: SessionState): PolicyInput;
  settings: { change(mutate: (settings: Settings) => Settings): Promise<Settings> };
  suggestRule: SuggestRule;
  home: string;
}

/** "Always allow…": proposes the narrowest rule, and saves the one that the person settled on. */
export function createGrants({ pending, policy, settings, suggestRule, home }: GrantsDeps) {
  return {
    suggest(approvalId: string): ReturnType<SuggestRule> {
      const { home: session, call } = pending(approvalId);
      const state = session.state();
      return suggestRule(call, policy(state), { workspace: state.head.config.workspace, home });
    },

    /** Throws `invalid` at once for a rule that does not parse; the returned function saves it. */
    prepare(approvalId: string, grant: NonNullable<Answer['grant']>): () => Promise<void> {
      orThrow(parseRule(grant.rule));
      const { home: session } = pending(approvalId);
      return async () => {
        if (grant.scope === 'user') {
          await settings.change((current) => ({
            ...current,
            rules: { ...current.rules, allow: joined(current.rules.allow, grant.rule) },
          }));
          return;
        }
        const { rules } = session.state().head.config;
        await session.append({
          type: 'session.configured',
          changes: { rules: { ...rules, allow: joined(rules.allow, grant.rule) } },
        }).flushed;
      };
    },
  };
}

export type Grants = ReturnType<typeof createGrants>;

const joined = (rules: string[], rule: string): string[] => (rules.includes(rule) ? rules : [...rules, rule]);
