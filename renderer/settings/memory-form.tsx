import { useState } from 'react';
import { type Failure, failureText, type Result } from '../../shared/errors.ts';
import { maxMemoryLength } from '../../shared/memory/memory.ts';
import { InlineForm } from '../ui/inline-form.tsx';
import { Select } from '../ui/select.tsx';
import { areaLook } from '../ui/text-area.ts';
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
  const save = async () => {
    const saved = await onSave(content, place === everywhere ? undefined : place);
    if (saved.ok) onClose(true);
    else setFailure(saved.error);
  };
  return (
    <InlineForm
      label={label}
      action="Save note"
      ready={content.trim() !== ''}
      onSubmit={save}
      onCancel={() => onClose(false)}
      className="mb-2 gap-2.5"
    >
      <Field label="Note" error={failure && failureText(failure)}>
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
    </InlineForm>
  );
}
