import { Pin } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Virtuoso } from 'react-virtuoso';
import type { CompactionPreview, GoneItem } from '../../shared/app/context-preview.ts';
import type { SessionSummary } from '../../shared/app/state.ts';
import type { Failure } from '../../shared/errors.ts';
import { planOf } from '../../shared/session/context-plan.ts';
import { compactContext, pinItem, previewCompaction } from '../actions.ts';
import { useSession } from '../state/replicas.ts';
import { compactNumber, plural } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogFooter } from '../ui/dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { TextField } from '../ui/text-field.tsx';

/** Shows what would leave the context, takes what shall survive and what the summary is to heed, and compacts. */
export function CompactDialog({ session, onClose }: { session: SessionSummary; onClose: () => void }) {
  const [instructions, setInstructions] = useState('');
  const [busy, setBusy] = useState(false);
  const { preview, failure } = useCompactionPreview(session.id);
  const isEmpty = preview !== undefined && preview.gone.length === 0 && !preview.prunes;
  const compact = async () => {
    setBusy(true);
    const answer = await compactContext(session.id, instructions.trim());
    setBusy(false);
    if (answer.ok) onClose();
  };
  return (
    <Dialog title="Compact the context" open onOpenChange={onClose} className="max-w-xl">
      <div className="flex min-h-0 flex-col gap-3 overflow-y-auto p-4">
        {failure && <p className="text-muted">{failure.message}</p>}
        {!preview && !failure && (
          <p role="status" className="flex items-center gap-2 text-muted">
            <Spinner /> Looking at what would go…
          </p>
        )}
        {isEmpty && (
          <p className="text-muted">
            There is nothing to compact yet: the first prompt and the newest exchange are always kept as they are.
          </p>
        )}
        {preview && !isEmpty && <WhatGoes sessionId={session.id} preview={preview} />}
        {preview && !isEmpty && preview.byModel && (
          <TextField
            label="What the summary should heed"
            placeholder="Optional, such as: keep the names of all files"
            value={instructions}
            onChange={(event) => setInstructions(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !busy) void compact();
            }}
          />
        )}
      </div>
      <DialogFooter>
        <Button onClick={onClose}>{isEmpty || failure ? 'Close' : 'Cancel'}</Button>
        {!isEmpty && !failure && (
          <Button variant="primary" busy={busy} disabled={!preview} onClick={() => void compact()}>
            Compact
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}

/** Kept up with what the person pins meanwhile. */
function useCompactionPreview(sessionId: string): { preview?: CompactionPreview; failure?: Failure } {
  const [shown, setShown] = useState<{ preview?: CompactionPreview; failure?: Failure }>({});
  const pinned = useSession(sessionId, (state) => planOf(state.head).pinned);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is pinned is what the preview follows
  useEffect(() => {
    let isLast = true;
    void previewCompaction(sessionId).then((answer) => {
      if (isLast) setShown(answer.ok ? { preview: answer.value } : { failure: answer.error });
    });
    return () => {
      isLast = false;
    };
  }, [sessionId, pinned]);
  return shown;
}

function WhatGoes({ sessionId, preview }: { sessionId: string; preview: CompactionPreview }) {
  const { gone, prunes, byModel, tokensBefore, tokensAfter } = preview;
  return (
    <>
      <p>
        {gone.length > 0
          ? `${plural(gone.length, 'item')} leave the model’s context; ${byModel ? 'a summary by the model stands' : 'a plain list of what was done stands'} in their place.`
          : 'Outputs of older calls leave the model’s context; the calls stay.'}{' '}
        {gone.length > 0 && prunes && 'Older outputs may go too. '}
        <span className="text-muted">
          {compactNumber(tokensBefore)} → about {compactNumber(tokensAfter)} tokens
          {gone.length > 0 && ', and the summary'}. The transcript stays whole, and this can be undone.
        </span>
      </p>
      {gone.length > 0 && (
        <div className="overflow-hidden rounded-md border border-border">
          <Virtuoso
            aria-label="What leaves the context"
            data={gone}
            style={{ height: Math.min(280, gone.length * 32) }}
            fixedItemHeight={32}
            itemContent={(_place, item) => <GoneRow sessionId={sessionId} item={item} />}
          />
        </div>
      )}
    </>
  );
}

const kinds: Record<GoneItem['kind'], string> = { prompt: 'Prompt', message: 'Reply', call: 'Call' };

const GoneRow = ({ sessionId, item }: { sessionId: string; item: GoneItem }) => (
  <div className="flex h-8 items-center gap-2 border-b border-border px-2 text-sm">
    <span className="w-12 shrink-0 text-faint">{kinds[item.kind]}</span>
    <span className="min-w-0 flex-1 truncate" title={item.text}>
      {item.text}
    </span>
    <span className="shrink-0 text-xs text-faint">{compactNumber(item.tokens)}</span>
    <IconButton
      label={item.pinned ? 'Unpin' : 'Pin: keep it in the context'}
      size="sm"
      aria-pressed={item.pinned}
      onClick={() => void pinItem(sessionId, item.id, !item.pinned)}
    >
      <Pin className={item.pinned ? 'fill-current text-accent' : undefined} />
    </IconButton>
  </div>
);
