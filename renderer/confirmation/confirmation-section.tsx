import { useState } from 'react';
import { changeSettings } from '../actions.ts';
import { PageSection } from '../settings/page-parts.tsx';
import { useApp } from '../state/app-store.ts';
import { Button } from '../ui/button.tsx';
import { InlineForm } from '../ui/inline-form.tsx';
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
  const policy = policyOfDraft(draft);
  const save = async () => {
    if (!policy) return;
    const answer = await changeSettings({ defaultConfirmation: policy });
    if (answer.ok) onClose();
  };
  return (
    <InlineForm
      label="Confirmation of new sessions"
      action="Save"
      ready={policy !== undefined}
      onSubmit={save}
      onCancel={onClose}
      className="gap-4"
    >
      <ConfirmationFields draft={draft} onChange={setDraft} autoFocus />
    </InlineForm>
  );
}
