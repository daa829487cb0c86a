import type { Envelope } from '../../shared/session/events.ts';
import type { Settings } from '../../shared/settings.ts';

export interface FollowPolicyDeps {
  settings: { current(): Settings; onChange(listener: (settings: Settings) => void): () => void };
  sessions: { subscribeAll(subscriber: { envelope(envelope: Envelope): void }): () => void };
  changed(): Promise<void>;
  /** A session was paused or resumed. */
  paused(): void;
}

/** Tells when rules, a mode or a confirmation policy have changed anywhere: what waits for an answer is then judged again. */
export function followPolicy({ settings, sessions, changed, paused }: FollowPolicyDeps): void {
  const rulesOf = ({ rules, workspaceRules, sandbox }: Settings) => JSON.stringify([rules, workspaceRules, sandbox]);
  let known = rulesOf(settings.current());
  settings.onChange((now) => {
    const rules = rulesOf(now);
    if (rules === known) return;
    known = rules;
    void changed();
  });
  sessions.subscribeAll({
    envelope: ({ event }) => {
      if (event.type === 'session.configured') {
        const { mode, rules, confirmation } = event.changes;
        if ((mode ?? rules ?? confirmation) || event.unset?.includes('confirmation')) void changed();
      } else if (event.type === 'session.paused' || event.type === 'session.resumed') queueMicrotask(paused);
    },
  });
}
