import { request } from '../connection.ts';
import { toast } from '../ui/toast-store.ts';

/** Goes on with the queue that a stop or a failure held. */
export async function startRun(sessionId: string): Promise<void> {
  const answer = await request('run.start', { sessionId });
  if (!answer.ok) toast({ level: 'error', text: answer.error.message, hint: answer.error.hint });
}
