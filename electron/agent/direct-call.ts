import type { DirectCall, Run, SessionState } from '../../shared/session/state.ts';
import type { LoopPorts } from './ports.ts';
import { describeCalls } from './turn.ts';

/** The call that a run consists of, when its prompt names one instead of asking a model. */
export function directCallOf(state: SessionState, run: Run): DirectCall | undefined {
  const prompt = state.items.findLast((item) => item.id === run.promptId);
  return prompt?.kind === 'prompt' ? prompt.call : undefined;
}

/** Asks for the call as a reply would that nobody had to be asked for: what follows is the same for every call. */
export async function requestDirectCall(ports: LoopPorts, run: Run, { tool, args }: DirectCall): Promise<void> {
  const described = await describeCalls(ports, [{ id: '', name: tool, argsText: JSON.stringify(args) ?? '' }]);
  const messageId = ports.newId();
  const turn = run.turn + 1;
  ports.append({ type: 'turn.started', runId: run.id, turn, messageId, model: '' });
  ports.append({ type: 'message.completed', messageId, runId: run.id, text: '' });
  for (const call of described) {
    ports.append({ type: 'call.requested', callId: ports.newId(), runId: run.id, turn, index: 0, ...call });
  }
}
