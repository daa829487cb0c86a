import { Pause, Play } from 'lucide-react';
import { isRunning } from '../../shared/session/selectors.ts';
import type { SessionHead } from '../../shared/session/state.ts';
import { pauseSession, resumeSession } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';

/** Says what a pause means just now, and ends it. */
export function PauseBar({ sessionId, head }: { sessionId: string; head: SessionHead }) {
  const text = pauseText(head);
  if (text === undefined) return null;
  return (
    <div
      role="status"
      className="mb-1.5 flex min-h-8 items-center gap-2 rounded-md border border-border bg-panel py-0.5 pr-1 pl-2 text-sm"
    >
      <Pause aria-hidden="true" className="size-3.5 shrink-0 text-muted" />
      <span className="min-w-0 flex-1">{text}</span>
      {head.pausedAt !== undefined && (
        <Button size="sm" variant="primary" onClick={() => void resumeSession(sessionId)}>
          <Play aria-hidden="true" className="size-3" />
          Resume
        </Button>
      )}
    </div>
  );
}

/** Undefined when nothing is paused. */
function pauseText(head: SessionHead): string | undefined {
  const held = isRunning(head) && head.run?.heldAt !== undefined;
  if (head.pausedAt === undefined) return held ? 'Held: a session above this one is paused.' : undefined;
  if (!isRunning(head)) return 'Paused. Prompts wait in the queue.';
  if (held) return 'Paused between two turns.';
  return head.approvals.length > 0
    ? 'Pausing. What waits for you can be answered; after that nothing goes on.'
    : 'Pausing. The turn under way ends first.';
}

export const PauseButton = ({ sessionId }: { sessionId: string }) => (
  <IconButton label="Pause" size="sm" onClick={() => void pauseSession(sessionId)}>
    <Pause />
  </IconButton>
);
