import { type FormEvent, useState } from 'react';
import { changeSettings } from '../actions.ts';
import { PageSection } from '../settings/page-parts.tsx';
import { useApp } from '../state/app-store.ts';
import { Button } from '../ui/button.tsx';
import { ownEscape } from '../ui/own-escape.ts';
import { draftOf, policyOfDraft, policyText } from './confirmation-draft.ts';
import { ConfirmationFields } from './confirmation-fields.tsx';

/** The confirmation policy that new sessions begin with. */
export function ConfirmationSection() {
  const policy = useApp((app) => app.settings.defaultConfirmation);
  const [editing, setEditing] = useState(false);
  return (
    <PageSection
      title="Confirmation"
      text={editing ? 'For new sessions; each session can have its own.' : `New sessions: ${policyText(policy)}`}
      actions={
        !editing && (
          <Button size="sm" onClick={() => setEditing(true)}>
            Change confirmation…
          </Button>
        )
      }
    >
      {editing && <DefaultForm onClose={() => setEditing(false)} />}
    </PageSection>
  );
}

function DefaultForm({ onClose }: { onClose: () => void }) {
  const current = useApp((app) => app.settings.defaultConfirmation);
  const [draft, setDraft] = useState(() => draftOf(current));
  const [busy, setBusy] = useState(false);
  const policy = policyOfDraft(draft);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (!policy) return;
    setBusy(true);
    const answer = await changeSettings({ defaultConfirmation: policy });
    setBusy(false);
    if (answer.ok) onClose();
  };
  return (
    <form
      aria-label="Confirmation of new sessions"
      onSubmit={(event) => void save(event)}
      {...ownEscape(onClose)}
      className="flex flex-col gap-4 rounded-md border border-border bg-panel p-3"
    >
      <ConfirmationFields draft={draft} onChange={setDraft} autoFocus />
      <div className="flex gap-2">
        <Button type="submit" size="sm" variant="primary" busy={busy} disabled={!policy}>
          Save
        </Button>
        <Button size="sm" variant="ghost" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
