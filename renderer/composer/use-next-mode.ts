import { useEffect, useRef } from 'react';
import type { Mode } from '../../shared/session/config.ts';
import { setMode } from '../actions.ts';
import { nextMode } from './modes.ts';

/**
 * Steps the session to its next mode. Presses that come faster than main answers each count:
 * a step starts from the mode last asked for until that one is there, or was refused.
 */
export function useNextMode(sessionId: string, mode: Mode): () => void {
  const shown = useRef(mode);
  const asked = useRef<Mode | undefined>(undefined);
  useEffect(() => {
    shown.current = mode;
    if (asked.current === mode) asked.current = undefined;
  }, [mode]);
  return () => {
    const next = nextMode(asked.current ?? mode);
    asked.current = next;
    void setMode(sessionId, next).then(({ ok }) => {
      if (asked.current === next && (!ok || shown.current === next)) asked.current = undefined;
    });
  };
}
