import { type FormEvent, useState } from 'react';
import type { Failure, Result } from '../../shared/errors.ts';
import type { RuleKind, RuleTerm } from '../../shared/permissions/rules.ts';
import { Radios } from '../approvals/grant-fields.tsx';
import { Button } from '../ui/button.tsx';
import { ownEscape } from '../ui/own-escape.ts';
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
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const place = places.find((choice) => choice.value === where)?.place ?? { source: 'user' };
    const result = await onSave({ kind, rule: rule.trim(), place, term });
    setBusy(false);
    if (result.ok) onClose();
    else setFailure(result.error);
  };
  return (
    <form
      aria-label={start ? 'Change rule' : 'Add rule'}
      onSubmit={(event) => void save(event)}
      {...ownEscape(onClose)}
      className="mb-2 flex flex-col gap-2 rounded-md border border-border bg-panel p-3"
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
        error={failure && `${failure.message} ${failure.hint ?? ''}`}
        hint="Such as Bash(npm test *), Edit(src/**), Read(~/notes/**), WebFetch(domain:example.com), mcp__server, mcp__server__tool(name:pattern)"
        className="[&_input]:font-mono [&_input]:text-sm"
      />
      {!start && (
        <>
          <Select label="Where" value={where} choices={places} onChange={setWhere} className="max-w-72" />
          <Radios label="How long" value={term} choices={termChoices} onChange={setTerm} />
        </>
      )}
      <div className="flex gap-2">
        <Button type="submit" size="sm" variant="primary" busy={busy} disabled={rule.trim() === ''}>
          {start ? 'Save' : 'Add rule'}
        </Button>
        <Button size="sm" variant="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
