import { useEffect, useState } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import type { Detail } from '../../shared/session/parts.ts';
import { lookAgain } from '../actions.ts';

/** How often a card in sight looks whether the files it is about have changed, in milliseconds. */
const everyMs = 3000;

/**
 * How a waiting call looks by now, where files changed since it was asked; `seenAt` is when that came up, in milliseconds of the page's
 * clock. Cards look while they are in sight and the window is, and at once when it is looked at again.
 */
export function useFreshLook({ id, kind, detail }: Pick<QueuedApproval, 'id' | 'kind' | 'detail'>) {
  const [fresh, setFresh] = useState<{ detail: Detail; text: string; seenAt: number }>();
  const isAboutFiles = kind === 'call' && (detail.type === 'diff' || detail.type === 'path');
  useEffect(() => {
    if (!isAboutFiles) return;
    let current = true;
    const look = async () => {
      if (document.visibilityState === 'hidden') return;
      const answer = await lookAgain(id);
      if (!current || !answer.ok) return;
      const { detail: now } = answer.value;
      const text = JSON.stringify(now) ?? '';
      setFresh((old) => {
        if (old?.text === text || (!old && !now)) return old;
        return now && { detail: now, text, seenAt: performance.now() };
      });
    };
    void look();
    const timer = setInterval(() => void look(), everyMs);
    window.addEventListener('focus', look);
    return () => {
      current = false;
      clearInterval(timer);
      window.removeEventListener('focus', look);
    };
  }, [id, isAboutFiles]);
  return fresh;
}
