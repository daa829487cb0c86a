import { WorkbenchError } from '../../shared/errors.ts';
import type { Runner } from './runner.ts';
import type { Session } from './session.ts';

export const isPaused = ({ state: { head } }: Session): boolean => head.pausedAt !== undefined && !head.destroyed;

/**
 * Resolves when neither the session nor one above it is paused, or when `signal` aborts. While it waits the run is held, which is a
 * fact: a run that was held is taken up after a restart, for nothing of it was under way.
 */
export async function pauseGate(session: Session, ancestors: () => Session[], signal: AbortSignal): Promise<void> {
  for (;;) {
    const paused = [session, ...ancestors()].find(isPaused);
    if (!paused || signal.aborted) return;
    const { run } = session.state.head;
    if (run && run.heldAt === undefined) session.append({ type: 'run.held', runId: run.id });
    await resumed(paused, signal);
  }
}

/** The pause of one session is over: resumed, or gone with its session. */
function resumed(session: Session, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      unsubscribe();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const unsubscribe = session.subscribe({
      envelope: ({ event }) => {
        if (event.type === 'session.resumed' || event.type === 'session.destroyed') done();
      },
    });
    signal.addEventListener('abort', done, { once: true });
  });
}

/** From here on no turn begins in it. False when it was paused already. */
export async function pause(session: Session): Promise<boolean> {
  if (isPaused(session)) return false;
  await session.saved(session.append({ type: 'session.paused' }));
  return true;
}

/** The held run goes on, or else the queue. False when it was not paused. */
export async function resume(runner: Runner): Promise<boolean> {
  const { session } = runner;
  if (!isPaused(session)) return false;
  const resumed = session.append({ type: 'session.resumed' });
  runner.startNext();
  await session.saved(resumed);
  return true;
}

/** For callers that wait for a result and could wait for ever. Throws `paused`. */
export function refuseIfPaused(session: Session): void {
  if (!isPaused(session)) return;
  throw new WorkbenchError('paused', 'This session is paused.', 'Resume it in the window, or use another session.');
}
