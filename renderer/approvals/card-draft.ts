import { create } from 'zustand';
import type { Failure, FieldProblem } from '../../shared/errors.ts';
import type { Risk } from '../../shared/session/parts.ts';
import type { Draft } from '../schema-form/draft.ts';
import type { CardPlace } from './approval-focus.ts';
import type { CallForm } from './call-form.ts';

/** What a person has made of an approval and not sent yet: one for all cards that show it, so that each of them would send the same. */
export interface CardDraft {
  /** The cards show the call as it is being changed, and allow it that way. */
  editing: boolean;
  /** The arguments as they are being changed; they outlive going back to the facts. */
  form: CallForm | undefined;
  /** How risky the call is as it is being changed; `of` is the state of the form that was looked at. */
  assessed: { of: Draft; risk: Risk } | undefined;
  comment: string;
  /** Why the last try sent nothing or was refused, and on which card that was. */
  refused: { place: CardPlace; fields: readonly FieldProblem[]; failure?: Failure } | undefined;
}

const untouched: CardDraft = {
  editing: false,
  form: undefined,
  assessed: undefined,
  comment: '',
  refused: undefined,
};

const useDrafts = create<{ readonly [approvalId: string]: CardDraft }>()(() => ({}));

export const useCardDraft = (approvalId: string): CardDraft => useDrafts((drafts) => drafts[approvalId] ?? untouched);

export const cardDraft = (approvalId: string): CardDraft => useDrafts.getState()[approvalId] ?? untouched;

export const changeDraft = (approvalId: string, changes: Partial<CardDraft>): void =>
  useDrafts.setState({ [approvalId]: { ...cardDraft(approvalId), ...changes } });

/** Lets go of what belonged to approvals that are no more. */
export function forgetDrafts(isThere: (approvalId: string) => boolean): void {
  const drafts = Object.entries(useDrafts.getState());
  if (!drafts.every(([id]) => isThere(id))) {
    useDrafts.setState(Object.fromEntries(drafts.filter(([id]) => isThere(id))), true);
  }
}
