import clsx from 'clsx';
import { ChevronRight, Minus, Pin } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { PreviewMessage } from '../../shared/app/context-preview.ts';
import { makeVisible } from '../../shared/visible.ts';
import { dropItem, pinItem, previewMessage } from '../actions.ts';
import { useFold } from '../transcript/fold-store.ts';
import { compactNumber, formatCount } from '../ui/amounts.ts';
import { IconButton } from '../ui/icon-button.tsx';

const roles: Record<PreviewMessage['role'], string> = {
  system: 'System prompt',
  user: 'User',
  assistant: 'Agent',
  tool: 'Result',
};

export interface RequestRowProps {
  sessionId: string;
  message: PreviewMessage;
  /** What can be pinned or taken out here, together. */
  itemIds: readonly string[];
  pinned: boolean;
  droppable: boolean;
  /** Names the row's fold. */
  id: string;
  /** In the next request. */
  place: number;
}

/** One message of the next request: three lines of it, all of it when opened. */
export function RequestRow({ sessionId, message, itemIds, pinned, droppable, id, place }: RequestRowProps) {
  const [open, toggle] = useFold(`request-${sessionId}-${id}`);
  const name = message.tool ? `Result of ${message.tool}` : roles[message.role];
  const { text, left } = useWholeText(sessionId, place, message, open);
  return (
    <article aria-label={name} className="rounded-md border border-border bg-raised">
      <div className="flex h-7 items-center gap-1 pr-1 pl-1">
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="flex min-w-0 flex-1 items-center gap-1.5 text-left text-sm"
        >
          <ChevronRight aria-hidden="true" className={clsx('size-3 shrink-0 text-faint', open && 'rotate-90')} />
          <span className="min-w-0 flex-1 truncate font-medium text-muted">{name}</span>
          <span className="shrink-0 text-xs text-faint">{compactNumber(message.tokens)} tokens</span>
        </button>
        {itemIds.length > 0 && (
          <IconButton
            label={pinned ? 'Unpin' : 'Pin: keep it through every compaction'}
            size="sm"
            aria-pressed={pinned}
            onClick={() => itemIds.forEach((item) => void pinItem(sessionId, item, !pinned))}
          >
            <Pin className={clsx(pinned && 'fill-current text-accent')} />
          </IconButton>
        )}
        {itemIds.length > 0 && droppable && (
          <IconButton
            label="Take out of the context"
            size="sm"
            onClick={() => itemIds.forEach((item) => void dropItem(sessionId, item, true))}
          >
            <Minus />
          </IconButton>
        )}
      </div>
      <div className="px-2 pb-1.5">
        <p
          className={clsx(
            'selectable font-mono text-xs whitespace-pre-wrap text-muted wrap-anywhere',
            open ? 'max-h-96 overflow-y-auto' : 'line-clamp-3',
          )}
        >
          {makeVisible(open ? text : text.slice(0, 600))}
          {open && left > 0 && <span className="text-faint"> … {formatCount(left)} more characters</span>}
        </p>
      </div>
    </article>
  );
}

const textOf = (message: PreviewMessage): string =>
  [message.text, ...message.calls.map((call) => `→ ${call}`)].filter(Boolean).join('\n');

/** The text of a message, and how many characters of it are not there: of a long one the rest is asked for when it is opened. */
function useWholeText(
  sessionId: string,
  place: number,
  message: PreviewMessage,
  open: boolean,
): { text: string; left: number } {
  const [whole, setWhole] = useState<{ of: PreviewMessage; text: string }>();
  const isCut = message.more !== undefined;
  useEffect(() => {
    if (!open || !isCut) return;
    let gone = false;
    void previewMessage(sessionId, place).then((answer) => {
      // The context may have changed since: then this place is another message's.
      const isSame = answer.ok && String(answer.value.items) === String(message.items);
      if (!gone && isSame) setWhole({ of: message, text: textOf(answer.value) });
    });
    return () => {
      gone = true;
    };
  }, [sessionId, place, message, open, isCut]);
  return whole?.of === message ? { text: whole.text, left: 0 } : { text: textOf(message), left: message.more ?? 0 };
}
