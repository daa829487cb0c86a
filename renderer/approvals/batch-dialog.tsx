import clsx from 'clsx';
import { useState } from 'react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { makeVisible } from '../../shared/visible.ts';
import { answerApproval } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { CallArguments } from '../transcript/call-arguments.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog, DialogFooter } from '../ui/dialog.tsx';
import { toast } from '../ui/toast-store.ts';
import { callIsChanged } from './call-form.ts';
import { cardDraft } from './card-draft.ts';
import { closeBatch, useQueueView } from './queue-view.ts';
import { RiskChip } from './risk-chip.tsx';

export function BatchDialog() {
  const batch = useQueueView((view) => view.batch);
  return batch && <Preflight batch={batch} />;
}

/** High and unknown risks are only part of a batch when they were put there one by one. */
const isTame = ({ risk, kind }: QueuedApproval): boolean =>
  kind === 'call' && (risk.level === 'low' || risk.level === 'medium');

/** A batch answers calls as they were asked, which is not what somebody wants who is changing one. */
const isBeingChanged = ({ id, args }: QueuedApproval): boolean => {
  const { editing, form } = cardDraft(id);
  return editing || (form !== undefined && callIsChanged(form, args));
};

const isTickedAtFirst = (approval: QueuedApproval): boolean => isTame(approval) && !isBeingChanged(approval);

/** What a batch would answer, before it does: each to be left out; always once. What fails stays in the queue, with the reason. */
function Preflight({ batch }: { batch: QueuedApproval[] }) {
  const [done, setDone] = useState<ReadonlySet<string>>(new Set());
  const [ticked, setTicked] = useState(() => new Set(batch.filter(isTickedAtFirst).map(({ id }) => id)));
  const [failures, setFailures] = useState<ReadonlyMap<string, string>>(new Map());
  const [busy, setBusy] = useState<'allow' | 'deny'>();
  const waiting = useApp((app) => app.approvals);
  const left = batch.filter(({ id }) => !done.has(id));
  // While answers are on their way what goes is theirs.
  const gone = new Set(busy ? [] : left.filter(({ id }) => !waiting.some((one) => one.id === id)).map(({ id }) => id));
  const chosen = left.filter(({ id }) => ticked.has(id) && !gone.has(id));
  const risky = batch.filter((approval) => !isTame(approval)).length;
  const changed = batch.filter((approval) => isTame(approval) && isBeingChanged(approval)).length;
  const toggle = (id: string) =>
    setTicked((old) => {
      const next = new Set(old);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const answerAll = async (decision: 'allow' | 'deny') => {
    setBusy(decision);
    const answers = await Promise.all(
      chosen.map(async ({ id, hash }) => ({ id, answer: await answerApproval({ id, shownHash: hash, decision }) })),
    );
    setBusy(undefined);
    const failed = answers.flatMap(({ id, answer }) => (answer.ok ? [] : [[id, answer.error.message] as const]));
    const answered = answers.length - failed.length;
    if (answered > 0) toast({ level: 'info', text: `${answered} ${decision === 'allow' ? 'allowed once' : 'denied'}` });
    if (failed.length === 0) return closeBatch();
    setFailures(new Map(failed));
    setDone((old) => new Set([...old, ...answers.filter(({ answer }) => answer.ok).map(({ id }) => id)]));
    setTicked(new Set());
  };
  const stillWaiting = [...failures.keys()].filter((id) => !gone.has(id)).length;
  return (
    <Dialog
      title={batch.length === 1 ? 'Answer 1 approval' : `Answer ${batch.length} approvals`}
      open
      onOpenChange={closeBatch}
      className="max-w-2xl"
    >
      <div className="px-4 pt-3 text-sm text-muted">
        <p>
          Each is answered once; no rule is saved.
          {risky > 0 && ` ${risky === 1 ? 'One is' : `${risky} are`} left out for high or unknown risk.`}
          {changed > 0 && ` ${changed === 1 ? 'One is' : `${changed} are`} left out because you are changing it.`}
        </p>
        <p role="status" className="text-amber empty:hidden">
          {stillWaiting > 0 &&
            `${stillWaiting} could not be answered and ${stillWaiting === 1 ? 'stays' : 'stay'} in the queue. `}
          {gone.size > 0 && `${gone.size} no longer ${gone.size === 1 ? 'waits' : 'wait'}.`}
        </p>
      </div>
      <ul
        aria-label="Approvals in this batch"
        className="mx-4 my-3 min-h-0 divide-y divide-border overflow-y-auto rounded-md border border-border"
      >
        {left.map((approval) => (
          <BatchRow
            key={approval.id}
            approval={approval}
            ticked={ticked.has(approval.id)}
            locked={busy !== undefined}
            gone={gone.has(approval.id)}
            failure={failures.get(approval.id)}
            onToggle={() => toggle(approval.id)}
          />
        ))}
      </ul>
      <DialogFooter>
        <Button disabled={chosen.length === 0 || busy !== undefined} onClick={() => void answerAll('deny')}>
          Deny {chosen.length}
        </Button>
        <Button
          variant="primary"
          busy={busy === 'allow'}
          disabled={chosen.length === 0 || busy !== undefined}
          onClick={() => void answerAll('allow')}
        >
          Allow {chosen.length} once
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

interface BatchRowProps {
  approval: QueuedApproval;
  ticked: boolean;
  locked: boolean;
  /** It was settled in some other way since the list was opened. */
  gone: boolean;
  failure: string | undefined;
  onToggle: () => void;
}

function BatchRow({ approval, ticked, locked, gone, failure, onToggle }: BatchRowProps) {
  const { tool, title, detail } = approval;
  const note = gone
    ? 'No longer waits: it was answered, or a rule, a mode or a stop settled it.'
    : failure && `Not answered, it stays in the queue: ${failure}`;
  return (
    <li className="px-3 py-1.5">
      <label className={clsx('flex items-center gap-2.5', gone && 'text-faint')}>
        <input
          type="checkbox"
          checked={ticked && !gone}
          disabled={locked || gone || approval.kind !== 'call'}
          onChange={onToggle}
          className="size-3.5 shrink-0 accent-(--accent)"
        />
        <span className="min-w-0 flex-1">
          <span
            className={clsx('block max-h-32 overflow-y-auto whitespace-pre-wrap wrap-anywhere', gone && 'line-through')}
          >
            <span className="font-mono text-sm text-muted">{tool}</span>{' '}
            {makeVisible(detail.type === 'command' ? detail.command : title)}
          </span>
          <span className="block truncate text-sm text-muted">
            {approval.path.map(({ title }) => title || 'Untitled session').join(' › ')}
          </span>
        </span>
        <RiskChip risk={approval.risk} />
      </label>
      {/* What is allowed must have been in sight; a command stands whole above. */}
      {!gone && approval.kind === 'call' && detail.type !== 'command' && (
        <div className="flex min-w-0 flex-col gap-1 py-1 pl-6">
          <CallArguments detail={detail} args={approval.args} maxHeight="max-h-32" />
        </div>
      )}
      {isBeingChanged(approval) && !gone && (
        <p className="pl-6 text-sm text-amber">
          You are changing this call on its card. Here it would be answered as it was asked.
        </p>
      )}
      {note !== undefined && (
        <p className={clsx('pl-6 text-sm wrap-anywhere', gone ? 'text-muted' : 'text-red')}>{note}</p>
      )}
    </li>
  );
}
