import { useState } from 'react';
import type { Failure } from '../../shared/errors.ts';
import { createSkill } from '../actions.ts';
import { InlineForm } from '../ui/inline-form.tsx';
import { areaLook } from '../ui/text-area.ts';
import { Field, TextField } from '../ui/text-field.tsx';

/** A new skill of the person's own. What is wrong with it is said below; nothing is saved then. */
export function SkillForm({ onClose }: { onClose: (made: boolean) => void }) {
  const [draft, setDraft] = useState({ name: '', description: '', content: '' });
  const [failure, setFailure] = useState<Failure>();
  const change = (changes: Partial<typeof draft>) => {
    setDraft((now) => ({ ...now, ...changes }));
    setFailure(undefined);
  };
  const save = async () => {
    const answer = await createSkill(draft);
    if (answer.ok) onClose(true);
    else setFailure(answer.error);
  };
  const isWhole = Object.values(draft).every((text) => text.trim() !== '');
  return (
    <InlineForm
      label="New skill"
      action="Create skill"
      ready={isWhole}
      onSubmit={save}
      onCancel={() => onClose(false)}
      className="mb-2 gap-2.5"
    >
      <TextField
        label="Name"
        value={draft.name}
        autoFocus
        maxLength={64}
        placeholder="release-notes"
        onChange={(event) => change({ name: event.target.value })}
        hint="Lower-case words joined by hyphens; /name loads it."
      />
      <TextField
        label="When to use it"
        value={draft.description}
        maxLength={1024}
        placeholder="Writes release notes from the commits since the last tag"
        onChange={(event) => change({ description: event.target.value })}
      />
      <Field label="Instructions">
        {(ids) => (
          <textarea
            {...ids}
            rows={6}
            value={draft.content}
            onChange={(event) => change({ content: event.target.value })}
            className={areaLook}
          />
        )}
      </Field>
      {failure && (
        <p role="alert" className="text-sm text-red wrap-anywhere">
          {failure.message} {failure.hint}
        </p>
      )}
    </InlineForm>
  );
}
