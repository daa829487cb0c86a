import clsx from 'clsx';
import { ArrowDown, ChevronRight, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import { isRetitled } from '../../shared/decisions/decision.ts';
import type { CallItem } from '../../shared/session/state.ts';
import { focusApproval } from '../approvals/approval-focus.ts';
import { dockedApprovalOf } from '../approvals/docked.ts';
import { SandboxMark } from '../sandbox/sandbox-chip.tsx';
import { useApp } from '../state/app-store.ts';
import { formatDuration } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { CallArguments } from './call-arguments.tsx';
import { CallBody } from './call-body.tsx';
import { CallChild } from './call-child.tsx';
import { callSummary, decisionRecord, waitsForPerson } from './call-facts.ts';
import { CallStateMark } from './call-state.tsx';
import { DecisionChip } from './decision-chip.tsx';
import { EditedTitle } from './edited-title.tsx';
import { useFold } from './fold-store.ts';
import { ToolIcon } from './tool-icon.tsx';

/** Shorter calls are as good as instant, in milliseconds. */
const worthTelling = 500;

/** A tool call: one line with its detail behind it, or, while it waits for a person, all that is to be decided. */
export const CallRow = memo(function CallRow({ sessionId, call }: { sessionId: string; call: CallItem }) {
  return waitsForPerson(call) ? (
    <WaitingCall sessionId={sessionId} call={call} />
  ) : (
    <FoldedCall sessionId={sessionId} call={call} />
  );
});

function FoldedCall({ sessionId, call }: { sessionId: string; call: CallItem }) {
  const [open, toggle] = useFold(call.id);
  const record = decisionRecord(call);
  const duration = call.result?.durationMs ?? 0;
  return (
    <div>
      <div className="flex min-h-[26px] items-center gap-2 rounded-md pr-1.5 hover:bg-hover">
        <button
          type="button"
          onClick={toggle}
          aria-expanded={open}
          className="flex min-w-0 flex-1 items-center gap-2 self-stretch rounded-md pl-1.5 text-left"
        >
          <CallTitle call={call} />
          <span className="min-w-0 flex-1 truncate text-sm text-muted">{callSummary(call)}</span>
        </button>
        <SandboxMark sandbox={call.result?.sandbox ?? call.decision?.sandbox} />
        {record?.notable && <DecisionChip record={record} call={call} />}
        <Survivors count={call.result?.survivors?.length ?? 0} />
        {call.childId !== undefined && <CallChild childId={call.childId} />}
        {duration >= worthTelling && <span className="shrink-0 text-xs text-faint">{formatDuration(duration)}</span>}
        <CallStateMark state={call.state} />
        <ChevronRight aria-hidden="true" className={clsx('size-3.5 shrink-0 text-faint', open && 'rotate-90')} />
      </div>
      {open && <CallBody sessionId={sessionId} call={call} record={record} />}
    </div>
  );
}

/** Never folded. Only when the card right below shows the same thing does the line stand alone. */
function WaitingCall({ sessionId, call }: { sessionId: string; call: CallItem }) {
  const approvalId = call.approval?.id;
  const isDocked = useApp((app) => dockedApprovalOf(app.approvals, sessionId)?.id === approvalId);
  return (
    <div className="rounded-md bg-amber-soft/60">
      <div className="flex min-h-[30px] items-center gap-2 pr-1.5 pl-1.5">
        <CallTitle call={call} />
        <span className="flex-1" />
        {call.childId !== undefined && <CallChild childId={call.childId} />}
        <CallStateMark state={call.state} />
        {approvalId !== undefined && (
          <Button size="sm" variant="ghost" onClick={() => focusApproval(approvalId)}>
            <ArrowDown aria-hidden="true" className="size-3" />
            Decide
          </Button>
        )}
      </div>
      {!isDocked && (
        <div className="flex min-w-0 flex-col gap-2 pr-2 pb-2 pl-[29px]">
          <CallArguments detail={call.detail} args={call.args} maxHeight="max-h-40" />
        </div>
      )}
    </div>
  );
}

function CallTitle({ call }: { call: CallItem }) {
  const edited = isRetitled(call) ? call.approval?.finalTitle : undefined;
  const title = edited === undefined ? call.title : `${call.title} → ${edited}`;
  return (
    <>
      <ToolIcon kind={call.toolKind} />
      <span className="min-w-0 shrink truncate" title={title}>
        <span className="font-mono text-sm text-muted">{call.tool}</span>{' '}
        {/* Without arguments that can be read a call has only its tool's name. */}
        {call.title !== call.tool && <EditedTitle title={call.title} to={edited} />}
      </span>
    </>
  );
}

function Survivors({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Chip tone="amber">
      <TriangleAlert aria-hidden="true" />
      {count === 1 ? '1 process still runs' : `${count} processes still run`}
    </Chip>
  );
}
