import type { ApprovalOutcome } from '../../shared/session/parts.ts';
import { isCall } from '../../shared/session/selectors.ts';
import type { CallItem, Item, PromptItem } from '../../shared/session/state.ts';

export interface TimelineCall {
  id: string;
  call: CallItem;
  /** From the request to the start, when a person was asked. */
  waitedMs?: number;
  ranMs?: number;
}

export interface TimelineTurn {
  turn: number;
  at: number;
  model: string;
  calls: TimelineCall[];
}

export interface TimelineRun {
  id: string;
  prompt?: PromptItem;
  turns: TimelineTurn[];
  /** Sums over the calls of the run. */
  ranMs: number;
  waitedMs: number;
}

/** What the loaded items tell about the runs of a session, newest run first. */
export function timelineOf(items: readonly Item[]): TimelineRun[] {
  const runs = new Map<string, TimelineRun>();
  for (const item of items) {
    if (item.kind === 'notice' || item.kind === 'summary') continue;
    const run = runs.get(item.runId) ?? { id: item.runId, turns: [], ranMs: 0, waitedMs: 0 };
    runs.set(item.runId, run);
    if (item.kind === 'prompt') run.prompt = item;
    else if (isCall(item)) addCall(run, item);
    else run.turns.push({ turn: item.turn, at: item.at, model: item.model, calls: [] });
  }
  return [...runs.values()].reverse();
}

const wasAsked: ReadonlySet<ApprovalOutcome | undefined> = new Set(['allowed', 'denied']);

function addCall(run: TimelineRun, call: CallItem): void {
  const waitedMs =
    call.approval && wasAsked.has(call.approval.outcome) && call.startedAt !== undefined
      ? call.startedAt - call.at
      : undefined;
  const ranMs = call.result?.durationMs;
  run.waitedMs += waitedMs ?? 0;
  run.ranMs += ranMs ?? 0;
  run.turns.at(-1)?.calls.push({ id: call.id, call, waitedMs, ranMs });
}
