import { useEffect, useState } from 'react';
import type { Failure } from '../../shared/errors.ts';
import type { SearchAnswer } from '../../shared/ipc/contract.ts';
import { searchTranscripts } from '../actions.ts';

/** A question is asked when the typing has paused, and again while sessions are still being read. */
const pauseMs = 120;
const againMs = 400;

export interface Searching {
  answer: SearchAnswer | undefined;
  failure: Failure | undefined;
  busy: boolean;
}

/** What the transcripts hold for a text; keeps the last answer until the next is there. */
export function useSearch(text: string): Searching {
  const [state, setState] = useState<Searching>({ answer: undefined, failure: undefined, busy: false });
  const wanted = text.trim();
  useEffect(() => {
    if (wanted === '') return setState({ answer: undefined, failure: undefined, busy: false });
    let timer: ReturnType<typeof setTimeout>;
    let gone = false;
    const ask = async () => {
      const result = await searchTranscripts(wanted);
      if (gone) return;
      if (!result.ok) return setState({ answer: undefined, failure: result.error, busy: false });
      const more = result.value.indexing !== undefined;
      setState({ answer: result.value, failure: undefined, busy: more });
      if (more) timer = setTimeout(() => void ask(), againMs);
    };
    setState((now) => ({ ...now, busy: true }));
    timer = setTimeout(() => void ask(), pauseMs);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return state;
}
