import { ArrowUpRight } from 'lucide-react';
import { statusWord } from '../sessions/status-text.ts';
import { useApp } from '../state/app-store.ts';
import { openTab } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { StateDot } from '../ui/state-dot.tsx';

/** The child session that a call made: how it stands, and the way there. */
export function CallChild({ childId }: { childId: string }) {
  const child = useApp((app) => app.sessions[childId]);
  if (!child) return <span className="text-sm text-faint">The child session is gone</span>;
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 text-sm text-muted">
      <StateDot state={child.status} />
      <span>{statusWord(child.status)}</span>
      <Button
        size="sm"
        variant="ghost"
        onClick={() => openTab(childId)}
        aria-label={`Open child session ${child.title}`}
      >
        Open
        <ArrowUpRight aria-hidden="true" className="size-3" />
      </Button>
    </span>
  );
}
