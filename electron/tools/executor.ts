import { toFailure, WorkbenchError } from '../../shared/errors.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import type { CallItem } from '../../shared/session/state.ts';
import { failure, type Tool, type ToolResult } from './tool.ts';
import { recordable } from './tool-facts.ts';

/** What the executor needs of the session a call belongs to. */
export interface ExecutionHome {
  sessionId: string;
  workspace: string;
  append(event: SessionEvent): { flushed: Promise<void> };
  saveBlob(bytes: Uint8Array): Promise<string>;
  env(): Record<string, string>;
  /** Set when commands are to run in the sandbox. */
  wrap?: (command: string[]) => string[];
  leftOut?: (path: string, names: boolean) => boolean;
  /** What the call was allowed to use. */
  approvedPlaces: readonly string[] | undefined;
}

/** How long a tool may take to end once it was told to; commands, which are ended in order, take less than 2 s. */
const patienceMs = 10_000;

/** Live output becomes at most one event in so many milliseconds. */
const outputMs = 50;

/**
 * Runs an allowed call with arguments that passed its schema. Never throws: a defect of a tool is a result too. A tool that does not
 * heed `signal` is left behind, so that Stop is always followed by an end.
 */
export async function executeTool(
  home: ExecutionHome,
  tool: Tool,
  call: CallItem,
  args: unknown,
  signal: AbortSignal,
): Promise<ToolResult> {
  const live = coalesceOutput((text) => home.append({ type: 'call.output', callId: call.id, text }));
  const leftBehind = whenLeftBehind(tool, signal);
  try {
    const running = tool.execute(args, {
      sessionId: home.sessionId,
      callId: call.id,
      workspace: home.workspace,
      approvedPlaces: home.approvedPlaces,
      signal,
      output: live.push,
      processStarted: async (pid, startTime) => {
        if (!Number.isSafeInteger(pid))
          throw new WorkbenchError('invalid', 'The tool started a process without a pid.');
        await home.append({ type: 'process.started', callId: call.id, pid, startTime: String(startTime) }).flushed;
      },
      saveBlob: home.saveBlob,
      get env() {
        return home.env();
      },
      ...(home.wrap ? { wrap: home.wrap } : {}),
      ...(home.leftOut ? { leftOut: home.leftOut } : {}),
    });
    // A child session ends by what is said here for its own calls.
    const result = tool.kind === 'task' ? await running : await Promise.race([running, leftBehind.result]);
    return await recordable(tool, call.id, result, home.saveBlob);
  } catch (thrown) {
    return failure(toFailure(thrown));
  } finally {
    leftBehind.end();
    live.stop();
  }
}

/** A result that comes some time after `signal` aborts, unless it is ended before. */
function whenLeftBehind(tool: Tool, signal: AbortSignal) {
  let timer: NodeJS.Timeout | undefined;
  let settle = (_: ToolResult) => {};
  const result = new Promise<ToolResult>((resolve) => {
    settle = resolve;
  });
  const wait = () => {
    const output = `Stopped, but ${tool.name} did not end within ${patienceMs / 1000} s: it was left behind and may go on.`;
    timer = setTimeout(() => settle({ status: 'cancelled', output }), patienceMs);
  };
  if (signal.aborted) wait();
  else signal.addEventListener('abort', wait, { once: true });
  return {
    result,
    end() {
      clearTimeout(timer);
      signal.removeEventListener('abort', wait);
    },
  };
}

function coalesceOutput(append: (text: string) => void) {
  let pending = '';
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    if (pending) append(pending);
    pending = '';
  };
  return {
    push(text: string) {
      // A tool that is done says nothing more: output after the result would never be replaced by a durable fact.
      if (stopped) return;
      pending += text;
      timer ??= setTimeout(flush, outputMs);
    },
    /** What is still pending is part of the result. */
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
