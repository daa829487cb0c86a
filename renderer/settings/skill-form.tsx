import { type FormEvent, useState } from 'react';
import type { Failure } from '../../shared/errors.ts';
import { createSkill } from '../actions.ts';
import { areaLook } from '../approvals/text-area.ts';
import { Button } from '../ui/button.tsx';
import { ownEscape } from '../ui/own-escape.ts';
import { Field, TextField } from '../ui/text-field.tsx';

/** A new skill of the person's own. What is wrong with it is said below; nothing is saved then. */
export function SkillForm({ onClose }: { onClose: (made: boolean) => void }) {
  const [draft, setDraft] = useState({ name: '', description: '', content: '' });
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const change = (changes: Partial<typeof draft>) => {
    setDraft((now) => ({ ...now, ...changes }));
    setFailure(undefined);
  };
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await createSkill(draft);
    setBusy(false);
    if (answer.ok) onClose(true);
    else setFailure(answer.error);
  };
  const isWhole = Object.values(draft).every((text) => text.trim() !== '');
  return (
    <form
      aria-label="New skill"
      onSubmit={(event) => void save(event)}
      {...ownEscape(() => onClose(false))}
      className="mb-2 flex flex-col gap-2.5 rounded-md border border-border bg-panel p-3"
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
      <div className="flex gap-2">
        <Button type="submit" size="sm" variant="primary" busy={busy} disabled={!isWhole}>
          Create skill
        </Button>
        <Button size="sm" variant="ghost" onClick={() => onClose(false)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
