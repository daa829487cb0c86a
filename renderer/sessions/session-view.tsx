import { DockedApproval } from '../approvals/docked-approval.tsx';
import { Composer } from '../composer/composer.tsx';
import { openSession } from '../connection.ts';
import { useApp } from '../state/app-store.ts';
import { useReplicaFailure, useReplicaPhase } from '../state/replicas.ts';
import { closeTab } from '../state/ui-store.ts';
import { Transcript } from '../transcript/transcript.tsx';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorBoundary } from '../ui/error-boundary.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { SessionBanners } from './session-banners.tsx';
import { SessionHeader } from './session-header.tsx';

/** The centre: one session's transcript with what waits for the person, and the composer. */
export function SessionView({ id }: { id: string }) {
  const title = useApp((app) => app.sessions[id]?.title);
  return (
    <section
      id="session-view"
      role="tabpanel"
      aria-label={title ?? 'Session'}
      className="flex h-full min-h-0 min-w-0 flex-col bg-bg"
    >
      <h2 className="sr-only">{title ?? 'Session'}</h2>
      <SessionHeader id={id} />
      <SessionBanners id={id} />
      <ErrorBoundary key={id} what="This session">
        <SessionBody id={id} />
      </ErrorBoundary>
    </section>
  );
}

function SessionBody({ id }: { id: string }) {
  const phase = useReplicaPhase(id);
  const failure = useReplicaFailure(id);
  if (phase === 'failed') {
    return (
      <EmptyState title={failure?.message ?? 'The session could not be opened.'} text={failure?.hint}>
        <Button onClick={() => void openSession(id)}>Try again</Button>
        <Button variant="ghost" onClick={() => closeTab(id)}>
          Close tab
        </Button>
      </EmptyState>
    );
  }
  if (phase !== 'ready') {
    return (
      <div role="status" className="late flex h-full items-center justify-center gap-2 text-sm text-muted">
        <Spinner /> Opening the session…
      </div>
    );
  }
  return (
    <>
      <div className="min-h-0 flex-1">
        <Transcript sessionId={id} />
      </div>
      <DockedApproval sessionId={id} />
      <Composer sessionId={id} />
    </>
  );
}
