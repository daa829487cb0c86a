import { ArrowUp, Clock, CornerRightUp, Pencil, Play, X } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { QueuedPrompt } from '../../shared/session/state.ts';
import { changePrompt, movePrompt, removePrompt, sendPromptNow, startRun } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { areaLook, isComposing } from '../ui/text-area.ts';

/** Prompts that wait for their turn, in order; each can be changed or taken back. `held`: nothing runs, so they wait for a word. */
export function QueuedPrompts(props: {
  sessionId: string;
  queue: readonly QueuedPrompt[];
  running: boolean;
  held: boolean;
}) {
  const { sessionId, queue, running, held } = props;
  if (queue.length === 0) return null;
  return (
    <ul aria-label="Queued prompts" className="mb-1.5 flex max-h-32 flex-col gap-1 overflow-y-auto">
      {queue.map((prompt, place) => (
        <Row
          key={prompt.id}
          sessionId={sessionId}
          prompt={prompt}
          place={place}
          running={running}
          startable={held && place === 0}
        />
      ))}
    </ul>
  );
}

interface RowProps {
  sessionId: string;
  prompt: QueuedPrompt;
  place: number;
  running: boolean;
  startable: boolean;
}

function Row({ sessionId, prompt, place, running, startable }: RowProps) {
  const [draft, setDraft] = useState<string>();
  if (draft !== undefined) {
    const save = () => {
      if (draft.trim() !== '' && draft !== prompt.text) void changePrompt(sessionId, prompt.id, draft);
      setDraft(undefined);
    };
    return <EditRow draft={draft} onChange={setDraft} onSave={save} onBack={() => setDraft(undefined)} />;
  }
  return (
    <li className="flex min-h-7 items-center gap-2 rounded-md border border-border bg-panel py-0.5 pr-1 pl-2 text-sm">
      {prompt.steer ? (
        <CornerRightUp role="img" aria-label="Goes into this run" className="size-3.5 shrink-0 text-accent" />
      ) : (
        <Clock role="img" aria-label="Queued" className="size-3.5 shrink-0 text-faint" />
      )}
      <span className="min-w-0 flex-1 truncate" title={prompt.text}>
        {prompt.text}
      </span>
      {startable && (
        <Button size="sm" onClick={() => void startRun(sessionId)}>
          <Play aria-hidden="true" className="size-3" />
          Run now
        </Button>
      )}
      {prompt.steer && <span className="shrink-0 text-xs text-muted">at the next turn</span>}
      {running && !prompt.steer && (
        <Button size="sm" onClick={() => void sendPromptNow(sessionId, prompt.id)}>
          Send now
        </Button>
      )}
      {place > 0 && !prompt.steer && (
        <IconButton label="Move up" size="sm" onClick={() => void movePrompt(sessionId, prompt.id, place - 1)}>
          <ArrowUp />
        </IconButton>
      )}
      <IconButton label="Edit queued prompt" size="sm" onClick={() => setDraft(prompt.text)}>
        <Pencil />
      </IconButton>
      <IconButton label="Remove queued prompt" size="sm" onClick={() => void removePrompt(sessionId, prompt.id)}>
        <X />
      </IconButton>
    </li>
  );
}

function EditRow(props: { draft: string; onChange: (text: string) => void; onSave: () => void; onBack: () => void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      props.onSave();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      props.onBack();
    }
  };
  return (
    <li className="flex items-start gap-1.5">
      <textarea
        aria-label="Queued prompt"
        // biome-ignore lint/a11y/noAutofocus: the person asked for this field
        autoFocus
        rows={2}
        value={props.draft}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={onKeyDown}
        className={areaLook}
      />
      <Button size="sm" variant="primary" onClick={props.onSave}>
        Save
      </Button>
    </li>
  );
}
