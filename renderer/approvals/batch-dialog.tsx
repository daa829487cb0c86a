import { useState } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { makeVisible } from '../../shared/visible.ts';
import { answerApproval } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogFooter } from '../ui/dialog.tsx';
import { toast } from '../ui/toast-store.ts';
import { closeBatch, useQueueView } from './queue-view.ts';
import { RiskChip } from './risk-chip.tsx';

export function BatchDialog() {
  const batch = useQueueView((view) => view.batch);
  return batch && <Preflight batch={batch} />;
}

/** High and unknown risks are only part of a batch when they were put there one by one. */
const isTickedAtFirst = ({ risk, kind }: QueuedApproval): boolean =>
  kind === 'call' && (risk.level === 'low' || risk.level === 'medium');

/** A command whole, for what is allowed must have been in sight. */
const shownText = ({ detail, title }: QueuedApproval): string =>
  makeVisible(detail.type === 'command' ? detail.command : title);

/** What a batch would answer, before it does: each to be left out; always once. What fails stays in the queue, with the reason. */
function Preflight({ batch }: { batch: QueuedApproval[] }) {
  const [left, setLeft] = useState(batch);
  const [ticked, setTicked] = useState(() => new Set(batch.filter(isTickedAtFirst).map(({ id }) => id)));
  const [failures, setFailures] = useState<ReadonlyMap<string, string>>(new Map());
  const [busy, setBusy] = useState<'allow' | 'deny'>();
  const leftOut = batch.length - batch.filter(isTickedAtFirst).length;
  const toggle = (id: string) =>
    setTicked((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const answerAll = async (decision: 'allow' | 'deny') => {
    setBusy(decision);
    const failed = new Map<string, string>();
    const chosen = left.filter(({ id }) => ticked.has(id));
    for (const { id, hash } of chosen) {
      const answer = await answerApproval({ id, shownHash: hash, decision });
      if (!answer.ok) failed.set(id, answer.error.message);
    }
    setBusy(undefined);
    const done = chosen.length - failed.size;
    if (done > 0) toast({ level: 'info', text: `${done} ${decision === 'allow' ? 'allowed once' : 'denied'}` });
    if (failed.size === 0) return closeBatch();
    setFailures(failed);
    setLeft((old) => old.filter(({ id }) => !ticked.has(id) || failed.has(id)));
    setTicked(new Set());
  };
  return (
    <Dialog title={`Answer ${batch.length} approvals`} open onOpenChange={closeBatch} className="max-w-2xl">
      <p className="px-4 pt-3 text-sm text-muted">
        Each is answered once; no rule is saved.
        {leftOut > 0 && ` ${leftOut === 1 ? 'One is' : `${leftOut} are`} left out for high or unknown risk.`}
      </p>
      <ul
        aria-label="Approvals in this batch"
        className="mx-4 my-3 min-h-0 divide-y divide-border overflow-y-auto rounded-md border border-border"
      >
        {left.map((approval) => (
          <li key={approval.id} className="px-3 py-1.5">
            <label className="flex items-center gap-2.5">
              <input
                type="checkbox"
                checked={ticked.has(approval.id)}
                disabled={busy !== undefined || approval.kind !== 'call'}
                onChange={() => toggle(approval.id)}
                className="size-3.5 shrink-0 accent-(--accent)"
              />
              <span className="min-w-0 flex-1">
                <span className="block max-h-32 overflow-y-auto whitespace-pre-wrap wrap-anywhere">
                  <span className="font-mono text-sm text-muted">{approval.tool}</span> {shownText(approval)}
                </span>
                <span className="block truncate text-sm text-muted">{approval.path.at(-1)?.title}</span>
              </span>
              <RiskChip risk={approval.risk} />
            </label>
            {failures.has(approval.id) && (
              <p role="alert" className="pl-6 text-sm text-red wrap-anywhere">
                Not answered: {failures.get(approval.id)}
              </p>
            )}
          </li>
        ))}
      </ul>
      <DialogFooter>
        <Button disabled={ticked.size === 0 || busy !== undefined} onClick={() => void answerAll('deny')}>
          Deny {ticked.size}
        </Button>
        <Button
          variant="primary"
          busy={busy === 'allow'}
          disabled={ticked.size === 0 || busy !== undefined}
          onClick={() => void answerAll('allow')}
        >
          Allow {ticked.size} once
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
