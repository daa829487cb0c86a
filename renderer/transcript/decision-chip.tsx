import { ShieldCheck } from 'lucide-react';
import { Chip } from '../ui/chip.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import type { DecisionRecord } from './call-facts.ts';

/** Who or what allowed or denied a call. */
export function DecisionChip({ record }: { record: DecisionRecord }) {
  const chip = (
    <Chip tone={record.tone} className="max-w-72 min-w-0 shrink">
      <ShieldCheck aria-hidden="true" />
      <span className="truncate">{record.text}</span>
    </Chip>
  );
  return record.detail === undefined ? chip : <Tooltip label={record.detail}>{chip}</Tooltip>;
}
