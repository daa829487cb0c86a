import { useReplicas } from './replicas.ts';
import { useUi } from './ui-store.ts';

/** Resolves when the session that is shown, if any, is there or could not be had. */
export function shownSession(): Promise<void> {
  const { activeTab } = useUi.getState();
  const isLoading = () => activeTab !== undefined && useReplicas.getState().replicas[activeTab]?.phase === 'loading';
  return new Promise((resolve) => {
    if (!isLoading()) return resolve();
    const end = useReplicas.subscribe(() => {
      if (isLoading()) return;
      end();
      resolve();
    });
  });
}
