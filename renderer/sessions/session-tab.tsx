import clsx from 'clsx';
import { X } from 'lucide-react';
import { useId } from 'react';
import { useApp } from '../state/app-store.ts';
import { closeTab, openTab } from '../state/ui-store.ts';
import { Badge } from '../ui/chip.tsx';
import { StateDot } from '../ui/state-dot.tsx';
import { goToSession } from './go-to-session.ts';
import { describeSession } from './status-text.ts';

export interface SessionTabProps {
  id: string;
  selected: boolean;
  /** The one tab that the Tab key reaches. */
  tabStop: boolean;
  onFocus: (id: string) => void;
}

/** A tab whose name is exactly its session's title; the rest is its description. */
export function SessionTab({ id, selected, tabStop, onFocus }: SessionTabProps) {
  const session = useApp((app) => app.sessions[id]);
  const descriptionId = useId();
  const title = session?.title ?? 'Session';
  const waiting = session?.waiting ?? 0;
  return (
    <div
      role="presentation"
      title={title}
      className={clsx(
        'group no-drag relative flex max-w-52 min-w-28 shrink-0 items-center border-r border-border',
        selected ? 'bg-bg text-text' : 'text-muted hover:bg-hover hover:text-text',
      )}
    >
      {selected && <span aria-hidden="true" className="absolute inset-x-0 -bottom-px h-px bg-bg" />}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tab list handles the keys of all its tabs */}
      <div
        role="tab"
        id={`tab-${id}`}
        data-tab={id}
        aria-selected={selected}
        aria-controls={selected ? 'session-view' : undefined}
        aria-describedby={descriptionId}
        tabIndex={tabStop ? 0 : -1}
        onFocus={() => onFocus(id)}
        onMouseDown={(event) => {
          // The composer gets the focus, not the tab; and the middle button would begin to scroll by itself.
          event.preventDefault();
          if (event.button === 0) goToSession(id);
        }}
        onClick={() => openTab(id)}
        onAuxClick={(event) => event.button === 1 && closeTab(id)}
        className={clsx(
          'flex h-full min-w-0 flex-1 items-center gap-2 pl-3 outline-offset-[-3px]',
          waiting > 0 ? 'pr-12' : 'pr-7',
        )}
      >
        <StateDot state={session?.status ?? 'unknown'} />
        <span className="min-w-0 flex-1 truncate text-sm">{title}</span>
      </div>
      {waiting > 0 && (
        <Badge aria-hidden="true" className="pointer-events-none absolute right-7">
          {waiting}
        </Badge>
      )}
      <span id={descriptionId} hidden>
        {session ? describeSession(session) : 'Unknown'}
      </span>
      {/* For the pointer alone: a tab list may hold nothing but tabs, and the Delete key does the same. */}
      <button
        type="button"
        aria-hidden="true"
        tabIndex={-1}
        title="Close tab"
        onClick={() => closeTab(id)}
        className={clsx(
          'absolute right-1.5 inline-flex size-5 items-center justify-center rounded-sm text-muted hover:bg-selected hover:text-text',
          !selected && 'opacity-0 group-hover:opacity-100',
        )}
      >
        <X className="size-3.5" />
      </button>
    </div>
  );
}
