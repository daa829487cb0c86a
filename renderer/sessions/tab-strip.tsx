import { Plus } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { closeTab, openTab, showNewSession, useUi } from '../state/ui-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { SessionTab } from './session-tab.tsx';

/** The open sessions. Arrow keys move along the tabs, Enter shows one, Delete closes it. */
export function TabStrip() {
  const tabs = useUi((ui) => ui.tabs);
  const activeTab = useUi((ui) => ui.activeTab);
  const [focused, setFocused] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const tabStop = [focused, activeTab].find((id) => id !== undefined && tabs.includes(id)) ?? tabs[0];

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
