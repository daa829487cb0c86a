import { orThrow, WorkbenchError } from '../../shared/errors.ts';
import type { CallStatus } from '../../shared/session/parts.ts';
import { isCall } from '../../shared/session/selectors.ts';
import type { DirectCall } from '../../shared/session/state.ts';
import type { ToolDefinition } from '../model/model-client.ts';
import { definitionOf } from '../tools/registry.ts';
import type { Tool } from '../tools/tool.ts';
import { refuseIfPaused } from './pause.ts';
import type { Runner } from './runner.ts';

/** How a call that nobody's model asked for ended, and exactly what a model would have been told. */
export interface CallOutcome {
  status: CallStatus;
  output: string;
}

/** Runs tools in sessions by themselves. */
export interface ToolExecutor {
  definitions(): ToolDefinition[];
  /**
   * Runs one call in a session, as a run of its own: queued behind what runs already, judged by its rules, modes and policies, asked
   * about where those ask, recorded, and stopped by a stop. No model is asked. Throws `paused`, `invalid` for arguments that are no
   * JSON, and what made the run fail.
   */
  run(sessionId: string, call: DirectCall, signal?: AbortSignal): Promise<CallOutcome>;
}

export interface ToolExecutorDeps {
  tools(): Tool[];
  runner(sessionId: string): Promise<Runner>;
}

/** As the transcript shows it and a model is told of it later. */
const promptText = ({ tool, args }: DirectCall): string => `Run \`${tool}\` with ${JSON.stringify(args)}`;

export const createToolExecutor = ({ tools, runner }: ToolExecutorDeps): ToolExecutor => ({
  definitions: () => tools().map(definitionOf),
  async run(sessionId, { tool, args }, signal) {
    if (JSON.stringify(args) === undefined) throw new WorkbenchError('invalid', 'The arguments are not JSON.');
    const of = await runner(sessionId);
    refuseIfPaused(of.session);
    const call = { tool, args };
    const { promptId } = of.send(promptText(call), 'person', { call });
    const { runId, error } = await of.resultOf(promptId, signal);
    const made = of.session.state.items.findLast((item) => isCall(item) && item.runId === runId);
    if (made?.kind === 'call' && made.result) return { status: made.state as CallStatus, output: made.result.output };
    if (error) orThrow({ ok: false, error });
    return { status: 'cancelled', output: 'Stopped before it began; it was not run.' };
  },
});
