import clsx from 'clsx';
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { hasHiddenCharacters, makeVisible } from '../../shared/visible.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { areaLook } from '../ui/text-area.ts';
import { inputLook } from '../ui/text-field.tsx';
import { type Draft, type Path, pathKey } from './draft.ts';
import type { Field } from './field.ts';

export interface PartProps {
  field: Field;
  draft: Draft;
  path: Path;
  /** As it is labelled; what it is called where it is removed. */
  label: string;
  description?: string;
  /** What is wrong, by the key of a part's path. */
  problems: ReadonlyMap<string, string>;
  /** The key of the part that takes the focus when it appears. */
  focus: string | undefined;
  onChange: (draft: Draft) => void;
  /** Absent for what must be there. */
  onRemove?: () => void;
}

/** Texts longer than this get several lines. */
const longestLine = 60;

/** The control of a part that holds no further ones. */
export function FieldControl({
  field,
  draft,
  path,
  label,
  description,
  problems,
  focus,
  onChange,
  onRemove,
}: PartProps) {
  const id = useId();
  const key = pathKey(path);
  const problem = problems.get(key);
  const text = String(draft);
  const [tall] = useState(() => field.kind === 'json' || text.includes('\n') || text.length > longestLine);
  const shared = {
    id,
    autoFocus: focus === key,
    'data-part': key,
    'aria-describedby': `${id}-about`,
    'aria-invalid': problem === undefined ? undefined : true,
    spellCheck: false,
    autoComplete: 'off',
  } as const;
  const look = 'font-mono text-sm';
  const control = () => {
    if (field.kind === 'choice') {
      return (
        <select
          {...shared}
          value={text}
          onChange={(event) => onChange(event.target.value)}
          className={clsx(inputLook, look)}
        >
          {field.options.map((option) => (
            <option key={JSON.stringify(option)} value={JSON.stringify(option)}>
              {typeof option === 'string' ? option : JSON.stringify(option)}
            </option>
          ))}
        </select>
      );
    }
    if (tall) {
      return (
        <textarea
          {...shared}
          value={text}
          rows={Math.min(14, Math.max(2, text.split('\n').length + 1))}
          onChange={(event) => onChange(event.target.value)}
          className={clsx(areaLook, look)}
        />
      );
    }
    return (
      <input
        {...shared}
        value={text}
        inputMode={field.kind === 'number' ? 'decimal' : undefined}
        onChange={(event) => onChange(event.target.value)}
        className={clsx(inputLook, look)}
      />
    );
  };
  if (field.kind === 'flag') {
    return (
      <div>
        <div className="flex items-center gap-2">
          <input
            {...shared}
            type="checkbox"
            checked={draft === true}
            onChange={(event) => onChange(event.target.checked)}
            className="size-3.5 accent-(--accent)"
          />
          <label htmlFor={id} className="flex-1 font-mono text-sm text-muted">
            {label}
          </label>
          {onRemove && <RemovePart label={label} onRemove={onRemove} />}
        </div>
        <FieldTexts id={`${id}-about`} description={description} problem={problem} />
      </div>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex items-center gap-2">
        <label htmlFor={id} className="flex-1 font-mono text-sm text-muted">
          {label}
          {field.kind === 'json' && <span className="font-sans text-faint"> as JSON</span>}
        </label>
        {onRemove && <RemovePart label={label} onRemove={onRemove} />}
      </div>
      {control()}
      {field.kind !== 'choice' && <HiddenCharacters text={text} />}
      <FieldTexts id={`${id}-about`} description={description} problem={problem} />
    </div>
  );
}

/** What a part is for and what is wrong with it. Always there, so that it can be referred to. */
export const FieldTexts = (props: { id?: string; description?: string; problem?: string }) => (
  <div id={props.id} className="text-sm wrap-anywhere empty:hidden">
    {props.problem !== undefined && (
      <p role="alert" className="text-red">
        {props.problem}
      </p>
    )}
    {props.description !== undefined && <p className="text-faint">{props.description}</p>}
  </div>
);

/** Says what a text holds beside what can be seen. */
export const HiddenCharacters = ({ text }: { text: string }) =>
  hasHiddenCharacters(text) && (
    <p className="text-sm text-amber wrap-anywhere">
      Holds characters that cannot be seen or that reorder the text:{' '}
      <code className="selectable font-mono">{makeVisible(text)}</code>
    </p>
  );

export const RemovePart = (props: { label: string; onRemove: () => void; className?: string }) => (
  <IconButton label={`Remove ${props.label}`} size="sm" onClick={props.onRemove} className={clsx(props.className)}>
    <X />
  </IconButton>
);
