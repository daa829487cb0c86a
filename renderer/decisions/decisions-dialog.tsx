import { useEffect, useState } from 'react';
import type { DecisionEntry } from '../../shared/decisions/decision.ts';
import type { Result } from '../../shared/errors.ts';
import { exportDecisions, listDecisions } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogFooter } from '../ui/dialog.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { inputLook } from '../ui/text-field.tsx';
import { toast } from '../ui/toast-store.ts';
import { DecisionTable } from './decision-table.tsx';
import { deciderWords, outcomeWords, rulesOf } from './decision-words.ts';

/** The decision log of all sessions, as it was when it was opened; to be searched and exported. */
export function DecisionsDialog({ onClose }: { onClose: () => void }) {
  const [answer, setAnswer] = useState<Result<{ decisions: DecisionEntry[] }>>();
  const [query, setQuery] = useState('');
  useEffect(() => void listDecisions().then(setAnswer), []);
  const all = answer?.ok ? answer.value.decisions : [];
  const shown = all.filter((entry) => matches(entry, query.trim().toLowerCase()));
  return (
    <Dialog title="Decision log" open onOpenChange={onClose} className="h-[620px] max-w-4xl">
      <div className="flex shrink-0 items-center gap-3 px-4 pt-3 pb-2">
        <input
          type="search"
          aria-label="Search decisions"
          placeholder="Search by tool, call, rule, session…"
          autoFocus
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className={`${inputLook} max-w-80`}
        />
        <p role="status" className="text-sm text-muted">
          {answer?.ok && (shown.length === 1 ? '1 decision' : `${shown.length} decisions`)}
        </p>
      </div>
      <div className="min-h-0 flex-1">
        {!answer ? (
          <p role="status" className="late flex items-center gap-2 p-4 text-sm text-muted">
            <Spinner /> Reading the journals…
          </p>
        ) : !answer.ok ? (
          <EmptyState title="The log could not be read." text={answer.error.message} />
        ) : shown.length === 0 ? (
          <EmptyState
            title={all.length === 0 ? 'Nothing was decided yet' : 'No decision matches'}
            text={all.length === 0 ? 'Each call that is allowed or denied will be listed here.' : 'Search for less.'}
          />
        ) : (
          <DecisionTable decisions={shown} />
        )}
      </div>
      <DialogFooter>
        <Button disabled={all.length === 0} onClick={() => void save('csv')}>
          Export CSV…
        </Button>
        <Button disabled={all.length === 0} onClick={() => void save('jsonl')}>
          Export JSON lines…
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

const matches = (entry: DecisionEntry, query: string): boolean =>
  [
    entry.tool,
    entry.title,
    entry.editedTo ?? '',
    ...(entry.granted?.rules ?? []),
    entry.comment ?? '',
    entry.session,
    ...rulesOf(entry).map(({ rule }) => rule),
    entry.reason,
    outcomeWords[entry.outcome],
    deciderWords[entry.by],
  ].some((text) => text.toLowerCase().includes(query));

async function save(format: 'csv' | 'jsonl'): Promise<void> {
  const saved = await exportDecisions(format);
  if (saved.ok && saved.value.path !== undefined) {
    toast({ level: 'info', text: 'Decision log saved', hint: saved.value.path });
  }
}
