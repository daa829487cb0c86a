import type { Envelope } from '../../shared/session/events.ts';
import type { Settings } from '../../shared/settings.ts';

export interface FollowPolicyDeps {
  settings: { current(): Settings; onChange(listener: (settings: Settings) => void): () => void };
  sessions: { subscribeAll(subscriber: { envelope(envelope: Envelope): void }): () => void };
  changed(): Promise<void>;
}

/** Tells when rules or a mode have changed anywhere: what waits for an answer is then judged again. */
export function followPolicy({ settings, sessions, changed }: FollowPolicyDeps): void {
  const rulesOf = ({ rules, workspaceRules }: Settings) => JSON.stringify([rules, workspaceRules]);
  let known = rulesOf(settings.current());
  settings.onChange((now) => {
    const rules = rulesOf(now);
    if (rules === known) return;
    known = rules;
    void changed();
  });
  sessions.subscribeAll({
    envelope: ({ event }) => {
      if (event.type === 'session.configured' && (event.changes.mode ?? event.changes.rules)) void changed();
    },
  });
}
