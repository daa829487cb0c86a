import { type FormEvent, useState } from 'react';
import type { SessionSummary } from '../../shared/app/state.ts';
import type { BudgetMeasure, BudgetScope } from '../../shared/session/budget.ts';
import { setBudget } from '../actions.ts';
import { useSession } from '../state/replicas.ts';
import { askAbout } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogFooter } from '../ui/dialog.tsx';
import { TextField } from '../ui/text-field.tsx';
import { type BudgetTexts, budgetOf, budgetTexts } from './budget-texts.ts';

const fields: [BudgetMeasure, string][] = [
  ['tokens', 'Tokens'],
  ['cost', 'US dollars'],
  ['turns', 'Turns'],
  ['minutes', 'Minutes'],
];

const scopes: [BudgetScope, string][] = [
  ['session', 'This session alone'],
  ['tree', 'This session and its children together'],
];

const close = () => askAbout(undefined);

/** Limits of one session; an empty field is no limit. */
export function BudgetDialog({ session }: { session: SessionSummary }) {
  const budget = useSession(session.id, (state) => state.head.config.budget);
  const [texts, setTexts] = useState(() => budgetTexts(budget));
  const [busy, setBusy] = useState(false);
  const parsed = budgetOf(texts);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!parsed.budget) return;
    setBusy(true);
    const answer = await setBudget(session.id, parsed.budget);
    setBusy(false);
    if (answer.ok) close();
  };
  return (
    <Dialog title="Budget" open onOpenChange={close} className="max-w-md">
      <form onSubmit={(event) => void save(event)} className="flex min-h-0 flex-col">
        <div className="flex flex-col gap-4 overflow-y-auto p-4">
          <p className="text-sm text-muted">
            When one of these is used up, the run waits before its next turn and asks whether to go on. Minutes leave
            out the time spent waiting.
          </p>
          {scopes.map(([scope, title], place) => (
            <fieldset key={scope}>
              <legend className="mb-1.5 text-sm font-medium text-muted">{title}</legend>
              <div className="grid grid-cols-4 gap-2">
                {fields.map(([measure, label]) => (
                  <BudgetField
                    key={measure}
                    label={label}
                    autoFocus={place === 0 && measure === 'tokens'}
                    value={texts[scope][measure]}
                    wrong={parsed.wrong.includes(`${scope}.${measure}`)}
                    onChange={(text) => setTexts(changed(texts, scope, measure, text))}
                  />
                ))}
              </div>
            </fieldset>
          ))}
          {parsed.wrong.length > 0 && (
            <p role="alert" className="text-sm text-red">
              A limit is a number above 0; turns and tokens are whole numbers.
            </p>
          )}
        </div>
        <DialogFooter>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={!parsed.budget}>
            Save
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

const changed = (texts: BudgetTexts, scope: BudgetScope, measure: BudgetMeasure, text: string): BudgetTexts => ({
  ...texts,
  [scope]: { ...texts[scope], [measure]: text },
});

function BudgetField(props: {
  label: string;
  value: string;
  wrong: boolean;
  autoFocus: boolean;
  onChange: (text: string) => void;
}) {
  return (
    <TextField
      label={props.label}
      inputMode="decimal"
      placeholder="none"
      value={props.value}
      autoFocus={props.autoFocus}
      aria-invalid={props.wrong || undefined}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}
