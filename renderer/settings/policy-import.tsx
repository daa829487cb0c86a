import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../../shared/errors.ts';
import type { PolicyFile } from '../../shared/permissions/policy-file.ts';
import { type RuleKind, ruleKinds } from '../../shared/permissions/rules.ts';
import { addRules, changeSettings } from '../actions.ts';
import { policyText } from '../confirmation/confirmation-draft.ts';
import { modeLabel } from '../sessions/mode-text.ts';
import { Button } from '../ui/button.tsx';
import { Chip, type Tone } from '../ui/chip.tsx';
import { ownEscape } from '../ui/own-escape.ts';
import { Select } from '../ui/select.tsx';
import { toast } from '../ui/toast-store.ts';
import { usePlaces } from './rule-places.ts';

const tones: Record<RuleKind, Tone> = { deny: 'red', ask: 'amber', allow: 'green' };

/** What a policy file comes to, to be looked at before any of it is taken over. */
export function PolicyImport({ file, onClose }: { file: PolicyFile; onClose: () => void }) {
  const places = usePlaces();
  const [where, setWhere] = useState('user');
  const [withMode, setWithMode] = useState(false);
  const [withConfirmation, setWithConfirmation] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const whole = useRef<HTMLFieldSetElement>(null);
  // From its top: what is taken over is read first.
  useEffect(() => whole.current?.focus(), []);
  const rules = ruleKinds.flatMap((kind) => file.rules[kind].map((text) => ({ kind, text })));
  const { mode, confirmation } = file;
  const settings = {
    ...(mode && withMode ? { defaultMode: mode } : {}),
    ...(confirmation && withConfirmation ? { defaultConfirmation: confirmation } : {}),
  };
  const nothing = rules.length === 0 && Object.keys(settings).length === 0;
  const save = async () => {
    setBusy(true);
    const place = places.find((choice) => choice.value === where)?.place ?? { source: 'user' as const };
    const added = rules.length > 0 ? await addRules({ place, rules: file.rules }) : undefined;
    const changed =
      added?.ok === false ? added : Object.keys(settings).length > 0 ? await changeSettings(settings) : added;
    setBusy(false);
    if (changed?.ok === false) return setFailure(changed.error);
    toast({ level: 'info', text: `${added?.ok ? added.value.added : 0} rules added from the file.` });
    onClose();
  };
  return (
    <fieldset
      ref={whole}
      tabIndex={-1}
      aria-label="Policy from a file"
      {...ownEscape(onClose)}
      className="mb-2 flex min-w-0 flex-col gap-3 rounded-md border border-border bg-panel p-3"
    >
      {rules.length === 0 ? (
        <p className="text-sm text-muted">The file holds no rules.</p>
      ) : (
        <ul aria-label="Rules of the file" className="flex max-h-48 flex-col gap-1 overflow-y-auto">
          {rules.map(({ kind, text }) => (
            <li key={`${kind} ${text}`} className="flex items-center gap-2">
              <Chip tone={tones[kind]} className="w-12 justify-center">
                {kind}
              </Chip>
              <code className="selectable min-w-0 font-mono text-sm wrap-anywhere">{text}</code>
            </li>
          ))}
        </ul>
      )}
      {file.notes.length > 0 && (
        <ul aria-label="What is different here" className="list-disc pl-4 text-sm text-muted marker:text-faint">
          {file.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {mode && (
        <Tick checked={withMode} onChange={setWithMode}>
          Default mode of new sessions: {modeLabel(mode)}
        </Tick>
      )}
      {confirmation && (
        <Tick checked={withConfirmation} onChange={setWithConfirmation}>
          Confirmation of new sessions: {policyText(confirmation)}
        </Tick>
      )}
      {rules.length > 0 && (
        <Select label="Where" value={where} choices={places} onChange={setWhere} className="max-w-72" />
      )}
      {failure && (
        <p role="alert" className="text-sm text-red wrap-anywhere">
          {failure.message} {failure.hint}
        </p>
      )}
      <div className="flex gap-2">
        <Button size="sm" variant="primary" busy={busy} disabled={nothing} onClick={() => void save()}>
          {rules.length > 0 ? `Add ${rules.length === 1 ? '1 rule' : `${rules.length} rules`}` : 'Take over'}
        </Button>
        <Button size="sm" variant="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </fieldset>
  );
}

/** Off at first: what would make new sessions laxer is chosen, not swept along. */
const Tick = (props: { checked: boolean; onChange: (checked: boolean) => void; children: React.ReactNode }) => (
  <label className="flex items-start gap-2 text-sm">
    <input
      type="checkbox"
      checked={props.checked}
      onChange={(event) => props.onChange(event.target.checked)}
      className="mt-[3px] size-3.5 shrink-0 accent-(--accent)"
    />
    <span>{props.children}</span>
  </label>
);
