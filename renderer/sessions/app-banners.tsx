import { useShallow } from 'zustand/shallow';
import { dismissNotice } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { openTab, useUi } from '../state/ui-store.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { plural } from './status-text.ts';

/** Notices of the whole workbench, above everything. */
export function AppBanners() {
  const notices = useApp((app) => app.notices);
  return (
    <>
      {notices.map(({ id, level, text, hint }) => (
        <Banner key={id} level={level} hint={hint} onDismiss={() => void dismissNotice(id)}>
          {text}
        </Banner>
      ))}
      <UnsavedElsewhere />
    </>
  );
}

/** The shown session says by itself that it is unsaved; others would go unnoticed. */
function UnsavedElsewhere() {
  const activeTab = useUi((ui) => ui.activeTab);
  const unsaved = useApp(
    useShallow((app) =>
      Object.values(app.sessions).filter((session) => session.unsaved !== undefined && session.id !== activeTab),
    ),
  );
  const first = unsaved[0];
  if (!first) return null;
  return (
    <Banner
      level="error"
      actions={
        <Button size="sm" onClick={() => openTab(first.id)}>
          Show
        </Button>
      }
    >
      {unsaved.length === 1
        ? `“${first.title}” is not saved: `
        : `${plural(unsaved.length, 'session')} are not saved: `}
      {first.unsaved}
    </Banner>
  );
}
