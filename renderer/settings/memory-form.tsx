import { type FormEvent, useState } from 'react';
import type { Failure, Result } from '../../shared/errors.ts';
import { maxMemoryLength } from '../../shared/memory/memory.ts';
import { areaLook } from '../approvals/text-area.ts';
import { Button } from '../ui/button.tsx';
import { ownEscape } from '../ui/own-escape.ts';
import { Select } from '../ui/select.tsx';
import { Field } from '../ui/text-field.tsx';

export interface MemoryFormProps {
  label: string;
  start?: string;
  /** Workspaces in which a new note may count; absent for a note that keeps its place. */
  places?: string[];
  onSave: (content: string, place: string | undefined) => Promise<Result<unknown>>;
  onClose: (saved: boolean) => void;
}

const everywhere = 'everywhere';

/** A note, new or changed. What is wrong with it is said below its field; nothing is saved then. */
export function MemoryForm({ label, start = '', places, onSave, onClose }: MemoryFormProps) {
  const [content, setContent] = useState(start);
  const [place, setPlace] = useState(places?.[0] ?? everywhere);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const saved = await onSave(content, place === everywhere ? undefined : place);
    setBusy(false);
    if (saved.ok) onClose(true);
    else setFailure(saved.error);
  };
  return (
    <form
      aria-label={label}
      onSubmit={(event) => void save(event)}
      {...ownEscape(() => onClose(false))}
      className="mb-2 flex flex-col gap-2.5 rounded-md border border-border bg-panel p-3"
    >
      <Field label="Note" error={failure && `${failure.message} ${failure.hint ?? ''}`}>
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
            autoFocus
            maxLength={maxMemoryLength}
            value={content}
            onChange={(event) => {
              setContent(event.target.value);
              setFailure(undefined);
            }}
            className={areaLook}
          />
        )}
      </Field>
      {places && (
        <Select
          label="Where"
          value={place}
          choices={[
            ...places.map((path) => ({ value: path, label: path })),
            { value: everywhere, label: 'Everywhere' },
          ]}
          onChange={setPlace}
          className="max-w-full"
        />
      )}
      <div className="flex gap-2">
        <Button type="submit" size="sm" variant="primary" busy={busy} disabled={content.trim() === ''}>
          Save note
        </Button>
        <Button size="sm" variant="ghost" onClick={() => onClose(false)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
