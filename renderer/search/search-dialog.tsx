import { Command } from 'cmdk';
import { useState } from 'react';
import type { SearchHit, Snippet } from '../../shared/ipc/contract.ts';
import { afterDialog } from '../sessions/go-to-session.ts';
import { openTab } from '../state/ui-store.ts';
import { plural } from '../ui/amounts.ts';
import { Dialog } from '../ui/dialog.tsx';
import { RelativeTime } from '../ui/relative-time.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { wishForPlace } from './place-wish.ts';
import { useSearch } from './use-search.ts';

const kindWords: Record<SearchHit['kind'], string> = { prompt: 'You', message: 'Reply', call: 'Tool', other: 'Note' };

/** Full-text search over all transcripts; a hit opens its session at the place. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const { answer, failure, busy } = useSearch(text);
  const open = ({ sessionId, itemId, place }: SearchHit) => {
    onClose();
    afterDialog(() => {
      openTab(sessionId);
      wishForPlace({ sessionId, itemId, place });
    });
  };
  return (
    <Dialog title="Search all transcripts" hideTitle open onOpenChange={onClose} place="top" className="max-w-2xl">
      <Command
        label="Search all transcripts"
        loop
        vimBindings={false}
        shouldFilter={false}
        className="flex min-h-0 flex-col"
      >
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder="Search all transcripts…"
          className="h-11 shrink-0 border-b border-border bg-transparent px-4 text-lg outline-none"
        />
        <Command.List label="Hits" className="max-h-[60vh] overflow-y-auto p-1.5">
          {answer?.hits.map((hit) => (
            <Command.Item
              key={`${hit.sessionId}/${hit.itemId}`}
              value={`${hit.sessionId}/${hit.itemId}`}
              onSelect={() => open(hit)}
              className="flex flex-col gap-0.5 rounded-md px-2 py-1.5 aria-selected:bg-selected"
            >
              <span className="flex min-w-0 items-center gap-2">
                <span className="min-w-0 truncate font-medium">{hit.title}</span>
                <span className="shrink-0 text-xs text-faint">{kindWords[hit.kind]}</span>
                <span className="flex-1" />
                <RelativeTime at={hit.at} className="shrink-0 text-xs text-faint" />
              </span>
              <span className="text-sm text-muted wrap-anywhere">
                <Marked snippet={hit.snippet} />
              </span>
            </Command.Item>
          ))}
        </Command.List>
        <SearchStatus text={text} answer={answer} failure={failure?.message} busy={busy} />
      </Command>
    </Dialog>
  );
}

/** One line below the hits: how many there are, and whether more may come. */
function SearchStatus(props: {
  text: string;
  answer: ReturnType<typeof useSearch>['answer'];
  failure: string | undefined;
  busy: boolean;
}) {
  const { text, answer, failure, busy } = props;
  return (
    <p role="status" className="flex min-h-8 items-center gap-2 border-t border-border px-4 text-sm text-muted">
      {busy && <Spinner size={10} />}
      {statusText()}
    </p>
  );

  function statusText(): string {
    if (failure) return failure;
    if (text.trim() === '') return 'Prompts, replies and what tools printed, in every session.';
    if (!answer) return 'Searching…';
    const found = answer.hits.length === 0 ? 'Nothing found' : plural(answer.hits.length, 'hit');
    const { indexing } = answer;
    return indexing ? `${found} so far; reading sessions, ${indexing.done} of ${indexing.total}` : `${found}.`;
  }
}

function Marked({ snippet: { text, marks } }: { snippet: Snippet }) {
  const parts: { at: number; text: string; mark: boolean }[] = [];
  let end = 0;
  for (const [begin, length] of marks) {
    if (begin > end) parts.push({ at: end, text: text.slice(end, begin), mark: false });
    parts.push({ at: begin, text: text.slice(begin, begin + length), mark: true });
    end = begin + length;
  }
  if (end < text.length) parts.push({ at: end, text: text.slice(end), mark: false });
  return parts.map((part) =>
    part.mark ? (
      <mark key={part.at} className="rounded-sm bg-amber-soft text-text">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
