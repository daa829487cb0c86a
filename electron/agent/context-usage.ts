import type { SessionConfig } from '../../shared/session/config.ts';
import type { Usage } from '../../shared/session/parts.ts';
import type { ContextMeasure, SessionHead } from '../../shared/session/state.ts';
import type { ResolvedModel } from '../model/model-client.ts';

/** How far a provider's count may lie from our estimate before it is taken for a misreport. */
const scaleBounds = { least: 0.1, most: 5 };

/** How much of the model's window this session may use, and who says so. */
export function windowOf(
  { maxContext }: SessionConfig,
  { contextWindow, windowSource }: Pick<ResolvedModel, 'contextWindow' | 'windowSource'>,
): Pick<ContextMeasure, 'window' | 'windowSource'> {
  if (maxContext && (contextWindow === undefined || maxContext < contextWindow)) {
    return { window: maxContext, windowSource: 'setting' };
  }
  if (contextWindow === undefined) return {};
  return { window: contextWindow, ...(windowSource ? { windowSource } : {}) };
}

/**
 * What the next request will hold at least: the last call's input and the reply it gave. Never a run's sum. `estimated` is what we had
 * thought of the same request. Undefined when the provider counts nothing, as some local servers do.
 */
export function measureReported(
  usage: Usage,
  estimated: number,
  model: ResolvedModel,
  config: SessionConfig,
): ContextMeasure | undefined {
  if (usage.input <= 0) return undefined;
  const scale = Math.min(scaleBounds.most, Math.max(scaleBounds.least, usage.input / Math.max(1, estimated)));
  return { used: usage.input + usage.output, source: 'reported', ...windowOf(config, model), scale };
}

/** The measure of the request as it stands: our unscaled estimate of it, in the measure of the provider's last report. */
export function measureEstimated(
  { context, config }: SessionHead,
  estimated: number,
  model: ResolvedModel,
): ContextMeasure {
  const { scale } = context ?? {};
  return {
    used: Math.round(estimated * (scale ?? 1)),
    source: 'estimated',
    ...windowOf(config, model),
    ...(scale === undefined ? {} : { scale }),
  };
}
