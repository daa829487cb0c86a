import { useState } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import type { Result } from '../../shared/errors.ts';
import type { Answer } from '../../shared/ipc/contract.ts';
import { answerApproval, deferApproval } from '../actions.ts';
import type { CardPlace } from './approval-focus.ts';
import { changeDraft } from './card-draft.ts';
import { offerUndo } from './granted-toast.ts';

export interface Answering {
  /** An answer is on its way; it stays so after a success, for the card goes as soon as the fact arrives. */
  busy: boolean;
  answer: (answer: Omit<Answer, 'id' | 'shownHash'>) => Promise<void>;
  defer: (deferred: boolean) => Promise<void>;
}

/** Answers an approval with the hash of what its card shows; a refusal goes into the approval's draft and the card stays. */
export function useAnswer({ id, hash }: Pick<QueuedApproval, 'id' | 'hash'>, place: CardPlace): Answering {
  const [busy, setBusy] = useState(false);
  const send = async (request: () => Promise<Result<unknown>>, settles: boolean) => {
    setBusy(true);
    changeDraft(id, { refused: undefined });
    const result = await request();
    if (!result.ok) {
      changeDraft(id, { refused: { place, fields: result.error.fields ?? [], failure: result.error } });
    }
    if (!result.ok || !settles) setBusy(false);
  };
  return {
    busy,
    answer: (answer) =>
      send(async () => {
        const result = await answerApproval({ ...answer, id, shownHash: hash });
        if (result.ok && result.value.granted) offerUndo(result.value.granted);
        return result;
      }, true),
    defer: (deferred) => send(() => deferApproval(id, deferred), false),
  };
}
