import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { FieldProblem } from '../../shared/errors.ts';
import { type Draft, isGroupDraft, pathKey, problemsByPlace } from '../schema-form/draft.ts';
import { FieldControl, FieldTexts } from '../schema-form/field-control.tsx';
import { GroupMembers } from '../schema-form/schema-form.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { isComposing } from '../ui/text-area.ts';
import { type CallForm, withMember } from './call-form.ts';
import { CompareFields } from './compare-fields.tsx';

export interface EditFormProps {
  form: CallForm | undefined;
  problems: readonly FieldProblem[];
  /** The part that one most likely wants to change takes the focus when it appears. */
  focus: boolean;
  /** The problems came up on this card: the first of them takes the focus. */
  refusedHere: boolean;
  change: (draft: Draft) => void;
  /** The words of the button that allows. */
  allow: string;
  onAllow: () => void;
  onBack: () => void;
}

/** The arguments as fields. Ctrl/Cmd+Enter allows what they say, Escape goes back to the card. */
export function EditForm(props: EditFormProps) {
  const { form, problems, focus, refusedHere, change, allow, onAllow, onBack } = props;
  const fields = useRef<HTMLFieldSetElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!event.repeat) onAllow();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onBack();
    }
  };
  const seen = useRef(problems);
  useEffect(() => {
    if (seen.current === problems) return;
    seen.current = problems;
    if (refusedHere) fields.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [problems, refusedHere]);
  return (
    <fieldset ref={fields} aria-label="Edit the call" className="flex min-w-0 flex-col gap-2" onKeyDown={onKeyDown}>
      {form ? (
        <Parts
          form={form}
          problems={problemsByPlace(form.field, form.draft, problems)}
          focus={focus ? form.focus : undefined}
          change={change}
        />
      ) : (
        <p role="status" className="late flex items-center gap-2 text-sm text-muted">
          <Spinner /> Reading what it would change…
        </p>
      )}
      <p className="text-sm text-muted">“{allow}” goes by what stands here; it is checked again first.</p>
    </fieldset>
  );
}

interface PartsProps {
  form: CallForm;
  problems: ReadonlyMap<string, string>;
  focus: string | undefined;
  change: (draft: Draft) => void;
}

function Parts({ form, problems, focus, change }: PartsProps) {
  const { field, draft, compare } = form;
  if (field.kind !== 'group' || !isGroupDraft(draft)) {
    return (
      <FieldControl
        field={field}
        draft={draft}
        path={[]}
        label="Arguments"
        problems={problems}
        focus={focus}
        onChange={change}
      />
    );
  }
  const oldName = compare && 'argument' in compare.before ? compare.before.argument : undefined;
  return (
    <>
      <FieldTexts problem={problems.get(pathKey([]))} />
      <GroupMembers
        members={field.members}
        draft={draft}
        path={[]}
        problems={problems}
        focus={focus}
        onChange={change}
        instead={({ name }) => {
          if (name === oldName) return null;
          if (!compare || name !== compare.after) return undefined;
          return (
            <Compared key={name} form={form} compare={compare} problems={problems} focus={focus} change={change} />
          );
        }}
      />
    </>
  );
}

/** The new text beside the old one, be that another argument or what is on disk; alone where nothing can stand beside it. */
function Compared(props: PartsProps & { compare: NonNullable<CallForm['compare']> }) {
  const { form, compare, problems, focus, change } = props;
  const { draft } = form;
  const { after, before } = compare;
  const textOf = (name: string) => (isGroupDraft(draft) ? String(draft[name] ?? '') : '');
  const argument = (name: string) => {
    const key = pathKey([name]);
    return {
      label: name,
      text: textOf(name),
      part: key,
      autoFocus: focus === key,
      problem: problems.get(key),
      onChange: (text: string) => change(withMember(draft, name, text)),
    };
  };
  if ('argument' in before) return <CompareFields before={argument(before.argument)} after={argument(after)} />;
  if ('text' in before) {
    return (
      <CompareFields before={{ label: `${before.path} on disk now`, text: before.text }} after={argument(after)} />
    );
  }
  return (
    <>
      <p className="text-sm text-amber wrap-anywhere">{before.note}</p>
      <FieldControl
        field={{ kind: 'text' }}
        draft={textOf(after)}
        path={[after]}
        label={after}
        problems={problems}
        focus={focus}
        onChange={(next) => change(withMember(draft, after, String(next)))}
      />
    </>
  );
}
