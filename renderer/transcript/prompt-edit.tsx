import { type KeyboardEvent, useState } from 'react';
import type { PromptItem } from '../../shared/session/state.ts';
import { Button } from '../ui/button.tsx';
import { areaLook, isComposing } from '../ui/text-area.ts';

/** Edits under way by prompt: a row that scrolls out of the list must not lose its text. */
const edits = new Map<string, string>();

export const dropEdit = (promptId: string): boolean => edits.delete(promptId);

/** The text that is being changed, undefined while none is. */
export function useEdit({ id }: PromptItem): [string | undefined, (text: string | undefined) => void] {
  const [text, setText] = useState(() => edits.get(id));
  const change = (next: string | undefined) => {
    if (next === undefined) edits.delete(id);
    else edits.set(id, next);
    setText(next);
  };
  return [text, change];
}

interface PromptEditProps {
  text: string;
  onChange: (text: string) => void;
  onSend: () => Promise<void>;
  onBack: () => void;
}

/** The field in which an earlier prompt is changed. */
export function PromptEdit({ text, onChange, onSend, onBack }: PromptEditProps) {
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (text.trim() === '' || busy) return;
    setBusy(true);
    await onSend();
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onBack();
    }
  };
  return (
    <div className="mt-1 flex flex-col gap-2">
      <textarea
        aria-label="Edit prompt"
        // biome-ignore lint/a11y/noAutofocus: the person asked for this field
        autoFocus
        rows={Math.min(12, text.split('\n').length + 1)}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        className={areaLook}
      />
      <div className="flex items-center gap-2">
        <p className="min-w-0 flex-1 text-xs text-muted">
          What came after it stays as a branch. Files stay as they are.
        </p>
        <Button size="sm" onClick={onBack}>
          Cancel
        </Button>
        <Button size="sm" variant="primary" busy={busy} disabled={text.trim() === ''} onClick={() => void send()}>
          Resend
        </Button>
      </div>
    </div>
  );
}
