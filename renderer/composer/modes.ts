import { ClipboardList, type LucideIcon, PencilLine, ShieldCheck, ShieldOff } from 'lucide-react';
import type { Mode } from '../../shared/session/config.ts';

export const modeIcons: Record<Mode, LucideIcon> = {
  manual: ShieldCheck,
  'accept-edits': PencilLine,
  plan: ClipboardList,
  bypass: ShieldOff,
};

/** The mode that Shift+Tab goes to. Bypass is not on the way, and leads back to the safe one. */
export const nextMode = (mode: Mode): Mode =>
  mode === 'manual' ? 'accept-edits' : mode === 'accept-edits' ? 'plan' : 'manual';
