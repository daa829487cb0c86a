import { useState } from 'react';
import { type Failure, failureText, type Result } from '../../shared/errors.ts';
import type { RuleKind, RuleTerm } from '../../shared/permissions/rules.ts';
import { InlineForm } from '../ui/inline-form.tsx';
import { Radios } from '../ui/radios.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type PlaceChoice, usePlaces } from './rule-places.ts';

export interface RuleDraft {
  kind: RuleKind;
  rule: string;
  place: PlaceChoice['place'];
  term: RuleTerm;
}

export interface RuleFormProps {
  /** The rule to change, which keeps its place and its end; absent for a new one. */
  start?: { kind: RuleKind; rule: string };
  onSave: (draft: RuleDraft) => Promise<Result<unknown>>;
  onClose: () => void;
}

const kindChoices: { value: RuleKind; label: string }[] = [
  { value: 'allow', label: 'Allow' },
  { value: 'ask', label: 'Ask' },
  { value: 'deny', label: 'Deny' },
];

const termChoices: { value: RuleTerm; label: string }[] = [
  { value: 'never', label: 'Until removed' },
  { value: 'hour', label: '1 hour' },
  { value: 'today', label: 'Today' },
];

/** A new rule, or another text for one. What is wrong with it is said below its field; nothing is saved then. */
export function RuleForm({ start, onSave, onClose }: RuleFormProps) {
  const places = usePlaces();
  const [kind, setKind] = useState<RuleKind>(start?.kind ?? 'allow');
  const [rule, setRule] = useState(start?.rule ?? '');
  const [where, setWhere] = useState('user');
  const [term, setTerm] = useState<RuleTerm>('never');
  const [failure, setFailure] = useState<Failure>();
  const save = async () => {
    const place = places.find((choice) => choice.value === where)?.place ?? { source: 'user' };
    const result = await onSave({ kind, rule: rule.trim(), place, term });
    if (result.ok) onClose();
    else setFailure(result.error);
  };
  return (
    <InlineForm
      label={start ? 'Change rule' : 'Add rule'}
      action={start ? 'Save' : 'Add rule'}
      ready={rule.trim() !== ''}
      onSubmit={save}
      onCancel={onClose}
      className="mb-2 gap-2"
    >
      <Radios label="What" value={kind} choices={kindChoices} onChange={setKind} />
      <TextField
        label="Rule"
        value={rule}
        autoFocus
        placeholder="Bash(npm test *)"
        onChange={(event) => {
          setRule(event.target.value);
          setFailure(undefined);
        }}
        error={failure && failureText(failure)}
        hint="Such as Bash(npm test *), Edit(src/**), Read(~/notes/**), WebFetch(domain:example.com), mcp__server, mcp__server__tool(name:pattern)"
        className="[&_input]:font-mono [&_input]:text-sm"
      />
      {!start && (
        <>
          <Select label="Where" value={where} choices={places} onChange={setWhere} className="max-w-72" />
          <Radios label="How long" value={term} choices={termChoices} onChange={setTerm} />
        </>
      )}
    </InlineForm>
  );
}
