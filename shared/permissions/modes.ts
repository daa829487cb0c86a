import type { Mode } from '../session/config.ts';

const strictness: Mode[] = ['plan', 'manual', 'accept-edits', 'bypass'];

/** The mode that holds where several do: a session's own and those above it. */
export const strictestMode = (modes: readonly Mode[]): Mode =>
  strictness.find((mode) => modes.includes(mode)) ?? 'manual';
