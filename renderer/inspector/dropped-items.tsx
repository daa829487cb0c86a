import { Plus } from 'lucide-react';
import { useShallow } from 'zustand/shallow';
import { planOf } from '../../shared/session/context-plan.ts';
import type { Item } from '../../shared/session/state.ts';
import { dropItem } from '../actions.ts';
import { useSession } from '../state/replicas.ts';
import { plural } from '../ui/amounts.ts';
import { IconButton } from '../ui/icon-button.tsx';

/** What a person took out of the context, to be put back. */
export function DroppedItems({ sessionId }: { sessionId: string }) {
  const dropped = useSession(sessionId, (state) => planOf(state.head).dropped) ?? [];
  const words = useSession(
    sessionId,
    useShallow((state) => {
      const byId = new Map(state.items.map((item) => [item.id, item]));
      return planOf(state.head).dropped.map((id) => wordsOf(byId.get(id)));
    }),
  );
  if (dropped.length === 0) return null;
  return (
    <section aria-label="Taken out" className="pt-2 pb-3">
      <h3 className="pb-1 text-sm font-medium text-muted">{plural(dropped.length, 'item')} taken out by you</h3>
      <ul className="flex flex-col gap-1">
        {dropped.map((id, place) => (
          <li
            key={id}
            className="flex h-7 items-center gap-1 rounded-md border border-border border-dashed pr-1 pl-2 text-sm"
          >
            <span className="min-w-0 flex-1 truncate text-muted">{words?.[place]}</span>
            <IconButton label="Put back into the context" size="sm" onClick={() => void dropItem(sessionId, id, false)}>
              <Plus />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function wordsOf(item: Item | undefined): string {
  if (!item) return 'An earlier item';
  if (item.kind === 'call') return `${item.tool}: ${item.title}`;
  return 'text' in item ? item.text.slice(0, 200) : '';
}
