import { Search, SquarePen, X } from 'lucide-react';
import { useState } from 'react';
import { useApp } from '../state/app-store.ts';
import { showNewSession } from '../state/ui-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { SessionTree } from './session-tree.tsx';
import { SidebarFooter } from './sidebar-footer.tsx';
import { matchesAny } from './tree-rows.ts';

/** The left side of the window: every session, and what the workbench runs on. */
export function Sidebar() {
  const [filter, setFilter] = useState('');
  return (
    <nav aria-label="Sessions" className="flex h-full min-h-0 flex-col bg-panel">
      <div className="flex h-10 shrink-0 items-center gap-1 px-2">
        <div className="relative min-w-0 flex-1">
          <Search aria-hidden="true" className="absolute top-1.5 left-2 size-3.5 text-faint" />
          <input
            type="text"
            aria-label="Filter sessions"
            placeholder="Filter"
            value={filter}
            spellCheck={false}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setFilter('')}
            className="h-[26px] w-full rounded-md bg-hover pr-6 pl-7 text-sm forced-colors:border"
          />
          {filter !== '' && (
            <IconButton
              label="Clear filter"
              size="sm"
              onClick={() => setFilter('')}
              className="absolute top-[3px] right-1"
            >
              <X />
            </IconButton>
          )}
        </div>
        <IconButton label="New session" keys="Mod+N" onClick={() => showNewSession()}>
          <SquarePen />
        </IconButton>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto [scrollbar-gutter:stable]">
        <SessionTree filter={filter} />
        <NoSessions filter={filter} />
      </div>
      <SidebarFooter />
    </nav>
  );
}

function NoSessions({ filter }: { filter: string }) {
  const none = useApp((app) => Object.keys(app.sessions).length === 0);
  const noneMatches = useApp((app) => !none && !matchesAny(app.sessions, filter));
  if (none) return <p className="px-3.5 py-1 text-sm text-muted">No sessions yet.</p>;
  return noneMatches ? <p className="px-3.5 py-1 text-sm text-muted">No session matches “{filter}”.</p> : null;
}
