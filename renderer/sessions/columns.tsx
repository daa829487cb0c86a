import { useDeferredValue, useEffect } from 'react';
import { Group, Panel, usePanelRef } from 'react-resizable-panels';
import { useShallow } from 'zustand/shallow';
import { Inspector } from '../inspector/inspector.tsx';
import { dropInspector, setNarrow, setPanes, useUi } from '../state/ui-store.ts';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { SplitHandle } from '../ui/split.tsx';
import { SessionView } from './session-view.tsx';
import { Sidebar } from './sidebar.tsx';
import { Welcome } from './welcome.tsx';

const narrowQuery = '(max-width: 999px)';

/** Session list, centre and inspector side by side; in a narrow window the inspector lies over the centre. */
export function Columns() {
  const { sidebarOpen, inspectorOpen, narrow, inspectorOver, panes } = useUi(
    useShallow(({ sidebarOpen, inspectorOpen, narrow, inspectorOver, panes }) => ({
      sidebarOpen,
      inspectorOpen,
      narrow,
      inspectorOver,
      panes,
    })),
  );
  const sidebar = usePanelRef();
  const inspector = usePanelRef();
  // What stands beside it comes right behind the session: writing can begin sooner.
  const beside = useDeferredValue(true, false);
  useNarrow();

  const keepWidths = (_layout: unknown, meta: { isUserInteraction: boolean }) => {
    if (!meta.isUserInteraction) return;
    const widths: Record<string, number> = {};
    if (sidebar.current) widths.sidebar = Math.round(sidebar.current.getSize().inPixels);
    if (inspector.current) widths.inspector = Math.round(inspector.current.getSize().inPixels);
    setPanes(widths);
  };

  return (
    <main className="relative min-h-0 flex-1">
      <Group onLayoutChanged={keepWidths} className="h-full">
        {sidebarOpen && (
          <>
            <Panel
              id="sidebar"
              panelRef={sidebar}
              defaultSize={panes.sidebar ?? 264}
              minSize={200}
              maxSize={480}
              groupResizeBehavior="preserve-pixel-size"
            >
              <ErrorBoundary what="The session list">{beside && <Sidebar />}</ErrorBoundary>
            </Panel>
            <SplitHandle label="Width of the session list" />
          </>
        )}
        <Panel id="centre" minSize={360}>
          <div className="h-full min-w-0" onPointerDown={narrow && inspectorOver ? dropInspector : undefined}>
            <Centre />
          </div>
        </Panel>
        {inspectorOpen && !narrow && (
          <>
            <SplitHandle label="Width of the inspector" />
            <Panel
              id="inspector"
              panelRef={inspector}
              defaultSize={panes.inspector ?? 380}
              minSize={280}
              maxSize={900}
              groupResizeBehavior="preserve-pixel-size"
            >
              {beside && <InspectorColumn />}
            </Panel>
          </>
        )}
      </Group>
      {narrow && inspectorOver && (
        <div className="fade absolute inset-y-0 right-0 w-[min(400px,100%)] border-l border-border shadow-pop">
          <InspectorColumn />
        </div>
      )}
    </main>
  );
}

function Centre() {
  const activeTab = useUi((ui) => ui.activeTab);
  return activeTab === undefined ? <Welcome /> : <SessionView key={activeTab} id={activeTab} />;
}

function InspectorColumn() {
  const activeTab = useUi((ui) => ui.activeTab);
  return (
    <section aria-label="Inspector" className="h-full bg-panel">
      <h2 className="sr-only">Inspector</h2>
      <ErrorBoundary what="The inspector">
        <Inspector sessionId={activeTab} />
      </ErrorBoundary>
    </section>
  );
}

function useNarrow(): void {
  useEffect(() => {
    const media = matchMedia(narrowQuery);
    const follow = () => setNarrow(media.matches);
    follow();
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, []);
}
