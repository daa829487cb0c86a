import { WorkbenchError } from '../../shared/errors.ts';
import { planOf } from '../../shared/session/context-plan.ts';
import type { EventOf } from '../../shared/session/events.ts';
import { activeBefore, activeItems } from '../../shared/session/line.ts';
import { titleFrom } from '../../shared/session/selectors.ts';
import type { PromptItem, SessionState } from '../../shared/session/state.ts';
import type { Runner } from './runner.ts';
import type { Session } from './session.ts';

/** A prompt of the conversation as it stands. Throws `notFound`. */
export function promptOf(state: SessionState, promptId: string): PromptItem {
  const prompt = activeItems(state).find((item) => item.kind === 'prompt' && item.id === promptId);
  if (prompt?.kind !== 'prompt') {
    throw new WorkbenchError('notFound', 'That prompt is no part of this conversation.', 'Restore its branch first.');
  }
  return prompt;
}

/** Where a line can be left: between runs. Throws `busy`. */
function requireIdle(runner: Runner): void {
  if (!runner.running) return;
  throw new WorkbenchError('busy', 'A run is under way in this session.', 'Stop it or wait for its end.');
}

/**
 * Sends a prompt anew, changed or as it was, from where it stood: what came after it is left as a branch. Throws `busy` in a run and
 * `notFound` for a prompt that is not in the conversation.
 */
export function resendPrompt(
  runner: Runner,
  newId: () => string,
  promptId: string,
  text: string | undefined,
): ReturnType<Runner['send']> {
  requireIdle(runner);
  const { session } = runner;
  const prompt = promptOf(session.state, promptId);
  rewind(session, newId, placeOf(session.state, prompt), text === undefined ? 'retry' : 'edit', prompt.text);
  return runner.send(text ?? prompt.text, prompt.by, { first: true });
}

/** Begins the conversation anew; what it was stays as a branch, and limits, rules and sums stay as they are. Throws `busy`. */
export function clearConversation(runner: Runner, newId: () => string): { flushed: Promise<void> } | undefined {
  requireIdle(runner);
  const { state } = runner.session;
  if (activeItems(state).length === 0 && activeBefore(state) === 0) return undefined;
  const first = activeItems(state).find((item) => item.kind === 'prompt');
  return rewind(runner.session, newId, 0, 'clear', first?.kind === 'prompt' ? first.text : '');
}

/** Goes on from the end of a branch; the conversation of now becomes one. Throws `busy` and `notFound`. */
export function restoreBranch(runner: Runner, newId: () => string, branchId: string): { flushed: Promise<void> } {
  requireIdle(runner);
  const { session } = runner;
  if (!session.state.head.branches?.some((branch) => branch.id === branchId)) {
    throw new WorkbenchError('notFound', 'There is no such branch in this session.');
  }
  const last = activeItems(session.state).findLast((item) => item.kind === 'prompt');
  const title = last?.kind === 'prompt' ? titleFrom(last.text) : '';
  return session.append({ type: 'history.restored', branchId, leftId: newId(), title });
}

function rewind(
  session: Session,
  newId: () => string,
  place: number,
  cause: EventOf<'history.rewound'>['cause'],
  text: string,
): { flushed: Promise<void> } {
  const { state } = session;
  const before = new Set(state.items.slice(0, Math.max(0, place - state.firstItem)).map((item) => item.id));
  const compactions = planOf(state.head).compactions.filter(({ id }) => before.has(id)).length;
  const title = titleFrom(text);
  return session.append({ type: 'history.rewound', branchId: newId(), place, cause, title, compactions });
}

const placeOf = ({ firstItem, items }: SessionState, prompt: PromptItem): number => firstItem + items.indexOf(prompt);
