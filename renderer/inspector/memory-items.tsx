import clsx from 'clsx';
import { Minus, Plus } from 'lucide-react';
import type { RecalledItem } from '../../shared/memory/memory.ts';
import { makeVisible } from '../../shared/visible.ts';
import { leaveOutMemory } from '../actions.ts';
import { compactNumber } from '../ui/amounts.ts';
import { IconButton } from '../ui/icon-button.tsx';

/** What the system prompt holds of memory; each item can be left out of this session, and be put back. */
export function MemoryItems(props: { sessionId: string; items: readonly RecalledItem[]; isReadOnly: boolean }) {
  const { sessionId, items, isReadOnly } = props;
  const out = items.filter((item) => item.leftOut).map(({ id }) => id);
  return (
    <ul aria-label="Items of memory" className="flex flex-col gap-1 text-sm">
      {items.map(({ id, content, tokens, leftOut }) => (
        <li key={id} className="flex items-start gap-2">
          <p
            className={clsx(
              'selectable line-clamp-3 min-w-0 flex-1 wrap-anywhere',
              leftOut && 'text-muted line-through',
            )}
            title={content}
          >
            {makeVisible(content)}
          </p>
          <span className="shrink-0 text-xs leading-5 text-faint">{compactNumber(tokens)}</span>
          {!isReadOnly && (
            <IconButton
              size="sm"
              label={leftOut ? 'Put back into this session' : 'Leave out of this session'}
              onClick={() => void leaveOutMemory(sessionId, leftOut ? out.filter((one) => one !== id) : [...out, id])}
            >
              {leftOut ? <Plus /> : <Minus />}
            </IconButton>
          )}
        </li>
      ))}
    </ul>
  );
}
