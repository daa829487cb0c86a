import clsx from 'clsx';
import { ShieldCheck } from 'lucide-react';
import { decisionOf } from '../../shared/decisions/decision.ts';
import type { CallItem } from '../../shared/session/state.ts';
import { Explanation } from '../decisions/explanation.tsx';
import { Popover } from '../ui/popover.tsx';
import type { DecisionRecord } from './call-facts.ts';

const tones = {
  neutral: 'bg-hover text-muted hover:text-text',
  amber: 'bg-amber-soft text-amber',
  red: 'bg-red-soft text-red',
} as const;

/** Who or what allowed or denied a call; opens the whole explanation. */
export function DecisionChip({ record, call }: { record: DecisionRecord; call: CallItem }) {
  const decision = decisionOf(call);
  if (!decision) return null;
  return (
    <Popover
      label="Why"
      align="start"
      trigger={
        <button
          type="button"
          className={clsx(
            'inline-flex h-[18px] max-w-72 min-w-0 shrink items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap forced-colors:border',
            tones[record.tone],
          )}
        >
          <ShieldCheck aria-hidden="true" className="size-3 shrink-0" />
          <span className="truncate">{record.text}</span>
        </button>
      }
    >
      <Explanation decision={decision} />
    </Popover>
  );
}
