import { hashCall } from '../../electron/approvals/call-hash.ts';
import { createFileStore } from '../../electron/storage/file-store.ts';
import type { SessionConfig } from '../../shared/session/config.ts';
import type { SessionEvent } from '../../shared/session/events.ts';
import { quiet } from './harness.ts';

/** A session on disk that a process left in the middle of a run: its journal ends with `events`, whatever they say. */
export async function leaveSession(
  userDataDir: string,
  id: string,
  config: Pick<SessionConfig, 'workspace'> & Partial<SessionConfig>,
  events: SessionEvent[],
): Promise<void> {
  const whole: SessionConfig = {
    title: id,
    mode: 'manual',
    rules: { allow: [], ask: [], deny: [] },
    maxTurns: 50,
    ...config,
  };
  const begun: SessionEvent[] = [
    { type: 'session.created', config: whole, depth: 0 },
    { type: 'prompt.queued', promptId: `${id}p`, text: 'go', by: 'person' },
    { type: 'run.started', runId: `${id}r`, promptId: `${id}p` },
    { type: 'turn.started', runId: `${id}r`, turn: 1, messageId: `${id}m`, model: 'scripted' },
    { type: 'message.completed', messageId: `${id}m`, runId: `${id}r`, text: 'Let me.' },
  ];
  const log = await createFileStore({ root: userDataDir, log: quiet }).create(id);
  [...begun, ...events].forEach((event, index) => {
    log.append({ stream: id, seq: index + 1, at: 1000 + index, event });
  });
  if (!(await log.close(5000))) throw new Error('the journal could not be written');
}

/** A call of that run, as asked for by the model in its first reply. */
export const asked = (id: string, index: number, tool: string, args: Record<string, unknown>): SessionEvent => ({
  type: 'call.requested',
  callId: `${id}c${index}`,
  runId: `${id}r`,
  turn: 1,
  index,
  providerCallId: `provider-${index}`,
  tool,
  args,
  title: tool,
  kind: 'other',
  detail: { type: 'json' },
});

export const turnEnded = (id: string): SessionEvent => ({
  type: 'turn.ended',
  runId: `${id}r`,
  turn: 1,
  model: 'scripted',
  finishReason: 'tool_calls',
  durationMs: 1,
});

/** That a person is asked about the call. */
export function waits(id: string, index: number, tool: string, args: Record<string, unknown>): SessionEvent[] {
  const callId = `${id}c${index}`;
  return [
    { type: 'call.decided', callId, decision: 'ask', reason: 'manual' },
    {
      type: 'approval.requested',
      approvalId: `${id}a${index}`,
      kind: 'call',
      callId,
      tool,
      title: tool,
      toolKind: 'other',
      args,
      detail: { type: 'json' },
      hash: hashCall(tool, args),
      reason: 'manual',
      risk: { level: 'low', reasons: [] },
    },
  ];
}

/** That the person allowed it. */
export function allowed(id: string, index: number, tool: string, args: Record<string, unknown>): SessionEvent {
  const hash = hashCall(tool, args);
  return {
    type: 'approval.resolved',
    approvalId: `${id}a${index}`,
    callId: `${id}c${index}`,
    outcome: 'allowed',
    by: 'person',
    originalHash: hash,
    finalHash: hash,
  };
}
