import { create } from 'zustand';
import { showSettings } from '../state/ui-store.ts';

/** The rule that someone asked to see; its row takes the focus and clears it. */
export const useShownRule = create<{ rule: string | undefined }>()(() => ({ rule: undefined }));

export function showRule(rule: string): void {
  useShownRule.setState({ rule });
  showSettings('permissions');
}
