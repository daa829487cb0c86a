import { toFailure } from '../../shared/errors.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import type { CallItem } from '../../shared/session/state.ts';
import { failure, type Tool, type ToolResult } from './tool.ts';

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

/** Live output becomes at most one event in so many milliseconds. */
const outputMs = 50;

/** Runs an allowed call with arguments that passed its schema. Never throws: a defect of a tool is a result too. */
export async function executeTool(
  home: ExecutionHome,
  tool: Tool,
  call: CallItem,
  args: unknown,
  signal: AbortSignal,
): Promise<ToolResult> {
  const live = coalesceOutput((text) => home.append({ type: 'call.output', callId: call.id, text }));
  try {
    return await tool.execute(args, {
      sessionId: home.sessionId,
      callId: call.id,
      workspace: home.workspace,
      approvedPlaces: home.approvedPlaces,
      signal,
      output: live.push,
      processStarted: (pid, startTime) =>
        home.append({ type: 'process.started', callId: call.id, pid, startTime }).flushed,
      saveBlob: home.saveBlob,
      get env() {
        return home.env();
      },
      ...(home.wrap ? { wrap: home.wrap } : {}),
      ...(home.leftOut ? { leftOut: home.leftOut } : {}),
    });
  } catch (thrown) {
    return failure(toFailure(thrown));
  } finally {
    live.stop();
  }
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
