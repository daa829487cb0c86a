import { useEffect } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import type { Risk } from '../../shared/session/parts.ts';
import { assessEdited, readEditing } from '../actions.ts';
import type { Draft } from '../schema-form/draft.ts';
import type { CardPlace } from './approval-focus.ts';
import { callForm, editedArguments } from './call-form.ts';
import { cardDraft, changeDraft, useCardDraft } from './card-draft.ts';

export interface EditingCall {
  change: (draft: Draft) => void;
  /** What to send: nothing while something is wrong, no arguments when they were not changed. */
  finish: () => { args?: unknown } | undefined;
  /** How risky the call looks as it stands on the card, edited or not. */
  risk: Risk;
  /** The same for what was typed last, once that is known. */
  riskNow: () => Promise<Risk>;
}

/** The risk is looked at when typing has paused for so long, in milliseconds. */
const pauseMs = 300;

/** The arguments of a call while they are being changed, which all its cards do together. */
export function useEditing(approval: QueuedApproval, place: CardPlace): EditingCall {
  const { id } = approval;
  const { editing, form, assessed } = useCardDraft(id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked about never changes while it waits
  useEffect(() => {
    if (!editing || cardDraft(id).form) return;
    void readEditing(id).then((answer) => {
      if (!cardDraft(id).form) changeDraft(id, { form: callForm(approval, answer.ok ? answer.value : {}) });
    });
  }, [editing, id]);
  const draft = editing ? form?.draft : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was typed is what this follows
  useEffect(() => {
    if (draft === undefined) return;
    const timer = setTimeout(() => void assess(approval), pauseMs);
    return () => clearTimeout(timer);
  }, [draft, id]);
  return {
    change: (next) => {
      const { form: now } = cardDraft(id);
      if (now) changeDraft(id, { form: { ...now, draft: next }, refused: undefined });
    },
    finish: () => {
      const { form: now } = cardDraft(id);
      const edited = now && editedArguments(now, approval.args);
      if (!edited || !('problems' in edited)) return edited;
      changeDraft(id, { refused: { place, fields: edited.problems } });
      return undefined;
    },
    risk: (editing && assessed?.risk) || approval.risk,
    riskNow: () => assess(approval),
  };
}

/** The risk of the call as its cards show it now, looked up where that was not done yet. */
async function assess({ id, args, risk }: QueuedApproval): Promise<Risk> {
  const { editing, form, assessed } = cardDraft(id);
  if (!editing || !form) return risk;
  if (assessed?.of === form.draft) return assessed.risk;
  const edited = editedArguments(form, args);
  if ('problems' in edited) return assessed?.risk ?? risk;
  const answer = 'args' in edited ? await assessEdited(id, edited.args) : undefined;
  const found = answer?.ok ? (answer.value.risk ?? risk) : risk;
  if (cardDraft(id).form?.draft === form.draft) changeDraft(id, { assessed: { of: form.draft, risk: found } });
  return found;
}
