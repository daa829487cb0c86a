import { useRef } from 'react';
import { sessionState } from '../state/replicas.ts';

/** Walks through the prompts that the person sent in this session: up is older, down newer, `''` past the newest. */
export function useRecall(sessionId: string): (step: 'older' | 'newer', text: string) => string | undefined {
  const shown = useRef<{ place: number; text: string }>(undefined);
  return (step, text) => {
    const walking = shown.current !== undefined && shown.current.text === text && text !== '';
    // What the person typed or changed is not history: it stays.
    if (!walking && (text !== '' || step === 'newer')) return undefined;
    const sent = (sessionState(sessionId)?.items ?? []).flatMap((item) =>
      item.kind === 'prompt' && item.by === 'person' ? [item.text] : [],
    );
    const from = walking ? (shown.current?.place ?? sent.length) : sent.length;
    const place = step === 'older' ? from - 1 : from + 1;
    if (place < 0) return undefined;
    const next = sent[place] ?? '';
    shown.current = { place, text: next };
    return next;
  };
}
