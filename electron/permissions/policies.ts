import type { SessionState } from '../../shared/session/state.ts';
import type { Settings } from '../../shared/settings.ts';
import type { PolicyInput } from './policy.ts';
import { createPolicyWatch } from './policy-watch.ts';
import { policyOf, rulesOfSession } from './rule-sources.ts';
import { createWorkspacePolicies } from './workspace-policies.ts';

export interface PoliciesDeps {
  settings: { current(): Settings };
  /** A workspace brings other rules along than before. */
  changed(): void;
  now(): number;
}

/** What sessions are judged by, as it holds now: the person's rules, those their workspace brings along, and their own. */
export function createPolicies({ settings, changed, now }: PoliciesDeps) {
  const brought = createWorkspacePolicies(changed);
  const watch = createPolicyWatch(brought.look);
  return {
    brought,
    of: ({ id, head: { config } }: SessionState): PolicyInput =>
      policyOf(settings.current(), id, config, now(), brought.rules(config.workspace)),

    /** Where a session has a rule from; one that it does not have itself is of a session above it. */
    sourceOf(rule: string, { id, head: { config } }: SessionState) {
      const rules = rulesOfSession(settings.current(), id, config, brought.rules(config.workspace));
      return rules.find((one) => one.rule === rule)?.place.source ?? 'parent';
    },

    /** Reads anew what the session's workspace brings along, if it has changed. Never rejects. */
    look: ({ head }: SessionState): Promise<void> => brought.look(head.config.workspace),

    /** As `look`, now and at each change, until the returned function is called. */
    follow: ({ head }: SessionState): (() => void) => watch.hold(head.config.workspace),

    /** Follows none any more. */
    close: watch.close,
  };
}

export type Policies = ReturnType<typeof createPolicies>;
