import type { ModelStatus } from '../../shared/app/state.ts';
import type { SessionConfig } from '../../shared/session/config.ts';
import type { EventOf } from '../../shared/session/events.ts';
import type { Thinking } from '../../shared/thinking.ts';
import type { Session } from './session.ts';

export type Unset = NonNullable<EventOf<'session.configured'>['unset']>;

interface Surroundings {
  /** The name of a model, or of the default one. */
  modelName(profileId: string | undefined): string;
  newId(): string;
}

/**
 * Changes a session's configuration and takes back what `unset` names. Another model or another way of thinking holds from the next run
 * on, and is told in the transcript where there is one.
 */
export function configureSession(
  session: Session,
  changes: Partial<SessionConfig>,
  unset: Unset,
  { modelName, newId }: Surroundings,
): { flushed: Promise<void> } {
  const before = session.state.head.config;
  const configured = session.append({ type: 'session.configured', changes, ...(unset.length > 0 ? { unset } : {}) });
  const now = session.state.head.config;
  const told = [
    ...(before.profileId === now.profileId ? [] : [`Model: ${modelName(now.profileId)}.`]),
    ...(isSame(before.thinking, now.thinking) ? [] : [`Thinking: ${thinkingText(now.thinking)}.`]),
  ];
  if (told.length === 0 || session.state.items.length === 0) return configured;
  const text = `${told.join(' ')} From the next run on.`;
  return session.append({ type: 'notice.posted', noticeId: newId(), level: 'info', text });
}

/** For people: the name of a model, or of the default one where no id is given. */
export function modelName({ choices, defaultId }: ModelStatus, id: string | undefined): string {
  const choice = choices.find((one) => one.id === (id ?? defaultId));
  if (!choice) return id === undefined ? 'the default one' : 'one that is no longer set up';
  return id === undefined ? `the default one, ${choice.name}` : choice.name;
}

const isSame = (one: Thinking | undefined, other: Thinking | undefined): boolean =>
  one?.effort === other?.effort && one?.budget === other?.budget;

function thinkingText(thinking: Thinking | undefined): string {
  const parts = [
    ...(thinking?.effort ? [thinking.effort] : []),
    ...(thinking?.budget ? [`at most ${thinking.budget.toLocaleString('en')} tokens`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'as the model’s profile says';
}
