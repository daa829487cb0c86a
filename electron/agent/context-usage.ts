import { estimateTokenCount } from 'tokenx';
import type { Usage } from '../../shared/session/events.ts';
import type { ContextMeasure, Item, SessionState } from '../../shared/session/state.ts';
import type { ResolvedModel } from '../model/model-client.ts';

/** What the next request will hold at least: the last call's input and the reply it gave. Never a run's sum. */
export const measureReported = (usage: Usage, model: ResolvedModel): ContextMeasure => ({
  used: usage.input + usage.output,
  source: 'reported',
  ...windowOf(model),
});

/**
 * The measure before a request: the last one plus an estimate of what has come since (the results of calls, a new prompt). Undefined
 * when nothing has come.
 */
export function measureEstimated(state: SessionState, model: ResolvedModel): ContextMeasure | undefined {
  const { context } = state.head;
  const since = context ? itemsAfterLastReply(state.items) : state.items;
  const added = since.reduce((sum, item) => sum + estimate(item), 0);
  if (added === 0) return undefined;
  return { used: (context?.used ?? 0) + added, source: 'estimated', ...windowOf(model) };
}

const windowOf = (model: ResolvedModel) =>
  model.contextWindow === undefined
    ? {}
    : { window: model.contextWindow, ...(model.windowSource ? { windowSource: model.windowSource } : {}) };

function itemsAfterLastReply(items: readonly Item[]): readonly Item[] {
  const last = items.findLastIndex((item) => item.kind === 'message');
  return items.slice(last + 1);
}

function estimate(item: Item): number {
  switch (item.kind) {
    case 'prompt':
    case 'message':
      return estimateTokenCount(item.text);
    case 'call':
      return estimateTokenCount(item.result?.output ?? '');
    case 'notice':
      return 0;
  }
}
