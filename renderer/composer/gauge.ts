import type { ContextMeasure } from '../../shared/session/state.ts';
import { formatCount } from '../ui/amounts.ts';

/** How full a session's context is, as it is shown and said. `percent` is absent when the window's size is unknown. */
export interface Gauge {
  percent?: number;
  text: string;
  level: 'neutral' | 'amber' | 'red';
}

export function gaugeOf(context: ContextMeasure | undefined): Gauge {
  if (!context) return { text: 'unknown', level: 'neutral' };
  const { used, window, source } = context;
  if (window === undefined)
    return { text: `${formatCount(used)} tokens of an unknown window, ${source}`, level: 'neutral' };
  const percent = Math.min(100, Math.round((used / window) * 100));
  const text = `${formatCount(used)} of ${formatCount(window)} tokens, ${percent}%, ${source}`;
  return { percent, text, level: percent < 60 ? 'neutral' : percent <= 85 ? 'amber' : 'red' };
}
