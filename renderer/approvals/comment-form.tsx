import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { areaLook, isComposing } from '../ui/text-area.ts';

export interface CommentFormProps {
  label: string;
  /** What Enter does. */
  enter: string;
  /** The person asked for the field on this card: it takes the focus when it appears. */
  focus: boolean;
  value: string;
  onChange: (value: string) => void;
  onSend: () => void;
  onBack: () => void;
}

/** What the model is told with an answer. Enter gives it, Shift+Enter breaks the line, Escape goes back to the card and answers nothing. */
export function CommentForm({ label, enter, focus, value, onChange, onSend, onBack }: CommentFormProps) {
  const id = useId();
  const end = useRef<HTMLDivElement>(null);
  const asked = useRef(focus);
  // It comes into sight with the buttons below it.
  useEffect(() => {
    if (asked.current) end.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (!event.repeat) onSend();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onBack();
    }
  };
  return (
    <div ref={end} className="flex scroll-mb-16 flex-col gap-1">
      <label htmlFor={id} className="text-sm text-muted">
        {label}
      </label>
      <textarea
        id={id}
        // biome-ignore lint/a11y/noAutofocus: the person asked for this field
        autoFocus={focus}
        rows={2}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={`Enter ${enter}, Esc goes back`}
        className={areaLook}
      />
    </div>
  );
}
