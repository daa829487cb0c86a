import { memo } from 'react';
import type { Item } from '../../shared/session/state.ts';
import { CallRow } from './call-row.tsx';
import { MessageRow } from './message-row.tsx';
import { NoticeRow } from './notice-row.tsx';
import { PromptRow } from './prompt-row.tsx';

/** A reply that brought nothing but calls: it keeps its place in the list and shows nothing. */
export const isSilent = (item: Item): boolean =>
  item.kind === 'message' && item.text === '' && item.reasoning === '' && !item.partial && item.drafts.length === 0;

/** Whether an item stands close under the one before it: calls that follow each other do, silent replies between them or not. */
export function isTight(items: readonly Item[], place: number): boolean {
  if (items[place]?.kind !== 'call') return false;
  let before = place - 1;
  while (before >= 0 && isSilent(items[before]!)) before -= 1;
  return items[before]?.kind === 'call';
}

/** One entry of the transcript. Spacing is padding: the virtual list measures boxes, and margins fall out of them. */
export const TranscriptRow = memo(function TranscriptRow(props: { sessionId: string; item: Item; tight: boolean }) {
  const { item, tight, sessionId } = props;
  if (isSilent(item)) return <div className="h-px" />;
  return (
    <div className="px-2.5">
      <div className={`mx-auto max-w-[800px] min-w-0 ${item.kind === 'prompt' ? 'pt-5' : tight ? 'pt-px' : 'pt-3'}`}>
        {item.kind === 'prompt' && <PromptRow prompt={item} />}
        {item.kind === 'message' && <MessageRow message={item} />}
        {item.kind === 'call' && <CallRow sessionId={sessionId} call={item} />}
        {item.kind === 'notice' && <NoticeRow notice={item} />}
      </div>
    </div>
  );
});
