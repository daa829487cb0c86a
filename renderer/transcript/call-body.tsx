import { TriangleAlert } from 'lucide-react';
import type { CallItem } from '../../shared/session/state.ts';
import { DiffView } from '../code/diff-view.tsx';
import { SandboxChip } from '../sandbox/sandbox-chip.tsx';
import { argumentsPatch } from './arguments-text.ts';
import { CallArguments } from './call-arguments.tsx';
import type { DecisionRecord } from './call-facts.ts';
import { CallOutput } from './call-output.tsx';
import { DecisionChip } from './decision-chip.tsx';

/** What stands behind the line of a call: why it was allowed, what it was asked to do, what came of it. */
export function CallBody(props: { sessionId: string; call: CallItem; record: DecisionRecord | undefined }) {
  const { sessionId, call, record } = props;
  const finalArgs = call.approval?.finalArgs;
  const sandbox = call.result?.sandbox ?? call.decision?.sandbox;
  return (
    <div className="flex min-w-0 flex-col gap-2 pt-1 pr-2 pb-3 pl-[29px]">
      {((record && !record.notable) || sandbox) && (
        <span className="flex min-w-0 flex-wrap gap-1.5">
          {record && !record.notable && <DecisionChip record={record} call={call} />}
          {sandbox && <SandboxChip sandbox={sandbox} />}
        </span>
      )}
      {call.malformed && (
        <p className="text-sm text-red">The arguments are not valid JSON; this is what the model wrote.</p>
      )}
      {finalArgs === undefined ? (
        <CallArguments detail={call.result?.detail ?? call.detail} args={call.args} />
      ) : (
        <EditedArguments call={call} finalArgs={finalArgs} />
      )}
      <CallOutput sessionId={sessionId} call={call} />
      {call.result?.survivors?.map((survivor) => (
        <p key={survivor} className="selectable flex items-center gap-1.5 text-sm text-amber">
          <TriangleAlert aria-hidden="true" className="size-3.5 shrink-0" />
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
      <DiffView
        path="arguments"
        patch={argumentsPatch(call.detail, call.approval?.askedArgs ?? call.args, finalArgs)}
      />
      {after?.type === 'diff' && <CallArguments detail={after} args={finalArgs} />}
    </>
  );
}
