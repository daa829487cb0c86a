import { compactionInForce } from '../../../shared/session/context-plan.ts';
import { activeItems } from '../../../shared/session/line.ts';
import type { SessionState } from '../../../shared/session/state.ts';
import { callTokens, slotTokens } from './estimate.ts';
import { limits, minSaving, protectedOutput } from './limits.ts';
import { type Slot, selectSlots, type Unit, unitsOf } from './selection.ts';

/** How the context is to be made smaller; absent parts would save nothing. */
export interface Cut {
  /** The item with which the kept tail begins. */
  keepFrom?: string;
  /** What leaves the context with that, oldest first. */
  gone: Slot[];
  pruneBefore?: string;
}

/**
 * Where to cut: at the newest boundary of turns that leaves the wanted tail, the turn under way always in it. `scale` turns our
 * estimates into the provider's tokens, in which `window` is given.
 */
export function chooseCut(state: SessionState, window: number | undefined, scale = 1): Cut {
  const { pruneBefore } = chooseOutputs(state, window, scale);
  const slots = selectSlots(state);
  const shown = new Map(slots.map((slot) => [slot.item.id, slot]));
  const units = unitsOf(activeItems(state)).filter((unit) => shown.has(unit.item.id));
  const first = tailStart(units, shown, window === undefined ? undefined : (limits.tailShare * window) / scale);
  const start = units[first];
  if (!start) return { gone: [], pruneBefore };
  const after = selectSlots(withPlan(state, { keepFrom: start.item.id }));
  const gone = goneBetween(slots, after);
  if (!gone.some((slot) => slot.kind === 'turn')) return { gone: [], pruneBefore };
  return { keepFrom: start.item.id, gone, pruneBefore };
}

/** Place among the units of the first that is kept. */
function tailStart(units: readonly Unit[], shown: ReadonlyMap<string, Slot>, mostTokens: number | undefined): number {
  const messages = units.reduce((sum, unit) => sum + messagesOf(unit), 0);
  const wanted = messages > limits.fewMessages ? limits.tailMessages : Math.floor(messages / 3);
  let place = units.length - 1;
  let count = 0;
  let tokens = 0;
  for (let next = place; next >= 0; next -= 1) {
    const unit = units[next] as Unit;
    count += messagesOf(unit);
    tokens += slotTokens(shown.get(unit.item.id) as Slot);
    const tooMuch = count > wanted || (mostTokens !== undefined && tokens > mostTokens);
    if (tooMuch && next < units.length - 1) break;
    place = next;
  }
  // A reply reads better with its prompt, and a last word without anything before it says little.
  if (units[place]?.kind === 'turn' && units[place + 1]?.kind === 'prompt') return place + 1;
  return units[place - 1]?.kind === 'prompt' && units[place]?.kind === 'turn' && place > 1 ? place - 1 : place;
}

const messagesOf = (unit: Unit): number => (unit.kind === 'prompt' ? 1 : 1 + unit.calls.length);

/** What `after` no longer holds of `before`; of a turn only the parts that go. */
function goneBetween(before: readonly Slot[], after: readonly Slot[]): Slot[] {
  const left = new Map(after.map((slot) => [slot.item.id, slot]));
  return before.flatMap((slot): Slot[] => {
    const still = left.get(slot.item.id);
    if (slot.kind === 'summary') return [];
    if (!still) return [slot];
    if (slot.kind === 'prompt' || still.kind !== 'turn') return [];
    const kept = new Set(still.calls.map(({ call }) => call.id));
    const calls = slot.calls.filter(({ call }) => !kept.has(call.id));
    const text = slot.text && !still.text;
    return calls.length > 0 || text ? [{ ...slot, text, calls }] : [];
  });
}

/** Which outputs to take out: all that are older than the protected ones, if that saves enough. */
function chooseOutputs(state: SessionState, window: number | undefined, scale = 1): { pruneBefore?: string } {
  const turns = selectSlots(state).filter((slot) => slot.kind === 'turn');
  let protectedTokens = 0;
  let boundary: string | undefined;
  let saved = 0;
  for (const { item, calls } of turns.reverse()) {
    const answered = calls.reduce((sum, shown) => sum + callTokens(shown).answered, 0) * scale;
    if (boundary === undefined) {
      protectedTokens += answered;
      // The newest turn is what the model works on.
      if (protectedTokens > protectedOutput(window) && item !== turns[0]?.item) boundary = item.id;
      else continue;
    }
    saved += calls.reduce((sum, shown) => sum + savedBy(shown) * scale, 0);
  }
  if (boundary === undefined || saved < minSaving(window)) return {};
  const next = after(state, boundary);
  return next === undefined ? {} : { pruneBefore: next };
}

const savedBy = (shown: Parameters<typeof callTokens>[0]): number =>
  callTokens(shown).answered - callTokens({ ...shown, pruned: true }).answered;

/** The unit after a turn: outputs before it go. */
function after(state: SessionState, id: string): string | undefined {
  const units = unitsOf(activeItems(state));
  return units[units.findIndex((unit) => unit.item.id === id) + 1]?.item.id;
}

/** The state as it would be with another cut, for looking ahead. */
export function withPlan(state: SessionState, cut: { keepFrom?: string; pruneBefore?: string }): SessionState {
  const plan = state.head.contextPlan ?? { compactions: [], pinned: [], dropped: [] };
  const compaction = {
    ...compactionInForce(state.head),
    id: 'ahead',
    ...(cut.keepFrom === undefined ? {} : { keepFrom: cut.keepFrom }),
    ...(cut.pruneBefore === undefined ? {} : { pruneBefore: cut.pruneBefore }),
  };
  return {
    ...state,
    head: { ...state.head, contextPlan: { ...plan, compactions: [...plan.compactions, compaction] } },
  };
}
