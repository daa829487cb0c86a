import { useEffect, useState } from 'react';
import type { ContextPreview } from '../../shared/app/context-preview.ts';
import type { Failure } from '../../shared/errors.ts';
import { planOf } from '../../shared/session/context-plan.ts';
import type { SessionState } from '../../shared/session/state.ts';
import { previewContext } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';

/** Facts come in bursts; one look after each is enough. */
const settleMs = 150;

/** Changes whenever the next request may hold something else. */
function stampOf({ items, head }: SessionState): string {
  const { compactions, pinned, dropped } = planOf(head);
  const last = items.at(-1);
  return [
    items.length,
    JSON.stringify(head.line ?? ''),
    last?.kind === 'call' ? last.state : '',
    head.context?.used,
    head.config.maxContext,
    head.config.profileId,
    head.config.memoryLeftOut,
    compactions.map(({ id }) => id),
    pinned,
    dropped,
  ].join('|');
}

/** What the next request of a session would hold, kept up with it. The last one stays until the next is there. */
export function useContextPreview(sessionId: string): { preview?: ContextPreview; failure?: Failure } {
  const stamp = useSession(sessionId, stampOf);
  const skillsOff = useApp((app) => app.settings.skillsOff);
  const memory = useApp((app) => app.settings.memory);
  const [shown, setShown] = useState<{ preview?: ContextPreview; failure?: Failure }>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp is what the preview follows
  useEffect(() => {
    let isLast = true;
    const timer = setTimeout(async () => {
      const answer = await previewContext(sessionId);
      if (isLast) setShown(answer.ok ? { preview: answer.value } : { failure: answer.error });
    }, settleMs);
    return () => {
      isLast = false;
      clearTimeout(timer);
    };
  }, [sessionId, stamp, skillsOff, memory]);
  return shown;
}
