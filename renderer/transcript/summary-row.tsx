import { ChevronRight, Pencil, Shrink, Undo2 } from 'lucide-react';
import { memo, useState } from 'react';
import { compactionInForce, planOf } from '../../shared/session/context-plan.ts';
import type { SummaryItem } from '../../shared/session/state.ts';
import { editSummary, restoreContext } from '../actions.ts';
import { readOnlyReason } from '../composer/read-only.ts';
import { LazyMarkdown } from '../markdown/lazy-markdown.tsx';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { compactNumber, plural } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { areaLook } from '../ui/text-area.ts';
import { useFold } from './fold-store.ts';

/** Whether a compaction counts, was covered by a later one, or was taken back. */
type Standing = 'inForce' | 'covered' | 'takenBack';

/** Where the context was compacted: how much it saved, and the summary that the model is shown instead, to read, change or take back. */
export const SummaryRow = memo(function SummaryRow({
  sessionId,
  summary,
}: {
  sessionId: string;
  summary: SummaryItem;
}) {
  const [open, toggle] = useFold(`summary-${summary.id}`);
  const standing = useSession(sessionId, ({ head }): Standing => {
    if (compactionInForce(head)?.id === summary.id) return 'inForce';
    return planOf(head).compactions.some(({ id }) => id === summary.id) ? 'covered' : 'takenBack';
  });
  return (
    <section aria-label="Context compacted" className="rounded-lg border border-dashed border-border-strong bg-panel">
      <div className="flex min-h-9 items-center gap-2 py-1 pr-2 pl-1.5 text-sm">
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="flex min-w-0 flex-1 items-center gap-2 rounded-md px-1.5 py-0.5 text-left hover:text-text"
        >
          <Shrink aria-hidden="true" className="size-3.5 shrink-0 text-faint" />
          <span className="min-w-0">
            <span className="font-medium">{titleOf(summary)}</span>
            <span className="text-muted">
              {' '}
              {compactNumber(summary.tokensBefore)} → {compactNumber(summary.tokensAfter)} tokens
              {summary.gone > 0 && `, ${plural(summary.gone, 'item')}`}
            </span>
          </span>
          <ChevronRight
            aria-hidden="true"
            className={open ? 'size-3.5 shrink-0 rotate-90 text-faint' : 'size-3.5 shrink-0 text-faint'}
          />
        </button>
        {summary.insufficient && standing === 'inForce' && <Chip tone="amber">Still nearly full</Chip>}
        {summary.edited && <Chip>Edited</Chip>}
        {standing === 'covered' && <Chip>In the next summary</Chip>}
        {standing === 'takenBack' && <Chip>Undone</Chip>}
        {standing === 'inForce' && <UndoButton sessionId={sessionId} id={summary.id} />}
      </div>
      {open && <SummaryBody sessionId={sessionId} summary={summary} standing={standing ?? 'covered'} />}
    </section>
  );
});

const titles: Record<SummaryItem['method'], string> = {
  summary: 'Context summed up',
  prune: 'Old outputs taken out of the context',
  truncate: 'Context cut, with a list of what was done',
};

const titleOf = ({ method, auto }: SummaryItem): string => `${titles[method]}${auto ? ' by itself' : ''}`;

function UndoButton({ sessionId, id }: { sessionId: string; id: string }) {
  const [busy, setBusy] = useState(false);
  const isReadOnly = useApp((app) => readOnlyReason(app.sessions[sessionId], false) !== undefined);
  if (isReadOnly) return null;
  const undo = async () => {
    setBusy(true);
    await restoreContext(sessionId, id);
    setBusy(false);
  };
  return (
    <Button size="sm" variant="ghost" busy={busy} onClick={() => void undo()}>
      <Undo2 aria-hidden="true" className="size-3.5" />
      Undo
    </Button>
  );
}

function SummaryBody(props: { sessionId: string; summary: SummaryItem; standing: Standing }) {
  const { sessionId, summary, standing } = props;
  const [draft, setDraft] = useState<string>();
  const counts = useSession(sessionId, ({ head }) => compactionInForce(head)?.summaryId === summary.id) ?? false;
  const isReadOnly = useApp((app) => readOnlyReason(app.sessions[sessionId], false) !== undefined);
  if (draft !== undefined) {
    return <Editor {...props} draft={draft} onChange={setDraft} onClose={() => setDraft(undefined)} />;
  }
  return (
    <div className="flex flex-col gap-2 border-t border-border px-3 py-2.5">
      {summary.insufficient && (
        <p className="text-sm text-amber">
          The context is still nearly full, so it is not tried again until more has been added. Take items out in the
          Context tab, raise the limit there, or use a model with a larger window.
        </p>
      )}
      {summary.reason !== undefined && <p className="text-sm text-muted">No summary by a model: {summary.reason}</p>}
      {summary.text === '' ? (
        <p className="text-sm text-muted">The calls stay in the context; the outputs of the older ones do not.</p>
      ) : (
        <LazyMarkdown text={summary.text} />
      )}
      <p className="flex items-center gap-2 text-xs text-faint">
        <span className="flex-1">
          {standing === 'takenBack'
            ? 'Taken back: the model is shown what it was shown before.'
            : 'The transcript above stays whole; only the model no longer sees it.'}
        </span>
        {counts && !isReadOnly && (
          <Button size="sm" onClick={() => setDraft(summary.text)}>
            <Pencil aria-hidden="true" className="size-3" />
            Edit summary
          </Button>
        )}
      </p>
    </div>
  );
}

/** The buttons below the field are to be seen, too. */
const bringUp = (element: HTMLElement | null) => element?.scrollIntoView({ block: 'nearest' });

interface EditorProps {
  sessionId: string;
  summary: SummaryItem;
  draft: string;
  onChange: (text: string) => void;
  onClose: () => void;
}

function Editor({ sessionId, summary, draft, onChange, onClose }: EditorProps) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    if (draft === summary.text) return onClose();
    setBusy(true);
    const answer = await editSummary(sessionId, summary.id, draft);
    setBusy(false);
    if (answer.ok) onClose();
  };
  return (
    <div ref={bringUp} className="flex flex-col gap-2 border-t border-border px-3 py-2.5">
      <textarea
        aria-label="Summary"
        // biome-ignore lint/a11y/noAutofocus: the person asked for this field
        autoFocus
        rows={Math.min(24, Math.max(6, draft.split('\n').length + 1))}
        value={draft}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onClose();
        }}
        className={areaLook}
      />
      <div className="flex justify-end gap-2">
        <Button size="sm" onClick={onClose}>
          Cancel
        </Button>
        <Button size="sm" variant="primary" busy={busy} disabled={draft.trim() === ''} onClick={() => void save()}>
          Save summary
        </Button>
      </div>
    </div>
  );
}
