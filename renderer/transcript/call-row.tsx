import clsx from 'clsx';
import { ArrowDown, ChevronRight, ShieldCheck, TriangleAlert } from 'lucide-react';
import { memo } from 'react';
import type { CallItem } from '../../shared/session/state.ts';
import { focusApproval } from '../approvals/approval-focus.ts';
import { DiffView } from '../code/diff-view.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import { formatDuration } from './amounts.ts';
import { argumentsPatch } from './arguments-text.ts';
import { CallArguments } from './call-arguments.tsx';
import { CallChild } from './call-child.tsx';
import { callSummary, type DecisionRecord, decisionRecord, waitsForPerson } from './call-facts.ts';
import { CallOutput } from './call-output.tsx';
import { CallStateMark } from './call-state.tsx';
import { useFold } from './fold-store.ts';
import { ToolIcon } from './tool-icon.tsx';

/** A tool call on one line, with its arguments, decision and result behind it. One that waits for a person is always unfolded. */
export const CallRow = memo(function CallRow({ sessionId, call }: { sessionId: string; call: CallItem }) {
  const [unfolded, toggle] = useFold(call.id);
  const waits = waitsForPerson(call);
  const open = unfolded || waits;
  const record = decisionRecord(call);
  return (
    <div className={clsx('rounded-md', waits && 'bg-amber-soft/50')}>
      <div className="group/call flex min-h-[26px] items-center gap-2 rounded-md pr-1.5 hover:bg-hover">
        <button
          type="button"
          onClick={toggle}
          disabled={waits}
          aria-expanded={open}
          className="flex min-w-0 flex-1 items-center gap-2 self-stretch rounded-md pl-1.5 text-left"
        >
          <ToolIcon kind={call.toolKind} />
          <span className="min-w-0 shrink truncate" title={call.title}>
            {call.title}
          </span>
          <span className="min-w-0 flex-1 truncate text-sm text-muted">{callSummary(call)}</span>
        </button>
        {record?.notable && <DecisionChip record={record} />}
        <Survivors call={call} />
        {call.childId !== undefined && <CallChild childId={call.childId} />}
        {call.result && <span className="shrink-0 text-xs text-faint">{formatDuration(call.result.durationMs)}</span>}
        <CallStateMark state={call.state} />
        <ChevronRight
          aria-hidden="true"
          className={clsx('size-3.5 shrink-0 text-faint', open && 'rotate-90', waits && 'invisible')}
        />
      </div>
      {open && <CallBody sessionId={sessionId} call={call} record={record} />}
    </div>
  );
});

function CallBody({ sessionId, call, record }: { sessionId: string; call: CallItem; record?: DecisionRecord }) {
  const finalArgs = call.approval?.finalArgs;
  const approvalId = call.approval?.id;
  return (
    <div className="flex min-w-0 flex-col gap-2 pt-1 pr-2 pb-3 pl-[29px]">
      {record && !record.notable && <DecisionChip record={record} />}
      {call.malformed && (
        <p className="text-sm text-red">The arguments are not valid JSON; this is what the model wrote.</p>
      )}
      {finalArgs === undefined ? (
        <CallArguments detail={call.result?.detail ?? call.detail} args={call.args} />
      ) : (
        <EditedArguments call={call} finalArgs={finalArgs} />
      )}
      {waitsForPerson(call) && approvalId !== undefined ? (
        <Button size="sm" variant="ghost" className="self-start" onClick={() => focusApproval(approvalId)}>
          <ArrowDown aria-hidden="true" className="size-3.5" />
          Go to its approval
        </Button>
      ) : (
        <CallOutput sessionId={sessionId} call={call} />
      )}
      {call.result?.survivors?.map((survivor) => (
        <p key={survivor} className="selectable flex items-center gap-1.5 text-sm text-amber">
          <TriangleAlert aria-hidden="true" className="size-3.5" />
          Still running: <span className="font-mono">{survivor}</span>
        </p>
      ))}
    </div>
  );
}

function EditedArguments({ call, finalArgs }: { call: CallItem; finalArgs: unknown }) {
  const after = call.result?.detail;
  return (
    <>
      <p className="text-sm text-muted">You changed what the model asked for:</p>
      <DiffView path="arguments" patch={argumentsPatch(call.detail, call.args, finalArgs)} />
      {after?.type === 'diff' && <CallArguments detail={after} args={finalArgs} />}
    </>
  );
}

function DecisionChip({ record }: { record: DecisionRecord }) {
  const chip = (
    <Chip tone={record.tone} className="max-w-72 min-w-0 shrink self-start">
      <ShieldCheck aria-hidden="true" />
      <span className="truncate">{record.text}</span>
    </Chip>
  );
  return record.detail === undefined ? chip : <Tooltip label={record.detail}>{chip}</Tooltip>;
}

function Survivors({ call }: { call: CallItem }) {
  const count = call.result?.survivors?.length ?? 0;
  if (count === 0) return null;
  return (
    <Chip tone="amber">
      <TriangleAlert aria-hidden="true" />
      {count === 1 ? '1 process still runs' : `${count} processes still run`}
    </Chip>
  );
}
