import { Clock3 } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { Item } from '../../shared/session/state.ts';
import { makeVisible } from '../../shared/visible.ts';
import { useSession } from '../state/replicas.ts';
import { CallStateMark } from '../transcript/call-state.tsx';
import { ToolIcon } from '../transcript/tool-icon.tsx';
import { formatClock, formatDuration, plural } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { type TimelineCall, type TimelineRun, timelineOf } from './timeline.ts';

/** Runs shown before more are asked for. */
const runsAtFirst = 20;

const noItems: readonly Item[] = [];

/** The runs of a session: turns, their calls with the time they took, and the time they waited for a person. */
export function TimelineTab({ sessionId }: { sessionId: string }) {
  const items = useSession(sessionId, (state) => state.items) ?? noItems;
  // A streaming reply changes the items many times a second and the timeline hardly ever.
  const settled = useDeferredValue(items);
  const [shown, setShown] = useState(runsAtFirst);
  const runs = useMemo(() => timelineOf(settled), [settled]);
  if (runs.length === 0) {
    return (
      <EmptyState icon={<Clock3 />} title="Nothing has run yet" text="Turns and calls show up here with their times." />
    );
  }
  const newest = runs.slice(0, shown);
  const longest = Math.max(1, ...newest.flatMap((run) => run.turns.flatMap((turn) => turn.calls.map(spanOf))));
  return (
    <ol className="relative flex h-full flex-col gap-2 overflow-y-auto p-2">
      {newest.map((run) => (
        <RunEntry key={run.id} run={run} longest={longest} />
      ))}
      {runs.length > shown && (
        <li>
          <Button size="sm" variant="ghost" onClick={() => setShown(shown + runsAtFirst)}>
            Show earlier runs
          </Button>
        </li>
      )}
    </ol>
  );
}

const spanOf = (call: TimelineCall): number => (call.waitedMs ?? 0) + (call.ranMs ?? 0);

function RunEntry({ run, longest }: { run: TimelineRun; longest: number }) {
  return (
    <li className="rounded-md border border-border bg-raised p-2.5">
      <p className="line-clamp-2 font-medium wrap-anywhere">{run.prompt?.text ?? 'An earlier prompt'}</p>
      <p className="mb-1 text-xs text-faint">
        {[
          run.prompt && formatClock(run.prompt.at),
          plural(run.turns.length, 'turn'),
          `${formatDuration(run.ranMs)} in calls`,
          run.waitedMs > 0 && `${formatDuration(run.waitedMs)} waiting for you`,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <ol>
        {run.turns.map((turn) => (
          <li key={turn.turn}>
            <p className="flex justify-between gap-2 pt-1 text-xs text-faint">
              <span className="min-w-0 truncate">
                Turn {turn.turn} · {turn.model}
              </span>
              <span>{formatClock(turn.at)}</span>
            </p>
            <ul>
              {turn.calls.map((entry) => (
                <CallEntry key={entry.id} entry={entry} longest={longest} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </li>
  );
}

function CallEntry({ entry, longest }: { entry: TimelineCall; longest: number }) {
  const { call, waitedMs = 0, ranMs } = entry;
  const share = (ms: number) => `${Math.max(ms > 0 ? 1 : 0, (ms / longest) * 100)}%`;
  return (
    <li className="py-0.5">
      <p className="flex items-center gap-2 text-sm">
        <ToolIcon kind={call.toolKind} />
        <span className="min-w-0 flex-1 truncate" title={call.title}>
          <span className="font-mono text-xs text-muted">{call.tool}</span> {makeVisible(call.title)}
        </span>
        {waitedMs > 0 && <span className="shrink-0 text-xs text-amber">waited {formatDuration(waitedMs)}</span>}
        {ranMs !== undefined && <span className="shrink-0 text-xs text-faint">{formatDuration(ranMs)}</span>}
        <CallStateMark state={call.state} />
      </p>
      <span aria-hidden="true" className="mt-0.5 ml-[22px] flex h-0.5 gap-px overflow-hidden rounded-full">
        <span style={{ width: share(waitedMs) }} className="bg-amber-fill" />
        <span style={{ width: share(ranMs ?? 0) }} className="bg-accent" />
      </span>
    </li>
  );
}
