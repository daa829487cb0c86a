import { ShieldAlert, ShieldCheck, ShieldQuestion, TriangleAlert } from 'lucide-react';
import type { Risk } from '../../shared/session/parts.ts';
import { Chip, type Tone } from '../ui/chip.tsx';

const looks: Record<Risk['level'], { tone: Tone; text: string; icon: typeof ShieldCheck }> = {
  low: { tone: 'neutral', text: 'Low risk', icon: ShieldCheck },
  medium: { tone: 'amber', text: 'Medium risk', icon: ShieldAlert },
  high: { tone: 'red', text: 'High risk', icon: TriangleAlert },
  unknown: { tone: 'amber', text: 'Unknown risk', icon: ShieldQuestion },
};

/** How risky a call looks; the reasons stand beside it in the card. */
export function RiskChip({ risk }: { risk: Risk }) {
  const { tone, text, icon: Icon } = looks[risk.level];
  return (
    <Chip tone={tone}>
      <Icon aria-hidden="true" />
      {text}
    </Chip>
  );
}
