import type { Mode } from '../../shared/session/config.ts';
import type { MenuChoice } from '../ui/menu.tsx';

/** The permission modes in the order in which they are offered, the most careful default first. */
export const modeChoices: readonly (MenuChoice<Mode> & { label: string; description: string })[] = [
  { value: 'manual', label: 'Manual', description: 'Asks before anything that writes, runs or leaves the machine' },
  { value: 'accept-edits', label: 'Accept edits', description: 'Edits files in the workspace without asking' },
  { value: 'plan', label: 'Plan', description: 'Only reads, and ends in a plan for you to approve' },
  { value: 'bypass', label: 'Bypass permissions', description: 'Asks almost nothing; deny rules still hold' },
];

export const modeLabel = (mode: Mode): string => modeChoices.find((choice) => choice.value === mode)?.label ?? mode;
