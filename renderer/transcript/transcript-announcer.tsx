import { activeItems } from '../../shared/session/line.ts';
import { isSettled } from '../../shared/session/selectors.ts';
import type { SessionState } from '../../shared/session/state.ts';
import { useSession } from '../state/replicas.ts';
import { stateWords } from './call-facts.ts';

const longestSpoken = 400;

/** The newest thing worth saying: a finished reply, a call that did not succeed, the end of a run. Nothing while a reply streams. */
function spokenLine(state: SessionState): string {
  const { run } = state.head;
  const last = activeItems(state).at(-1);
  if (run?.outcome !== undefined && run.outcome !== 'completed') {
    return `Run ${run.outcome}. ${run.error?.message ?? ''}`.trim();
  }
  if (last?.kind === 'message') return last.streaming ? '' : last.text.slice(0, longestSpoken);
  if (last?.kind === 'notice') return last.text;
  if (last?.kind === 'call' && isSettled(last) && last.state !== 'ok')
    return `${last.tool}: ${last.title}: ${stateWords[last.state]}`;
  return '';
}

/** The log's voice. Rows that scroll into view and text that streams in are silent; this line alone is announced. */
export function TranscriptAnnouncer({ sessionId }: { sessionId: string }) {
  const line = useSession(sessionId, spokenLine);
  return <p className="sr-only">{line}</p>;
}
