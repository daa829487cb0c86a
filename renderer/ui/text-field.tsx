import clsx from 'clsx';
import { type ComponentProps, type ReactNode, useId } from 'react';

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  /** Gets the ids that tie the control to its label and texts. */
  children: (ids: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': true | undefined;
  }) => ReactNode;
  className?: string;
}

/** A labelled control with its hint or what is wrong with it. */
export function Field({ label, hint, error, children, className }: FieldProps) {
  const id = useId();
  const text = error ?? hint;
  const hasText = text !== undefined && text !== false;
  return (
    <div className={clsx('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className="text-sm font-medium text-text">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': hasText ? `${id}-text` : undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {hasText && (
        <p
          id={`${id}-text`}
          role={error ? 'alert' : undefined}
          className={clsx('text-sm wrap-anywhere', error ? 'text-red' : 'text-muted')}
        >
          {text}
        </p>
      )}
    </div>
  );
}

export const inputLook =
  'h-7 w-full min-w-0 rounded-md border border-border-strong bg-bg px-2 text-base text-text ' +
  'focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-red disabled:opacity-50';

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  /** Beside the input, such as a button. */
  after?: ReactNode;
}

export function TextField({ label, hint, error, after, className, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(ids) => (
        <div className="flex gap-2">
          <input type="text" autoComplete="off" spellCheck={false} {...input} {...ids} className={inputLook} />
          {after}
        </div>
      )}
    </Field>
  );
}
