import { Check } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Grant, GrantChoices } from '../../shared/ipc/contract.ts';
import type { RuleTerm } from '../../shared/permissions/rules.ts';
import { makeVisible } from '../../shared/visible.ts';
import { CodeText } from '../code/code-text.tsx';
import { Button } from '../ui/button.tsx';
import { Radios } from '../ui/radios.tsx';
import { isComposing } from '../ui/text-area.ts';
import { inputLook } from '../ui/text-field.tsx';
import { GrantArguments } from './grant-arguments.tsx';
import { GrantPreview } from './grant-preview.tsx';

const terms: { value: RuleTerm; label: string }[] = [
  { value: 'never', label: 'Until removed' },
  { value: 'hour', label: '1 hour' },
  { value: 'today', label: 'Today' },
];

const scopesFor = (isChild: boolean): { value: Grant['scope']; label: string }[] => [
  { value: 'session', label: isChild ? 'This child only' : 'This session' },
  { value: 'workspace', label: 'Workspace' },
  { value: 'user', label: 'Everywhere' },
];

export interface GrantFieldsProps {
  approvalId: string;
  /** The call is a child session's, whose own rules hold for it alone. */
  isChild: boolean;
  busy: boolean;
  choices: GrantChoices;
  onGrant: (grant: Grant) => void;
  onBack: () => void;
}

/** One tick and one editable rule for each part of the call; where and how long they hold; what they would have matched. */
export function GrantFields(props: GrantFieldsProps) {
  const [rows, setRows] = useState(() => props.choices.rules.map((rule) => ({ rule, ticked: true })));
  const [scope, setScope] = useState<Grant['scope']>('session');
  const [term, setTerm] = useState<RuleTerm>('never');
  const rules = rows.filter(({ ticked, rule }) => ticked && rule.trim() !== '').map(({ rule }) => rule.trim());
  const ready = rules.length > 0 && !props.busy;
  const grant = () => ready && props.onGrant({ rules, scope, term });
  const change = (place: number, changes: Partial<(typeof rows)[number]>) =>
    setRows(rows.map((row, other) => (other === place ? { ...row, ...changes } : row)));
  const one = rows.length === 1;
  const end = useRef<HTMLDivElement>(null);
  // The person asked for the form: all of it comes into sight.
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), []);
  return (
    <>
      <p className="text-sm text-muted">
        {one ? 'Allow without asking whatever matches this rule:' : 'Allow each of these commands without asking:'}
      </p>
      <ul className="flex flex-col gap-1">
        {rows.map(({ rule, ticked }, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule's place is its identity while its text changes
          <li key={place} className="flex items-center gap-2">
            {!one && (
              <input
                type="checkbox"
                aria-label={`Allow ${props.choices.rules[place]}`}
                checked={ticked}
                onChange={() => change(place, { ticked: !ticked })}
                className="size-3.5 shrink-0 accent-(--accent)"
              />
            )}
            <input
              aria-label={one ? 'Rule' : `Rule ${place + 1}`}
              // biome-ignore lint/a11y/noAutofocus: the person asked for this field
              autoFocus={place === 0}
              value={rule}
              disabled={!ticked}
              spellCheck={false}
              onChange={(event) => change(place, { rule: event.target.value })}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && !isComposing(event)) grant();
              }}
              className={`${inputLook} font-mono text-sm`}
            />
          </li>
        ))}
      </ul>
      {one && rows[0]?.ticked && props.choices.pairs && (
        <GrantArguments rule={rows[0].rule} pairs={props.choices.pairs} onChange={(rule) => change(0, { rule })} />
      )}
      <Covered parts={props.choices.covered ?? []} />
      {props.choices.reason !== undefined && (
        <p className="text-sm text-muted wrap-anywhere">
          <CodeText text={props.choices.reason} />
        </p>
      )}
      <Radios label="Where" value={scope} choices={scopesFor(props.isChild)} onChange={setScope} />
      <Radios label="How long" value={term} choices={terms} onChange={setTerm} />
      <GrantPreview approvalId={props.approvalId} rules={rules} scope={scope} />
      <div ref={end} className="flex scroll-mb-16 gap-2">
        <Button size="sm" variant="primary" busy={props.busy} disabled={!ready} onClick={grant}>
          {rules.length > 1 ? `Save ${rules.length} rules and allow` : 'Save rule and allow'}
        </Button>
        <Button size="sm" variant="ghost" onClick={props.onBack}>
          Back
        </Button>
      </div>
    </>
  );
}

/** What of the line needs no tick. */
function Covered({ parts }: { parts: NonNullable<GrantChoices['covered']> }) {
  if (parts.length === 0) return null;
  return (
    <div className="text-sm text-muted">
      <p aria-hidden="true">Already covered:</p>
      <ul aria-label="Already covered" className="flex flex-col gap-0.5">
        {parts.map(({ part, rule }) => (
          <li key={`${part} ${rule}`} className="flex items-baseline gap-1.5">
            <Check aria-hidden="true" className="size-3 shrink-0 self-center text-green" />
            <span className="selectable min-w-0 wrap-anywhere">
              <code className="font-mono text-text">{makeVisible(part)}</code>{' '}
              {rule === undefined ? (
                'by the mode'
              ) : (
                <>
                  by <code className="font-mono">{rule}</code>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
