import { Search, SquarePen, TextSearch, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useApp } from '../state/app-store.ts';
import { setListFilter, showDialog, showNewSession, useUi } from '../state/ui-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { filterLabel, ListOptions } from './list-options.tsx';
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
        <IconButton label="Search all transcripts" keys="Mod+Shift+F" onClick={() => showDialog('search')}>
          <TextSearch />
        </IconButton>
        <ListOptions />
        <IconButton label="New session" keys="Mod+N" onClick={() => showNewSession()}>
          <SquarePen />
        </IconButton>
      </div>
      <ShownFilter />
      <div className="min-h-0 flex-1 overflow-y-auto [scrollbar-gutter:stable]">
        <SessionTree filter={filter} />
        <NoSessions filter={filter} />
      </div>
      <SidebarFooter />
    </nav>
  );
}

function NoSessions({ filter }: { filter: string }) {
  const show = useUi((ui) => ui.listFilter);
  const none = useApp((app) => Object.keys(app.sessions).length === 0);
  const noneMatches = useApp((app) => !none && !matchesAny(app.sessions, filter, show));
  if (none) return <Hint>No sessions yet.</Hint>;
  if (!noneMatches) return null;
  if (filter.trim() !== '') return <Hint>No session matches “{filter}”.</Hint>;
  return <Hint>{show === 'all' ? 'All sessions are archived.' : 'No session is like that.'}</Hint>;
}

const Hint = ({ children }: { children: ReactNode }) => <p className="px-3.5 py-1 text-sm text-muted">{children}</p>;

/** Names what the list leaves out, and shows all again. */
function ShownFilter() {
  const show = useUi((ui) => ui.listFilter);
  if (show === 'all') return null;
  return (
    <p className="mx-2 mb-1 flex items-center gap-1 rounded-md bg-hover py-0.5 pr-1 pl-2 text-sm text-muted">
      <span className="min-w-0 flex-1 truncate">Only: {filterLabel(show)}</span>
      <IconButton label="Show all sessions" size="sm" onClick={() => setListFilter('all')}>
        <X />
      </IconButton>
    </p>
  );
}
