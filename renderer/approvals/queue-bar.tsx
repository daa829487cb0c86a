import type { QueuedApproval } from '../../shared/app/state.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import type { QueueGroup, QueueOrder } from './queue-rows.ts';
import { openBatch, useQueueView } from './queue-view.ts';

const orders: { value: QueueOrder; label: string }[] = [
  { value: 'oldest', label: 'Oldest first' },
  { value: 'newest', label: 'Newest first' },
];

const groups: { value: QueueGroup; label: string }[] = [
  { value: 'none', label: 'Not grouped' },
  { value: 'session', label: 'By session' },
  { value: 'likeness', label: 'By likeness' },
];

/** Order and grouping of the queue, and what to do with what is selected in it. */
export function QueueBar({ approvals }: { approvals: readonly QueuedApproval[] }) {
  const { order, group, selected } = useQueueView();
  const chosen = approvals.filter((approval) => selected.includes(approval.id));
  return (
    <div className="flex h-9 shrink-0 items-center gap-1 border-b border-border px-2">
      <Select
        quiet
        label="Order"
        value={order}
        choices={orders}
        onChange={(next) => useQueueView.setState({ order: next })}
      />
      <Select
        quiet
        label="Group"
        value={group}
        choices={groups}
        onChange={(next) => useQueueView.setState({ group: next })}
      />
      <span className="flex-1" />
      {chosen.length > 0 && (
        <Button size="sm" onClick={() => openBatch(chosen)}>
          Review {chosen.length} selected…
        </Button>
      )}
    </div>
  );
}
