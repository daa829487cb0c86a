import { useEffect, useState } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import type { FieldProblem } from '../../shared/errors.ts';
import { readEditing } from '../actions.ts';
import type { Draft } from '../schema-form/draft.ts';
import { type CallForm, callForm, editedArguments } from './call-form.ts';
import { useKept } from './use-kept.ts';

export interface EditingCall {
  /** Absent until it is known what the form is made of. */
  form: CallForm | undefined;
  problems: readonly FieldProblem[];
  change: (draft: Draft) => void;
  /** What to send: nothing while something is wrong, no arguments when they were not changed. */
  finish: () => { args?: unknown } | undefined;
}

/** The arguments while they are being changed; they outlive going back to the facts. */
export function useEditing(approval: QueuedApproval, open: boolean): EditingCall {
  const [form, setForm] = useKept<CallForm | undefined>(approval.id, 'form', () => undefined);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const wanted = open && form === undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is asked about never changes while it waits
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    void readEditing(approval.id).then((answer) => {
      if (current) setForm(callForm(approval, answer.ok ? answer.value : {}));
    });
    return () => {
      current = false;
    };
  }, [wanted]);
  return {
    form,
    problems,
    change: (draft) => {
      if (form) setForm({ ...form, draft });
      setProblems([]);
    },
    finish: () => {
      const edited = form && editedArguments(form, approval.args);
      if (edited && 'problems' in edited) setProblems(edited.problems);
      return edited && 'problems' in edited ? undefined : edited;
    },
  };
}
