import { ChevronRight, Layers } from 'lucide-react';
import { memo } from 'react';
import type { CallItem, Item } from '../../shared/session/state.ts';
import { useUi } from '../state/ui-store.ts';
import { isSilent } from './call-groups.ts';
import { CallRow } from './call-row.tsx';
import { useFold } from './fold-store.ts';
import { MessageRow } from './message-row.tsx';
import { NoticeRow } from './notice-row.tsx';
import { PromptRow } from './prompt-row.tsx';
import { SummaryRow } from './summary-row.tsx';

export interface TranscriptRowProps {
  sessionId: string;
  item: Item;
  tight: boolean;
  /** It is what a search has led to. */
  found?: boolean;
  /** Calls are shown by the group: the group's id and, on its first call, what it did. */
  groupId?: string;
  groupText?: string;
}

/** One entry of the transcript. Spacing is padding: the virtual list measures boxes, and margins fall out of them. */
export const TranscriptRow = memo(function TranscriptRow(props: TranscriptRowProps) {
  const { item, sessionId } = props;
  const brief = useUi((ui) => ui.density === 'summary');
  if (isSilent(item, brief)) return <Nothing />;
  if (item.kind === 'call' && props.groupId !== undefined) {
    return <GroupedCall {...props} call={item} groupId={props.groupId} />;
  }
  return (
    <Line space={item.kind === 'prompt' ? 'pt-5' : props.tight ? 'pt-px' : 'pt-3'} found={props.found}>
      {item.kind === 'prompt' && <PromptRow sessionId={sessionId} prompt={item} />}
      {item.kind === 'message' && <MessageRow message={item} />}
      {item.kind === 'call' && <CallRow sessionId={sessionId} call={item} />}
      {item.kind === 'notice' && <NoticeRow notice={item} />}
      {item.kind === 'summary' && <SummaryRow sessionId={sessionId} summary={item} />}
    </Line>
  );
});

/** A list of measured rows does not like them empty. */
const Nothing = () => <div className="h-px" />;

const Line = ({ space, found, children }: { space: string; found?: boolean; children: React.ReactNode }) => (
  <div className={found ? 'bg-amber-soft px-2.5' : 'px-2.5'} data-found={found || undefined}>
    <div className={`mx-auto max-w-[800px] min-w-0 ${space}`}>{children}</div>
  </div>
);

function GroupedCall(props: TranscriptRowProps & { call: CallItem; groupId: string }) {
  const { call, groupId, groupText, sessionId, tight } = props;
  const [open, toggle] = useFold(`group-${groupId}`);
  if (groupText === undefined && !open) return <Nothing />;
  return (
    <Line space={tight ? 'pt-px' : 'pt-3'}>
      {groupText !== undefined && (
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="flex h-[26px] w-full items-center gap-2 rounded-md px-1.5 text-left text-sm text-muted hover:bg-hover hover:text-text"
        >
          <Layers aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
          <span className="min-w-0 flex-1 truncate">{groupText}</span>
          <ChevronRight aria-hidden="true" className={open ? 'size-3.5 rotate-90 text-faint' : 'size-3.5 text-faint'} />
        </button>
      )}
      {open && <CallRow sessionId={sessionId} call={call} />}
    </Line>
  );
}
