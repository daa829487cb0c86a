import clsx from 'clsx';
import { ChevronRight, MoreHorizontal } from 'lucide-react';
import { memo, useEffect, useId, useRef, useState } from 'react';
import type { SessionSummary } from '../../shared/app/state.ts';
import type { Rollup } from '../../shared/app/tree.ts';
import { setCollapsed } from '../state/ui-store.ts';
import { compactNumber, money, plural } from '../ui/amounts.ts';
import { Badge } from '../ui/chip.tsx';
import { Menu } from '../ui/menu.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { StateDot } from '../ui/state-dot.tsx';
import { ThinBar } from '../ui/thin-bar.tsx';
import { SessionMenuItems } from './session-menu.tsx';
import { describeSession, statusWord } from './status-text.ts';
import type { TreeRow } from './tree-rows.ts';

export interface SessionRowProps {
  row: TreeRow;
  /** Shown in the centre. */
  current: boolean;
  /** The one row that Tab reaches. */
  tabStop: boolean;
  onFocus: (id: string) => void;
  onOpen: (id: string) => void;
}

/** One session in the tree. */
export const SessionRow = memo(function SessionRow({ row, current, tabStop, onFocus, onOpen }: SessionRowProps) {
  const { session, level, expanded, rollup } = row;
  const [menuOpen, setMenuOpen] = useState(false);
  const descriptionId = useId();
  const self = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (current) self.current?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    // The tree item is the title alone, so that its name is what is seen; the rest of the row describes it.
    // biome-ignore lint/a11y/noStaticElementInteractions: the tree handles the keys of all its rows
    <div
      role="presentation"
      onClick={() => onOpen(session.id)}
      onContextMenu={(event) => {
        event.preventDefault();
        setMenuOpen(true);
      }}
      style={{ paddingLeft: 2 + (level - 1) * 14 }}
      className={clsx(
        'group relative flex h-11 items-start gap-1 rounded-md pt-1 pr-2',
        'has-[[role=treeitem]:focus-visible]:outline-2 has-[[role=treeitem]:focus-visible]:-outline-offset-2 has-[[role=treeitem]:focus-visible]:outline-accent',
        current ? 'bg-selected' : 'hover:bg-hover',
        menuOpen && !current && 'bg-hover',
      )}
    >
      <Disclosure session={session} expanded={expanded} />
      <StateDot state={session.status} className="mt-1" />
      <div className="ml-1 min-w-0 flex-1">
        <div className="flex h-5 items-center gap-1.5">
          <div
            ref={self}
            role="treeitem"
            aria-describedby={descriptionId}
            aria-level={level}
            aria-expanded={expanded}
            aria-selected={current}
            aria-posinset={row.position}
            aria-setsize={row.siblings}
            data-session={session.id}
            tabIndex={tabStop ? 0 : -1}
            onFocus={() => onFocus(session.id)}
            className={clsx('min-w-0 flex-1 truncate outline-none', current && 'font-medium')}
          >
            {session.title}
          </div>
          <WaitingBadge waiting={expanded === false ? rollup.waiting : session.waiting} />
          <RelativeTime
            at={session.updatedAt}
            className={clsx(
              'w-7 shrink-0 truncate text-right text-xs text-faint group-hover:invisible',
              menuOpen && 'invisible',
            )}
          />
        </div>
        <div className="flex h-4 items-center gap-2 text-xs text-muted" aria-hidden="true">
          <SessionMarks session={session} orphan={row.orphan} />
          <span className="min-w-0 flex-1 truncate">{session.activity || statusWord(session.status)}</span>
          {expanded === false && <RollupText rollup={rollup} />}
          <ContextBar session={session} />
        </div>
      </div>
      <span id={descriptionId} hidden>
        {describeSession(session)}
        {row.orphan && ', its parent is no longer there'}
        {expanded === false && `, ${plural(rollup.descendants, 'child session')} below`}
        {session.activity && `. ${session.activity}`}
      </span>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the menu's events from the row */}
      <span className="absolute top-1 right-1.5" onClick={(event) => event.stopPropagation()} onKeyDown={stopKeys}>
        <Menu
          open={menuOpen}
          onOpenChange={setMenuOpen}
          align="end"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            self.current?.focus();
          }}
          trigger={
            <button
              type="button"
              aria-hidden="true"
              tabIndex={-1}
              title="Actions"
              className={clsx(
                'inline-flex size-5 items-center justify-center rounded-sm text-muted hover:bg-selected hover:text-text',
                !menuOpen && 'opacity-0 group-hover:opacity-100',
              )}
            >
              <MoreHorizontal className="size-3.5" />
            </button>
          }
        >
          <SessionMenuItems session={session} />
        </Menu>
      </span>
    </div>
  );
});

/** Keys pressed in the menu are the menu's, not the tree's. */
const stopKeys = (event: React.KeyboardEvent) => event.stopPropagation();

function Disclosure({ session, expanded }: { session: SessionSummary; expanded: boolean | undefined }) {
  if (expanded === undefined) return <span className="w-3.5 shrink-0" />;
  return (
    // Arrow keys do the same for the keyboard; the row itself says whether it is open.
    <span
      aria-hidden="true"
      onClick={(event) => {
        event.stopPropagation();
        setCollapsed(session.id, expanded);
      }}
      className="flex h-5 w-3.5 shrink-0 items-center justify-center rounded-sm text-faint hover:text-text"
    >
      <ChevronRight className={clsx('size-3 transition-transform duration-100', expanded && 'rotate-90')} />
    </span>
  );
}

const WaitingBadge = ({ waiting }: { waiting: number }) =>
  waiting > 0 ? <Badge title={`${plural(waiting, 'approval')} waiting`}>{waiting}</Badge> : null;

/** What is out of the ordinary, before the activity. */
function SessionMarks({ session, orphan }: { session: SessionSummary; orphan: boolean }) {
  const { damaged, unsaved, elsewhere, store } = session;
  return (
    <>
      {orphan && (
        <span title="It was made by a session that is no longer there" className="shrink-0 font-medium">
          Orphan
        </span>
      )}
      {damaged !== undefined && (
        <span title={damaged} className="shrink-0 font-medium text-red">
          Damaged
        </span>
      )}
      {unsaved !== undefined && (
        <span title={unsaved} className="shrink-0 font-medium text-red">
          Unsaved
        </span>
      )}
      {store !== undefined && (
        <span
          title={
            store === 'memory' ? 'Kept in memory only: gone when Switchyard quits' : `Kept in the store “${store}”`
          }
          className="shrink-0 font-medium"
        >
          {store === 'memory' ? 'In memory' : store}
        </span>
      )}
      {elsewhere && (
        <span title="Another process of this machine runs it; read-only here" className="shrink-0 font-medium">
          Elsewhere
        </span>
      )}
    </>
  );
}

function RollupText({ rollup }: { rollup: Rollup }) {
  const spent = rollup.cost > 0 ? money(rollup.cost) : `${compactNumber(rollup.tokens)} tok`;
  return (
    <span className="shrink-0 text-faint" title={`With ${plural(rollup.descendants, 'child session')}`}>
      +{rollup.descendants}
      {rollup.working > 0 && ` (${rollup.working} working)`} · {spent}
    </span>
  );
}

function ContextBar({ session: { context } }: { session: SessionSummary }) {
  if (context?.window === undefined) return null;
  const share = context.used / context.window;
  return (
    <span
      title={`Context: ${compactNumber(context.used)} of ${compactNumber(context.window)} tokens (${context.source})`}
      className="flex h-4 w-7 shrink-0 items-center"
    >
      <ThinBar share={share} className="w-full" />
    </span>
  );
}
