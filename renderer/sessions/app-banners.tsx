import { useShallow } from 'zustand/shallow';
import { dismissNotice } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { openTab, useUi } from '../state/ui-store.ts';
import { plural } from '../ui/amounts.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

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
      <RefusingStores />
      <UnsavedElsewhere />
    </>
  );
}

const storeWords: Record<string, string> = { file: 'The data folder', memory: 'The memory store' };

function RefusingStores() {
  const stores = useApp((app) => app.stores);
  return stores.map(
    ({ store, problem }) =>
      problem !== undefined && (
        <Banner
          key={store}
          level="error"
          hint="Free some space, or make the folder writable. Until then what you do is kept in memory and saving is tried again by itself; quitting now would lose it."
        >
          {storeWords[store] ?? `The store “${store}”`} cannot be written: {problem}
        </Banner>
      ),
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
