import { create } from 'zustand';
import { type Density, useUi } from '../state/ui-store.ts';

/** What the person folded or unfolded by hand, by item id. It outlives the row, which a virtual list takes away and brings back. */
const useFolds = create<{ open: Record<string, boolean> }>()(() => ({ open: {} }));

const openByDefault: Record<Density, boolean> = { normal: false, verbose: true, summary: false };

/** Whether an item's detail is shown, and the function that turns it over. */
export function useFold(id: string): [open: boolean, toggle: () => void] {
  const byDefault = useUi((ui) => openByDefault[ui.density]);
  const open = useFolds((folds) => folds.open[id]) ?? byDefault;
  return [open, () => useFolds.setState((folds) => ({ open: { ...folds.open, [id]: !open } }))];
}
