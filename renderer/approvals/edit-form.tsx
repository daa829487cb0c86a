import clsx from 'clsx';
import { type KeyboardEvent, useId } from 'react';
import { hasHiddenCharacters, makeVisible } from '../../shared/visible.ts';
import { inputLook } from '../ui/text-field.tsx';
import type { EditableField } from './edited-arguments.ts';
import { areaLook, isComposing } from './text-area.ts';

export interface EditFormProps {
  fields: readonly EditableField[];
  values: readonly string[];
  problem?: string;
  onChange: (values: string[]) => void;
  onAllow: () => void;
  onBack: () => void;
}

/** The arguments as fields. Ctrl/Cmd+Enter allows what they say, Escape goes back to the card. */
export function EditForm({ fields, values, problem, onChange, onAllow, onBack }: EditFormProps) {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onAllow();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onBack();
    }
  };
  return (
    <div className="@container flex flex-col gap-2">
      <div className={clsx('grid gap-2', beside(fields) && '@lg:grid-cols-2')}>
        {fields.map((field, place) => {
          const value = values[place] ?? '';
          const shared = {
            id: `${id}-${place}`,
            value,
            spellCheck: false,
            autoFocus: place === firstToEdit(fields),
            onKeyDown,
            'aria-describedby': problem === undefined ? undefined : `${id}-problem`,
            'aria-invalid': problem === undefined ? undefined : true,
          } as const;
          const change = (text: string) => onChange(values.map((old, other) => (other === place ? text : old)));
          return (
            <div key={field.label} className={clsx('flex min-w-0 flex-col gap-1', !field.multiline && 'col-span-full')}>
              <label
                htmlFor={shared.id}
                className={clsx('text-sm text-muted', field.name === field.label && 'font-mono')}
              >
                {field.label}
              </label>
              {field.multiline ? (
                <textarea
                  {...shared}
                  rows={Math.min(14, Math.max(2, value.split('\n').length + 1))}
                  onChange={(event) => change(event.target.value)}
                  className={clsx(areaLook, 'font-mono text-sm')}
                />
              ) : (
                <input
                  {...shared}
                  onChange={(event) => change(event.target.value)}
                  className={clsx(inputLook, 'font-mono text-sm')}
                />
              )}
              {hasHiddenCharacters(value) && (
                <p className="text-sm text-amber wrap-anywhere">
                  Holds characters that cannot be seen or that reorder the text:{' '}
                  <code className="selectable font-mono">{makeVisible(value)}</code>
                </p>
              )}
            </div>
          );
        })}
      </div>
      {problem !== undefined && (
        <p id={`${id}-problem`} role="alert" className="text-sm text-red wrap-anywhere">
          {problem}
        </p>
      )}
      <p className="text-sm text-muted">“Allow once” runs what stands here; it is checked again first.</p>
    </div>
  );
}

/** An old and a new text are read side by side, where there is room. */
const beside = (fields: readonly EditableField[]): boolean => fields.filter((field) => field.multiline).length === 2;

/** A path is seldom what one wants to change: the focus goes to the last longer text, which is the new one. */
function firstToEdit(fields: readonly EditableField[]): number {
  const last = fields.findLastIndex((field) => field.multiline);
  return last < 0 ? 0 : last;
}
