import type { ConfirmationPolicy } from '../../shared/permissions/confirmation.ts';
import type { Mode, Rules, SessionConfig } from '../../shared/session/config.ts';

/** Turns of one run, where nothing else is said. */
const defaultMaxTurns = 50;

/** How much of the model's window a session uses, and when it compacts by itself. */
type ContextConfig = Pick<SessionConfig, 'maxContext' | 'autoCompact' | 'autoCompactThreshold'>;

/** What a session can be made with; all but its folder has a default. */
export interface NewSession extends ContextConfig {
  workspace: string;
  title?: string;
  mode?: Mode;
  rules?: Rules;
  /** Absent: as the session above has it, and without one a person answers everything. */
  confirmation?: ConfirmationPolicy;
  profileId?: string;
  maxTurns?: number;
  instructions?: string;
  /** Where it is kept; where nothing else is said, on disk. A child is kept with its parent. */
  store?: string;
}

const contextConfig = ({ maxContext, autoCompact, autoCompactThreshold }: ContextConfig): ContextConfig => ({
  ...(maxContext === undefined ? {} : { maxContext }),
  ...(autoCompact === undefined ? {} : { autoCompact }),
  ...(autoCompactThreshold === undefined ? {} : { autoCompactThreshold }),
});

export function configOf(config: NewSession, defaultMode: Mode): SessionConfig {
  return {
    title: config.title ?? '',
    workspace: config.workspace,
    mode: config.mode ?? defaultMode,
    rules: config.rules ?? { allow: [], ask: [], deny: [] },
    maxTurns: config.maxTurns ?? defaultMaxTurns,
    ...(config.confirmation ? { confirmation: config.confirmation } : {}),
    ...(config.profileId ? { profileId: config.profileId } : {}),
    ...(config.instructions ? { instructions: config.instructions } : {}),
    ...contextConfig(config),
  };
}

/** A child takes mode, limits and model of its parent unless told otherwise. */
export function childConfigOf(parent: SessionConfig, config: NewSession): SessionConfig {
  const profileId = config.profileId ?? parent.profileId;
  return {
    ...contextConfig(parent),
    ...configOf({ ...config, maxTurns: config.maxTurns ?? parent.maxTurns }, parent.mode),
    ...(profileId ? { profileId } : {}),
    ...(parent.memoryLeftOut ? { memoryLeftOut: parent.memoryLeftOut } : {}),
    ...(parent.thinking ? { thinking: parent.thinking } : {}),
  };
}
