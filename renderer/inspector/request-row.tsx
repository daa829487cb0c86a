import clsx from 'clsx';
import { ChevronRight, Minus, Pin } from 'lucide-react';
import type { PreviewMessage } from '../../shared/app/context-preview.ts';
import { makeVisible } from '../../shared/visible.ts';
import { dropItem, pinItem } from '../actions.ts';
import { compactNumber } from '../sessions/status-text.ts';
import { useFold } from '../transcript/fold-store.ts';
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
}

/** One message of the next request: three lines of it, all of it when opened. */
export function RequestRow({ sessionId, message, itemIds, pinned, droppable, id }: RequestRowProps) {
  const [open, toggle] = useFold(`request-${sessionId}-${id}`);
  const name = message.tool ? `Result of ${message.tool}` : roles[message.role];
  const text = [message.text, ...message.calls.map((call) => `→ ${call}`)].filter(Boolean).join('\n');
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
        </p>
      </div>
    </article>
  );
}
