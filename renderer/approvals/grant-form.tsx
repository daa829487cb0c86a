import { type KeyboardEvent, useEffect, useState } from 'react';
import type { GrantChoices } from '../../shared/ipc/contract.ts';
import { suggestRule } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { isComposing } from '../ui/text-area.ts';
import { GrantFields, type GrantFieldsProps } from './grant-fields.tsx';

/** The rules that would make calls like this need no question: shown before they are saved, to be changed, with their reach. */
export function GrantForm({ onBack, ...props }: Omit<GrantFieldsProps, 'choices'>) {
  const { approvalId } = props;
  const [choices, setChoices] = useState<GrantChoices>();
  useEffect(() => {
    let current = true;
    void suggestRule(approvalId).then((answer) => {
      if (current) setChoices(answer.ok ? answer.value : { rules: [], reason: answer.error.message });
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
    <fieldset
      aria-label="Always allow"
      className="flex min-w-0 flex-col gap-2 rounded-md border border-border bg-panel p-2.5"
      onKeyDown={onKeyDown}
    >
      {!choices ? (
        <p role="status" className="flex items-center gap-2 text-sm text-muted">
          <Spinner /> Looking for a rule…
        </p>
      ) : choices.rules.length === 0 ? (
        <NoRule reason={choices.reason ?? 'No rule would cover this call.'} onBack={onBack} />
      ) : (
        <GrantFields {...props} choices={choices} onBack={onBack} />
      )}
    </fieldset>
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
