import { Ban, Check, CircleSlash, Clock, type LucideIcon, PauseCircle, ShieldQuestion, X, Zap } from 'lucide-react';
import type { CallState } from '../../shared/session/state.ts';
import { Spinner } from '../ui/spinner.tsx';
import { stateWords } from './call-facts.ts';

const marks: Partial<Record<CallState, { icon: LucideIcon; color: string }>> = {
  waiting: { icon: ShieldQuestion, color: 'text-amber' },
  setAside: { icon: PauseCircle, color: 'text-amber' },
  ok: { icon: Check, color: 'text-green' },
  error: { icon: X, color: 'text-red' },
  denied: { icon: Ban, color: 'text-red' },
  cancelled: { icon: CircleSlash, color: 'text-muted' },
  timedOut: { icon: Clock, color: 'text-red' },
  interrupted: { icon: Zap, color: 'text-amber' },
};

/** The state of a call by mark and word; success, the ordinary case, keeps its word for assistive technology. */
export function CallStateMark({ state }: { state: CallState }) {
  const mark = marks[state];
  const Icon = mark?.icon;
  return (
    <span className={`inline-flex shrink-0 items-center gap-1 text-sm ${mark?.color ?? 'text-accent'}`}>
      <span className={state === 'ok' ? 'sr-only' : undefined}>{stateWords[state]}</span>
      {Icon ? <Icon aria-hidden="true" className="size-3.5" /> : <Spinner />}
    </span>
  );
}
