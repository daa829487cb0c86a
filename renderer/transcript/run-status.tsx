import { CircleAlert, CircleSlash, Flag, type LucideIcon, RotateCcw, Zap } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Run } from '../../shared/session/state.ts';
import { sendPrompt } from '../actions.ts';
import { readOnlyReason } from '../composer/read-only.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { formatDuration } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';

/** What stands below the last item: what the run is doing, or how it ended. */
export function RunStatus({ sessionId }: { sessionId: string }) {
  const run = useSession(sessionId, (state) => state.head.run);
  const waits = useSession(sessionId, (state) => state.head.approvals.length > 0);
  // What waits, and a pause, is said by the line or card above the composer.
  if (!run || (waits && run.outcome === undefined) || run.heldAt !== undefined) return null;
  return (
    <div className="mx-auto flex min-h-9 max-w-[800px] items-center gap-2 px-1.5 pt-3 text-sm text-muted">
      {run.outcome === undefined ? <RunUnderWay run={run} /> : <RunEnd sessionId={sessionId} run={run} />}
    </div>
  );
}

function RunUnderWay({ run }: { run: Run }) {
  return (
    <>
      <Spinner className="text-accent" />
      {run.retry ? (
        <span className="min-w-0 wrap-anywhere">
          The model did not answer: {run.retry.reason} Attempt {run.retry.attempt + 1} in{' '}
          {formatDuration(run.retry.delayMs)}.
        </span>
      ) : (
        <span>{run.compacting ? 'Compacting the context' : 'Working'}</span>
      )}
      <Elapsed since={run.startedAt + (run.heldMs ?? 0)} />
    </>
  );
}

function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.floor((now - since) / 1000));
  return <span className="text-faint">{seconds < 10 ? `${seconds} s` : formatDuration(seconds * 1000)}</span>;
}

interface EndLook {
  icon: LucideIcon;
  color: string;
  text: string;
  /** The button's word, and what it sends: the same prompt again, or these words. */
  again?: { label: string; text?: string };
}

const ends: Record<Exclude<Run['outcome'], undefined | 'completed'>, EndLook> = {
  failed: { icon: CircleAlert, color: 'text-red', text: 'Failed', again: { label: 'Retry' } },
  cancelled: { icon: CircleSlash, color: 'text-muted', text: 'Stopped' },
  limit: {
    icon: Flag,
    color: 'text-red',
    text: 'Stopped at the turn limit',
    again: { label: 'Continue', text: 'Continue.' },
  },
  interrupted: { icon: Zap, color: 'text-amber', text: 'Interrupted', again: { label: 'Ask again' } },
};

function RunEnd({ sessionId, run }: { sessionId: string; run: Run }) {
  const took = formatDuration((run.endedAt ?? run.startedAt) - run.startedAt - (run.heldMs ?? 0));
  if (run.outcome === undefined) return null;
  if (run.outcome === 'completed') return <span className="text-xs text-faint">Completed in {took}</span>;
  const { icon: Icon, color, text, again } = ends[run.outcome];
  return (
    <>
      <Icon aria-hidden="true" className={`size-3.5 shrink-0 self-start mt-[5px] ${color}`} />
      <p className="selectable min-w-0 wrap-anywhere">
        <span className={color}>{text}</span>
        {run.error ? `: ${run.error.message}` : ` after ${took}`}
        {run.error?.hint !== undefined && <span className="text-faint"> {run.error.hint}</span>}
      </p>
      {again && <AgainButton sessionId={sessionId} run={run} again={again} />}
    </>
  );
}

function AgainButton({
  sessionId,
  run,
  again,
}: {
  sessionId: string;
  run: Run;
  again: { label: string; text?: string };
}) {
  const [busy, setBusy] = useState(false);
  const prompt = useSession(sessionId, (state) =>
    state.items.find((item) => item.kind === 'prompt' && item.id === run.promptId),
  );
  const text = again.text ?? (prompt?.kind === 'prompt' ? prompt.text : undefined);
  const session = useApp((app) => app.sessions[sessionId]);
  if (text === undefined || readOnlyReason(session, false) !== undefined) return null;
  const send = async () => {
    setBusy(true);
    await sendPrompt(sessionId, text);
    setBusy(false);
  };
  return (
    <Button size="sm" busy={busy} onClick={() => void send()}>
      <RotateCcw aria-hidden="true" className="size-3" />
      {again.label}
    </Button>
  );
}
