import { ChevronRight, PenLine, Scissors } from 'lucide-react';
import { memo } from 'react';
import type { CallDraft, MessageItem } from '../../shared/session/state.ts';
import { CopyButton } from '../code/copy-button.tsx';
import { LongText } from '../markdown/long-text.tsx';
import { useUi } from '../state/ui-store.ts';
import { compactNumber, formatClock } from '../ui/amounts.ts';
import { Chip } from '../ui/chip.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { useFold } from './fold-store.ts';

/** A model's reply, complete or still arriving. */
export const MessageRow = memo(function MessageRow({ message }: { message: MessageItem }) {
  const { text, reasoning, streaming, partial, drafts } = message;
  const brief = useUi((ui) => ui.density === 'summary');
  return (
    <div className="group/message relative flex min-w-0 flex-col gap-2">
      {reasoning !== '' && !brief && <Thought id={message.id} text={reasoning} live={streaming && text === ''} />}
      {text !== '' && <LongText text={text} />}
      {drafts.map((draft) => (
        <Draft key={draft.index} draft={draft} />
      ))}
      {partial && (
        <Chip className="self-start">
          <Scissors aria-hidden="true" />
          Cut short
        </Chip>
      )}
      {text !== '' && !streaming && (
        <p className="absolute -top-4 right-0 flex h-6 items-center gap-2 rounded-md border border-border bg-raised pr-0.5 pl-2 text-xs text-muted opacity-0 group-focus-within/message:opacity-100 group-hover/message:opacity-100">
          <span>{message.model}</span>
          <time dateTime={new Date(message.at).toISOString()}>{formatClock(message.at)}</time>
          <CopyButton text={text} label="Copy reply" />
        </p>
      )}
    </div>
  );
});

function Thought({ id, text, live }: { id: string; text: string; live: boolean }) {
  const [open, toggle] = useFold(`thought-${id}`);
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={toggle}
        className="inline-flex items-center gap-1 rounded-sm text-sm text-muted hover:text-text"
      >
        <ChevronRight aria-hidden="true" className={open ? 'size-3 rotate-90' : 'size-3'} />
        {live ? 'Thinking' : 'Thought'}
        {live && <Spinner size={10} className="text-accent" />}
      </button>
      {open && (
        <p className="selectable mt-1 border-l-2 border-border pl-3 text-sm whitespace-pre-wrap text-muted wrap-anywhere">
          {text}
        </p>
      )}
    </div>
  );
}

/** A call whose arguments are still being written. */
const Draft = ({ draft }: { draft: CallDraft }) => (
  <p className="flex items-center gap-2 pl-1.5 text-sm text-muted">
    <PenLine aria-hidden="true" className="size-3.5 text-faint" />
    Writing {draft.tool}… {compactNumber(draft.chars)} characters
  </p>
);
