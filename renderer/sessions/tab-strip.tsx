import { Plus } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { closeTab, moveTab, openTab, showNewSession, useUi } from '../state/ui-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { SessionTab } from './session-tab.tsx';

/** So far a held tab is moved before it is dragged, in pixels: a click may shake. */
const shake = 6;

/** The open sessions. Arrow keys move along the tabs, Enter shows one, Delete closes it; a tab that is dragged takes another place. */
export function TabStrip() {
  const tabs = useUi((ui) => ui.tabs);
  const activeTab = useUi((ui) => ui.activeTab);
  const [focused, setFocused] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const held = useRef<{ id: string; x: number; dragged: boolean }>(undefined);
  const tabStop = [focused, activeTab].find((id) => id !== undefined && tabs.includes(id)) ?? tabs[0];

  // biome-ignore lint/correctness/useExhaustiveDependencies: a tab that took another place is looked for again
  useEffect(() => {
    const shown = list.current?.querySelector(`[data-tab="${activeTab}"]`)?.parentElement;
    shown?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [activeTab, tabs]);

  const hold = (event: PointerEvent) => {
    const id = (event.target as Element).closest<HTMLElement>('[data-tab]')?.dataset.tab;
    held.current = id !== undefined && event.button === 0 ? { id, x: event.clientX, dragged: false } : undefined;
  };
  const drag = (event: PointerEvent) => {
    const tab = held.current;
    if (!tab || !list.current) return;
    if (event.buttons !== 1) {
      held.current = undefined;
      return;
    }
    tab.dragged ||= Math.abs(event.clientX - tab.x) > shake;
    if (!tab.dragged) return;
    list.current.setPointerCapture(event.pointerId);
    const middles = [...list.current.querySelectorAll<HTMLElement>('[data-tab]')]
      .filter(({ dataset }) => dataset.tab !== tab.id)
      .map((other) => other.getBoundingClientRect())
      .map(({ left, width }) => left + width / 2);
    moveTab(tab.id, middles.filter((middle) => middle < event.clientX).length);
  };

  const focusTab = (id: string | undefined) => {
    if (id === undefined) return;
    setFocused(id);
    list.current?.querySelector<HTMLElement>(`[data-tab="${id}"]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || tabStop === undefined) return;
    const place = tabs.indexOf(tabStop);
    const target = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (target !== undefined) focusTab(tabs[(target + tabs.length) % tabs.length]);
    else if (event.key === 'Enter' || event.key === ' ') openTab(tabStop);
    else if (event.key === 'Delete') {
      focusTab(tabs[place + 1] ?? tabs[place - 1]);
      closeTab(tabStop);
    } else return;
    event.preventDefault();
  };

  return (
    <div className="flex min-w-0 flex-1 items-stretch">
      <div
        ref={list}
        role="tablist"
        aria-label="Sessions"
        onKeyDown={onKeyDown}
        onPointerDown={hold}
        onPointerMove={drag}
        onWheel={(event) => {
          // A wheel without a sideways axis scrolls the strip too.
          if (event.deltaX === 0) list.current?.scrollBy({ left: event.deltaY });
        }}
        className="flex min-w-0 items-stretch overflow-x-auto [&::-webkit-scrollbar]:hidden"
      >
        {tabs.map((id) => (
          <SessionTab key={id} id={id} selected={id === activeTab} tabStop={id === tabStop} onFocus={setFocused} />
        ))}
      </div>
      <IconButton
        label="New session"
        keys="Mod+N"
        className="no-drag mx-1 self-center"
        onClick={() => showNewSession()}
      >
        <Plus />
      </IconButton>
    </div>
  );
}
