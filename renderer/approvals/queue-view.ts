import { create } from 'zustand';
import type { QueuedApproval } from '../../shared/app/state.ts';
import type { QueueGroup, QueueOrder } from './queue-rows.ts';

interface QueueView {
  order: QueueOrder;
  group: QueueGroup;
  /** Approvals picked with X or the mouse. */
  selected: string[];
  /** What the pre-flight list shows: fixed when it was opened, so that it is what the person looked at. */
  batch: QueuedApproval[] | undefined;
}

/** How the person looks at the queue; lives as long as the window. */
export const useQueueView = create<QueueView>()(() => ({
  order: 'oldest',
  group: 'none',
  selected: [],
  batch: undefined,
}));

export const toggleSelected = (id: string): void =>
  useQueueView.setState(({ selected }) => ({
    selected: selected.includes(id) ? selected.filter((other) => other !== id) : [...selected, id],
  }));

export const openBatch = (batch: QueuedApproval[]): void => useQueueView.setState({ batch });

export const closeBatch = (): void => useQueueView.setState({ batch: undefined, selected: [] });
