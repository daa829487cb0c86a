import { type FormEvent, useState } from 'react';
import type { SessionSummary } from '../../shared/app/state.ts';
import {
  alwaysAsk,
  asksNothing,
  confirmationInForce,
  isSameConfirmation,
} from '../../shared/permissions/confirmation.ts';
import { setConfirmation } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { askAbout } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogFooter } from '../ui/dialog.tsx';
import { draftOf, policyOfDraft, policyText } from './confirmation-draft.ts';
import { ConfirmationFields } from './confirmation-fields.tsx';
import { confirmationsAbove } from './in-force.ts';

const close = () => askAbout(undefined);

/** Who answers what rules and mode leave open in one session; holds at once, for what waits too. */
export function ConfirmationDialog({ session }: { session: SessionSummary }) {
  const above = confirmationsAbove(
    useApp((app) => app.sessions),
    session.id,
  );
  const inherited = confirmationInForce(undefined, above);
  const [draft, setDraft] = useState(() => draftOf(session.confirmation ?? inherited));
  const [busy, setBusy] = useState(false);
  const policy = policyOfDraft(draft);
  const inForce = policy && confirmationInForce(policy, above);
  const isChild = above.length > 0;
  const act = async (next: typeof policy) => {
    setBusy(true);
    const answer = await setConfirmation(session.id, next);
    setBusy(false);
    if (answer.ok) close();
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (policy) void act(policy);
  };
  return (
    <Dialog title="Confirmation" open onOpenChange={close} className="max-w-lg">
      <form onSubmit={save} className="flex min-h-0 flex-col">
        <div className="flex flex-col gap-4 overflow-y-auto p-4">
          <p className="text-sm text-muted">
            For <span className="font-medium text-text">{session.title}</span>, from now on and for what waits already.
          </p>
          <ConfirmationFields draft={draft} onChange={setDraft} autoFocus />
          {isChild && inForce && (
            <p role="status" className="rounded-md border border-border bg-panel px-3 py-2 text-sm text-muted">
              A child session is never laxer than those above it. In force: {policyText(inForce)}
            </p>
          )}
        </div>
        <DialogFooter>
          {session.confirmation !== undefined && (
            <Button variant="ghost" className="mr-auto" disabled={busy} onClick={() => void act(undefined)}>
              {isChild ? 'As the session above' : 'Ask always'}
            </Button>
          )}
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            variant={
              policy && asksNothing(policy) && !isSameConfirmation(policy, session.confirmation ?? alwaysAsk)
                ? 'danger'
                : 'primary'
            }
            busy={busy}
            disabled={!policy}
          >
            {inForce && asksNothing(inForce) ? 'Ask nothing' : 'Save'}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
