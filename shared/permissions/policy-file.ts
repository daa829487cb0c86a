import type { Mode, Rules } from '../session/config.ts';
import type { ConfirmationPolicy } from './confirmation.ts';

/** What a policy file comes to here. */
export interface PolicyFile {
  rules: Rules;
  /** The mode that stands for its default decision. */
  mode?: Mode;
  confirmation?: ConfirmationPolicy;
  /** What is not the same here as it was there. */
  notes: string[];
}
