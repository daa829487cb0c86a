import { ApprovalQueue } from '../approvals/approval-queue.tsx';
import { useApp } from '../state/app-store.ts';
import { type InspectorTab, showInspector, useUi } from '../state/ui-store.ts';
import { Badge } from '../ui/chip.tsx';
import { type TabItem, Tabs } from '../ui/tabs.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { ContextTab } from './context-tab.tsx';
import { CostsTab } from './costs-tab.tsx';
import { TimelineTab } from './timeline-tab.tsx';

/** What can be known beside the transcript: the approvals of all sessions, and the facts of the shown one. */
export function Inspector({ sessionId }: { sessionId: string | undefined }) {
  const tab = useUi((ui) => ui.inspectorTab);
  const waiting = useApp((app) => app.approvals.filter((approval) => !approval.deferred).length);
  const items: TabItem<InspectorTab>[] = [
    {
      value: 'approvals',
      label: 'Approvals',
      extra: waiting > 0 && <Badge>{waiting}</Badge>,
      content: <ApprovalQueue />,
    },
  ];
  if (sessionId !== undefined) {
    items.push(
      { value: 'context', label: 'Context', content: <ContextTab sessionId={sessionId} /> },
      { value: 'changes', label: 'Changes', content: <ChangesTab sessionId={sessionId} /> },
      { value: 'costs', label: 'Costs', content: <CostsTab sessionId={sessionId} /> },
      { value: 'timeline', label: 'Timeline', content: <TimelineTab sessionId={sessionId} /> },
    );
  }
  const shown = items.find((item) => item.value === tab)?.value ?? 'approvals';
  return <Tabs label="Inspector" value={shown} onChange={showInspector} items={items} />;
}
