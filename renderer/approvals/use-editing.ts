import { useEffect } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { readEditing } from '../actions.ts';
import type { Draft } from '../schema-form/draft.ts';
import type { CardPlace } from './approval-focus.ts';
import { callForm, editedArguments } from './call-form.ts';
import { cardDraft, changeDraft } from './card-draft.ts';

export interface EditingCall {
  change: (draft: Draft) => void;
  /** What to send: nothing while something is wrong, no arguments when they were not changed. */
  finish: () => { args?: unknown } | undefined;
}

/** The arguments of a call while they are being changed, which all its cards do together. */
export function useEditing(approval: QueuedApproval, place: CardPlace, editing: boolean): EditingCall {
  const { id } = approval;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked about never changes while it waits
  useEffect(() => {
    if (!editing || cardDraft(id).form) return;
    void readEditing(id).then((answer) => {
      if (!cardDraft(id).form) changeDraft(id, { form: callForm(approval, answer.ok ? answer.value : {}) });
    });
  }, [editing, id]);
  return {
    change: (draft) => {
      const { form } = cardDraft(id);
      if (form) changeDraft(id, { form: { ...form, draft }, refused: undefined });
    },
    finish: () => {
      const { form } = cardDraft(id);
      const edited = form && editedArguments(form, approval.args);
      if (!edited || !('problems' in edited)) return edited;
      changeDraft(id, { refused: { place, fields: edited.problems } });
      return undefined;
    },
  };
}
