import { useState } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import type { Failure, Result } from '../../shared/errors.ts';
import type { Answer } from '../../shared/ipc/contract.ts';
import { answerApproval, deferApproval } from '../actions.ts';
import { offerUndo } from './granted-toast.ts';

export interface Answering {
  /** An answer is on its way; it stays so after a success, for the card goes as soon as the fact arrives. */
  busy: boolean;
  failure: Failure | undefined;
  answer: (answer: Omit<Answer, 'id' | 'shownHash'>) => Promise<void>;
  defer: (deferred: boolean) => Promise<void>;
  /** Lets go of a refusal that no longer says anything. */
  clear: () => void;
}

/** Answers an approval with the hash of what its card shows; a refusal comes back and the card stays. */
export function useAnswer({ id, hash }: Pick<QueuedApproval, 'id' | 'hash'>): Answering {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const send = async (request: () => Promise<Result<unknown>>, settles: boolean) => {
    setBusy(true);
    setFailure(undefined);
    const result = await request();
    if (!result.ok) setFailure(result.error);
    if (!result.ok || !settles) setBusy(false);
  };
  return {
    busy,
    failure,
    clear: () => setFailure(undefined),
    answer: (answer) =>
      send(async () => {
        const result = await answerApproval({ ...answer, id, shownHash: hash });
        if (result.ok && result.value.granted) offerUndo(result.value.granted);
        return result;
      }, true),
    defer: (deferred) => send(() => deferApproval(id, deferred), false),
  };
}
