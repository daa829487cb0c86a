import { useId } from 'react';

/** One of a few, all in sight. */
export function Radios<T extends string>(props: {
  label: string;
  value: T;
  choices: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm">
      <legend className="mb-0.5 text-muted">{props.label}</legend>
      {props.choices.map(({ value, label }) => (
        <label key={value} className="inline-flex items-center gap-1 whitespace-nowrap">
          <input
            type="radio"
            name={name}
            checked={props.value === value}
            onChange={() => props.onChange(value)}
            className="accent-(--accent)"
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
