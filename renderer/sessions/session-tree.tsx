import { Plus } from 'lucide-react';
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import { useApp } from '../state/app-store.ts';
import { askAbout, openTab, setCollapsed, showNewSession, useUi } from '../state/ui-store.ts';
import { SessionRow } from './session-row.tsx';
import { treeMove, typeAhead } from './tree-keys.ts';
import { treeGroups } from './tree-rows.ts';

const typeAheadMs = 600;

/** All sessions by workspace, with their children. */
export function SessionTree({ filter }: { filter: string }) {
  const sessions = useApp((app) => app.sessions);
  const sampleDir = useApp((app) => app.runtime.sampleDir);
  const collapsedIds = useUi((ui) => ui.collapsed);
  const order = useUi((ui) => ui.listOrder);
  const show = useUi((ui) => ui.listFilter);
  const activeTab = useUi((ui) => ui.activeTab);
  const [focused, setFocused] = useState<string>();
  const tree = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });

  const groups = useMemo(
    () => treeGroups({ sessions, collapsed: new Set(collapsedIds), filter, show, order, sampleDir }),
    [sessions, collapsedIds, filter, show, order, sampleDir],
  );
  const rows = groups.flatMap((group) => group.rows);
  const isShown = (id: string | undefined) => rows.some((row) => row.session.id === id);
  const tabStop = [focused, activeTab].find(isShown) ?? rows[0]?.session.id;

  const open = useCallback((id: string) => {
    setFocused(id);
    openTab(id);
    tree.current?.querySelector<HTMLElement>(`[data-session="${id}"]`)?.focus();
  }, []);
  const focusRow = (id: string) => {
    setFocused(id);
    tree.current?.querySelector<HTMLElement>(`[data-session="${id}"]`)?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || tabStop === undefined) return;
    const move = treeMove(event.key, rows, tabStop);
    if (move) {
      event.preventDefault();
      if ('focus' in move) focusRow(move.focus);
      else if ('open' in move) open(move.open);
      else if ('expand' in move) setCollapsed(move.expand, false);
      else setCollapsed(move.collapse, true);
    } else if (event.key === 'F2') askAbout('rename', tabStop);
    else if (event.key === 'Delete') askAbout('delete', tabStop);
    else if (event.key.length === 1) {
      const { text, at } = typed.current;
      const next = (event.timeStamp - at < typeAheadMs ? text : '') + event.key.toLowerCase();
      typed.current = { text: next, at: event.timeStamp };
      const found = typeAhead(next, rows, tabStop);
      if (found !== undefined) focusRow(found);
    }
  };

  return (
    <div
      ref={tree}
      role="tree"
      aria-label="Session tree"
      onKeyDown={onKeyDown}
      className="flex flex-col gap-3 pb-3 pl-1.5"
    >
      {groups.map(({ workspace, label, rows: ownRows }) => (
        // biome-ignore lint/a11y/useSemanticElements: a tree may own groups, not field sets
        <div key={workspace} role="group" aria-label={label} className="flex flex-col gap-px">
          <div
            aria-hidden="true"
            title={workspace}
            className="group flex h-6 items-center pr-1 pl-2 text-xs text-muted"
          >
            <span className="min-w-0 flex-1 truncate font-medium">{label}</span>
            <button
              type="button"
              tabIndex={-1}
              title="New session in this folder"
              onClick={() => showNewSession(workspace)}
              className="inline-flex size-5 items-center justify-center rounded-sm opacity-0 group-hover:opacity-100 hover:bg-hover hover:text-text"
            >
              <Plus className="size-3.5" />
            </button>
          </div>
          {ownRows.map((row) => (
            <SessionRow
              key={row.session.id}
              row={row}
              current={row.session.id === activeTab}
              tabStop={row.session.id === tabStop}
              onFocus={setFocused}
              onOpen={open}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
