import clsx from 'clsx';
import { ChevronRight, ShieldQuestion, Timer, TriangleAlert } from 'lucide-react';
import type { QueuedApproval } from '../../shared/app/state.ts';
import { spanText } from '../../shared/permissions/confirmation.ts';
import { makeVisible } from '../../shared/visible.ts';
import { CodeText } from '../code/code-text.tsx';
import { SandboxChip } from '../sandbox/sandbox-chip.tsx';
import { openTab } from '../state/ui-store.ts';
import { ToolIcon } from '../transcript/tool-icon.tsx';
import { formatClock } from '../ui/amounts.ts';
import { RelativeTime, TimeLeft } from '../ui/relative-time.tsx';
import { toggleSelected, useQueueView } from './queue-view.ts';
import { RiskChip } from './risk-chip.tsx';

/** The risk stands in the card's upper corner, beside its first line; it is read after the reason for asking. */
const besideRisk = 'min-w-0 pr-28';

/** Whose call it is: the session's place in its tree, root first; each name leads there. */
export function Breadcrumb({ path }: { path: QueuedApproval['path'] }) {
  return (
    <p className={clsx('flex flex-wrap items-center gap-x-0.5 text-sm text-muted', besideRisk)}>
      {path.map((session, place) => (
        <span key={session.id} className="inline-flex min-w-0 items-center gap-0.5">
          {place > 0 && <ChevronRight aria-hidden="true" className="size-3 shrink-0 text-faint" />}
          <button
            type="button"
            onClick={() => openTab(session.id)}
            className="max-w-56 min-w-0 truncate rounded-sm text-left hover:text-text hover:underline"
            title={session.title}
          >
            {session.title || 'Untitled session'}
          </button>
        </span>
      ))}
    </p>
  );
}

/** Above its session's composer everyone knows whose call it is; what counts is that it waits. */
export const DockHeading = ({ count }: { count: number }) => (
  <p className={clsx('flex items-center gap-1.5 text-sm font-medium text-amber', besideRisk)}>
    <ShieldQuestion aria-hidden="true" className="size-3.5" />
    Waits for your decision
    {count > 1 && <span className="font-normal text-muted">1 of {count}</span>}
  </p>
);

/** What is asked. */
export function CardTitle({ approval, selectable = false }: { approval: QueuedApproval; selectable?: boolean }) {
  const selected = useQueueView((view) => view.selected.includes(approval.id));
  const isCall = approval.kind === 'call';
  return (
    <div className="flex items-start gap-2">
      {selectable && (
        <input
          type="checkbox"
          aria-label="Select"
          checked={selected}
          onChange={() => toggleSelected(approval.id)}
          className="mt-[3px] size-3.5 shrink-0 accent-(--accent)"
        />
      )}
      {isCall ? (
        <ToolIcon kind={approval.toolKind} className="mt-[3px] size-3.5 shrink-0 text-amber" />
      ) : (
        <ShieldQuestion aria-hidden="true" className="mt-[3px] size-3.5 shrink-0 text-amber" />
      )}
      {/* A command stands whole below. */}
      <h3
        className={clsx(
          'selectable min-w-0 flex-1 font-medium',
          approval.detail.type === 'command' ? 'truncate' : 'wrap-anywhere',
        )}
      >
        <span className="font-mono text-sm text-muted">{approval.tool}</span> {makeVisible(approval.title)}
      </h3>
    </div>
  );
}

/** What the call is about is no longer as it was when it was asked. */
export const ChangedMeanwhile = () => (
  <p role="status" className="flex items-start gap-1.5 rounded-md bg-amber-soft px-2 py-1 text-sm text-amber">
    <TriangleAlert aria-hidden="true" className="mt-[3px] size-3 shrink-0" />
    The file changed on disk since this was asked. Shown is what the call would do now.
  </p>
);

/** Which rule or mode made it a question, since when, how risky it looks as it stands on the card, and why. */
export function WhyAsked({ approval, risk }: { approval: QueuedApproval; risk: QueuedApproval['risk'] }) {
  const { reason, rule, at, sandbox } = approval;
  return (
    <div className="text-sm text-muted">
      <p className="wrap-anywhere">
        <span className="text-faint">Asked because</span> <CodeText text={reason} />
        {/* Mostly the reason names it already. */}
        {rule !== undefined && !reason.includes(rule.replace(/^\(|\)$/g, '')) && (
          <>
            {' '}
            <code className="selectable rounded-sm bg-hover px-1 font-mono">{rule}</code>
          </>
        )}
        <span className="text-faint">
          {' '}
          · waiting since {formatClock(at)} (<RelativeTime at={at} />)
        </span>
      </p>
      {approval.clock && <EndOfWait clock={approval.clock} />}
      {approval.kind === 'call' && (
        <p className="absolute top-3 right-3">
          <RiskChip risk={risk} />
        </p>
      )}
      {sandbox && (
        <p className="my-1 flex min-w-0">
          <SandboxChip sandbox={sandbox} />
        </p>
      )}
      {approval.kind === 'call' && risk.reasons.length > 0 && (
        <ul aria-label="Reasons for this risk" className="list-disc pl-4 marker:text-faint">
          {risk.reasons.map((why) => (
            <li key={why} className="wrap-anywhere">
              <CodeText text={why} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** When the question ends by itself, for those that do. */
function EndOfWait({ clock }: { clock: NonNullable<QueuedApproval['clock']> }) {
  return (
    <p className="flex items-center gap-1">
      <Timer aria-hidden="true" className="size-3 shrink-0" />
      {clock.deadline === undefined ? (
        `Ends by itself ${spanText(clock.remainingMs ?? clock.timeoutMs)} after it goes on`
      ) : (
        <span>
          Ends by itself at {formatClock(clock.deadline)} (<TimeLeft until={clock.deadline} /> left)
        </span>
      )}
    </p>
  );
}
