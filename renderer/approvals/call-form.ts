import type { QueuedApproval } from '../../shared/app/state.ts';
import type { Comparison, Editing } from '../../shared/approvals/editing.ts';
import type { FieldProblem } from '../../shared/errors.ts';
import { type Draft, draftOf, isGroupDraft, pathKey, readDraft } from '../schema-form/draft.ts';
import { type Field, fieldOf } from '../schema-form/field.ts';
import { shownArgument } from '../transcript/arguments-text.ts';

/** A call's arguments as a form: how each is edited, and which two texts are compared. */
export interface CallForm {
  field: Field;
  draft: Draft;
  compare?: Comparison;
  /** The key of the part that one most likely wants to change. */
  focus: string;
}

/** Arguments without a schema, or that are no object, are one text of JSON. */
export function callForm(
  { args, detail }: Pick<QueuedApproval, 'args' | 'detail'>,
  { schema, compare }: Editing,
): CallForm {
  const bySchema = fieldOf(schema, args);
  const field: Field = bySchema.kind === 'group' ? bySchema : { kind: 'json' };
  const draft = draftOf(field, args);
  const usable = compare !== undefined && isText(field, draft, compare.after) && hasBefore(field, draft, compare);
  const first = usable
    ? compare.after
    : (shownArgument(detail, args) ?? (isGroupDraft(draft) ? Object.keys(draft)[0] : undefined));
  return { field, draft, ...(usable ? { compare } : {}), focus: pathKey(first === undefined ? [] : [first]) };
}

const isText = (field: Field, draft: Draft, name: string): boolean =>
  field.kind === 'group' &&
  isGroupDraft(draft) &&
  typeof draft[name] === 'string' &&
  field.members.some((member) => member.name === name && member.field.kind === 'text');

const hasBefore = (field: Field, draft: Draft, { before }: Comparison): boolean =>
  !('argument' in before) || isText(field, draft, before.argument);

/** What to send for a form: no arguments when they say what they said before. */
export function editedArguments(form: CallForm, args: unknown): { args?: unknown } | { problems: FieldProblem[] } {
  const read = readDraft(form.field, form.draft);
  if ('problems' in read) return read;
  return sameValue(read.value, args) ? {} : { args: read.value };
}

/** True when a form says something else than the call, if only something that cannot be sent. */
export const callIsChanged = (form: CallForm, args: unknown): boolean => {
  const edited = editedArguments(form, args);
  return 'args' in edited || 'problems' in edited;
};

/** Whether two values say the same as JSON, in whatever order. */
export function sameValue(a: unknown, b: unknown): boolean {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
        : inner,
    ) ?? '';
  return text(a) === text(b);
}

/** The draft with another text at a member of it. */
export const withMember = (draft: Draft, name: string, text: string): Draft =>
  isGroupDraft(draft) ? { ...draft, [name]: text } : draft;
