import { ChevronRight, Folder } from 'lucide-react';
import { Fragment } from 'react';
import { useShallow } from 'zustand/shallow';
import type { AppState, SessionSummary } from '../../shared/app/state.ts';
import { useApp } from '../state/app-store.ts';
import { openTab } from '../state/ui-store.ts';
import { StateDot } from '../ui/state-dot.tsx';
import { SessionHistory } from './session-history.tsx';
import { statusWord } from './status-text.ts';

/** Where the shown session stands: its folder, and for a child the way to it from the root. */
export function SessionHeader({ id }: { id: string }) {
  const path = useApp(useShallow((app) => pathTo(app, id)));
  const session = path.at(-1);
  if (!session) return null;
  return (
    <div className="flex h-8 shrink-0 items-center gap-3 border-b border-border px-3 text-sm text-muted">
      <span className="flex min-w-0 shrink items-center gap-1.5" title={session.workspace}>
        <Folder aria-label="Folder" className="size-3.5 shrink-0 text-faint" />
        <span className="selectable min-w-0 truncate [direction:rtl]">
          <bdi>{session.workspace}</bdi>
        </span>
      </span>
      {path.length > 1 && <Ancestors path={path} />}
      <span className="flex-1" />
      <SessionHistory id={id} />
      <span className="flex shrink-0 items-center gap-1.5">
        <StateDot state={session.status} /> {statusWord(session.status)}
      </span>
    </div>
  );
}

function Ancestors({ path }: { path: SessionSummary[] }) {
  return (
    <nav aria-label="Parent sessions" className="flex min-w-0 shrink-2 items-center gap-1">
      {path.map((session, index) => (
        <Fragment key={session.id}>
          {index > 0 && <ChevronRight aria-hidden="true" className="size-3 shrink-0 text-faint" />}
          {index === path.length - 1 ? (
            <span aria-current="page" className="min-w-0 truncate text-text">
              {session.title}
            </span>
          ) : (
            <button
              type="button"
              onClick={() => openTab(session.id)}
              className="min-w-6 truncate rounded-sm hover:text-text hover:underline"
            >
              {session.title}
            </button>
          )}
        </Fragment>
      ))}
    </nav>
  );
}

/** Root first. */
function pathTo({ sessions }: AppState, id: string): SessionSummary[] {
  const path: SessionSummary[] = [];
  for (let at = sessions[id]; at && !path.includes(at); at = sessions[at.parentId ?? '']) path.unshift(at);
  return path;
}
