import clsx from 'clsx';
import { PanelLeft, PanelRight } from 'lucide-react';
import { useApp } from '../state/app-store.ts';
import { isInspectorShown, showInspector, toggleInspector, toggleSidebar, useUi } from '../state/ui-store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { isMac } from '../ui/key-names.ts';
import { StateDot } from '../ui/state-dot.tsx';
import { TabStrip } from './tab-strip.tsx';

export function TitleBar() {
  const sidebarOpen = useUi((ui) => ui.sidebarOpen);
  const inspectorShown = useUi(isInspectorShown);
  return (
    <header
      className={clsx(
        'flex h-[37px] shrink-0 items-stretch border-b border-border bg-panel pr-1.5 pl-1.5',
        // There the page draws the window's own title bar: it leaves room for the system's buttons and can be dragged.
        isMac && 'drag pl-20',
      )}
    >
      <h1 className="sr-only">Switchyard</h1>
      <IconButton
        label="Toggle session list"
        keys="Mod+B"
        aria-pressed={sidebarOpen}
        onClick={toggleSidebar}
        className="no-drag mr-1.5 self-center"
      >
        <PanelLeft />
      </IconButton>
      <div className="flex min-w-0 flex-1 border-l border-border">
        <TabStrip />
      </div>
      <div className="no-drag flex items-center gap-1 pl-1">
        <ApprovalsPill />
        <IconButton label="Toggle inspector" keys="Mod+." aria-pressed={inspectorShown} onClick={toggleInspector}>
          <PanelRight />
        </IconButton>
      </div>
    </header>
  );
}

/** How many approvals wait anywhere; gone when none does. */
function ApprovalsPill() {
  const waiting = useApp((app) => app.approvals.filter((approval) => !approval.deferred).length);
  if (waiting === 0) return null;
  return (
    <button
      type="button"
      onClick={() => showInspector('approvals')}
      className="flex h-6 items-center gap-1.5 rounded-full bg-amber-fill px-2.5 text-sm font-semibold text-on-amber hover:brightness-105 forced-colors:border"
    >
      <StateDot state="needsInput" className="[&_svg]:text-on-amber" />
      <span>Approvals {waiting}</span>
    </button>
  );
}
