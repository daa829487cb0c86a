import clsx from 'clsx';
import { Pencil, Pin, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { MemoryItem } from '../../shared/memory/memory.ts';
import { makeVisible } from '../../shared/visible.ts';
import { changeMemory, removeMemory, restoreMemory } from '../actions.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { toast } from '../ui/toast-store.ts';
import { MemoryForm } from './memory-form.tsx';

/** A note: what it says, where it counts, who noted it; to be pinned, changed or deleted. */
export function MemoryRow({ item, onChanged }: { item: MemoryItem; onChanged: () => void }) {
  const [editing, setEditing] = useState(false);
  const { id, content, workspace, at, by, tags, pinned = false } = item;
  const short = content.slice(0, 40);
  if (editing) {
    return (
      <li className="p-2">
        <MemoryForm
          label="Change note"
          start={content}
          onSave={(next) => changeMemory({ id, content: next })}
          onClose={(saved) => {
            setEditing(false);
            if (saved) onChanged();
          }}
        />
      </li>
    );
  }
  const pin = async () => {
    if ((await changeMemory({ id, pinned: !pinned })).ok) onChanged();
  };
  const remove = async () => {
    if (!(await removeMemory(id)).ok) return;
    onChanged();
    const undo = async () => {
      if ((await restoreMemory(item)).ok) onChanged();
    };
    toast({ level: 'info', text: 'Note deleted', hint: short, action: { label: 'Undo', run: () => void undo() } });
  };
  return (
    <li className="flex items-start gap-1 py-2 pr-1.5 pl-3">
      <div className="mr-1.5 min-w-0 flex-1">
        <p className="selectable whitespace-pre-wrap wrap-anywhere">{makeVisible(content)}</p>
        <p className="text-sm text-muted wrap-anywhere">
          {workspace ?? 'Everywhere'} · {by === 'person' ? 'by you' : 'by an agent'}, <RelativeTime at={at} />
          {tags.length > 0 && ` · ${tags.join(', ')}`}
        </p>
      </div>
      <IconButton
        size="sm"
        label={pinned ? `Unpin ${short}` : `Pin ${short}: always told, never removed by itself`}
        aria-pressed={pinned}
        onClick={() => void pin()}
      >
        <Pin className={clsx(pinned && 'fill-current text-accent')} />
      </IconButton>
      <IconButton size="sm" label={`Change ${short}`} onClick={() => setEditing(true)}>
        <Pencil />
      </IconButton>
      <IconButton size="sm" label={`Delete ${short}`} onClick={() => void remove()}>
        <Trash2 />
      </IconButton>
    </li>
  );
}
