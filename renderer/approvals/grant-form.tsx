import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import type { Answer } from '../../shared/ipc/contract.ts';
import { suggestRule } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { inputLook } from '../ui/text-field.tsx';
import { isComposing } from './text-area.ts';

export type Grant = NonNullable<Answer['grant']>;

export interface GrantFormProps {
  approvalId: string;
  busy: boolean;
  onGrant: (grant: Grant) => void;
  onBack: () => void;
}

type Suggestion = { rule?: string; reason?: string };

/** The rule that would make calls like this need no question: shown before it is saved, to be changed, with its reach. */
export function GrantForm({ approvalId, busy, onGrant, onBack }: GrantFormProps) {
  const [suggestion, setSuggestion] = useState<Suggestion>();
  useEffect(() => {
    let current = true;
    void suggestRule(approvalId).then((answer) => {
      if (current) setSuggestion(answer.ok ? answer.value : { reason: answer.error.message });
    });
    return () => {
      current = false;
    };
  }, [approvalId]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || isComposing(event)) return;
    event.preventDefault();
    event.stopPropagation();
    onBack();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is heard here for all fields inside
    <div className="flex flex-col gap-2 rounded-md border border-border bg-panel p-2.5" onKeyDown={onKeyDown}>
      {!suggestion ? (
        <p role="status" className="flex items-center gap-2 text-sm text-muted">
          <Spinner /> Looking for a rule…
        </p>
      ) : suggestion.rule === undefined ? (
        <NoRule reason={suggestion.reason ?? 'No rule would cover this call.'} onBack={onBack} />
      ) : (
        <RuleFields rule={suggestion.rule} note={suggestion.reason} busy={busy} onGrant={onGrant} onBack={onBack} />
      )}
    </div>
  );
}

function NoRule({ reason, onBack }: { reason: string; onBack: () => void }) {
  return (
    <>
      <p role="status" className="text-sm wrap-anywhere">
        {reason}
      </p>
      <Button size="sm" className="self-start" autoFocus onClick={onBack}>
        Back
      </Button>
    </>
  );
}

const scopes: { value: Grant['scope']; label: string }[] = [
  { value: 'session', label: 'This session' },
  { value: 'user', label: 'Everywhere' },
];

function RuleFields(props: {
  rule: string;
  note?: string;
  busy: boolean;
  onGrant: (grant: Grant) => void;
  onBack: () => void;
}) {
  const id = useId();
  const [rule, setRule] = useState(props.rule);
  const [scope, setScope] = useState<Grant['scope']>('session');
  const ready = rule.trim() !== '' && !props.busy;
  const grant = () => ready && props.onGrant({ rule: rule.trim(), scope });
  return (
    <>
      <label htmlFor={id} className="text-sm text-muted">
        Allow without asking whatever matches this rule
      </label>
      <input
        id={id}
        // biome-ignore lint/a11y/noAutofocus: the person asked for this field
        autoFocus
        value={rule}
        spellCheck={false}
        onChange={(event) => setRule(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !isComposing(event)) grant();
        }}
        className={`${inputLook} font-mono text-sm`}
      />
      {props.note !== undefined && <p className="text-sm text-muted wrap-anywhere">{props.note}</p>}
      <fieldset className="flex gap-4 text-sm">
        <legend className="sr-only">Where the rule holds</legend>
        {scopes.map(({ value, label }) => (
          <label key={value} className="inline-flex items-center gap-1.5">
            <input
              type="radio"
              name={`${id}-scope`}
              checked={scope === value}
              onChange={() => setScope(value)}
              className="accent-(--accent)"
            />
            {label}
          </label>
        ))}
      </fieldset>
      <div className="flex gap-2">
        <Button size="sm" variant="primary" busy={props.busy} disabled={!ready} onClick={grant}>
          Save rule and allow
        </Button>
        <Button size="sm" variant="ghost" onClick={props.onBack}>
          Back
        </Button>
      </div>
    </>
  );
}
