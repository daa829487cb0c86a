import { compactionInForce, planOf } from '../../../shared/session/context-plan.ts';
import { activeItems } from '../../../shared/session/line.ts';
import { isCall, isSettled } from '../../../shared/session/selectors.ts';
import type {
  CallItem,
  Item,
  MessageItem,
  PromptItem,
  SessionState,
  SummaryItem,
} from '../../../shared/session/state.ts';
import { planTool } from '../../tools/plan.ts';

/** A call as the model is shown it: whole, or with its output taken out. */
export interface ShownCall {
  call: CallItem;
  pruned: boolean;
}

/** A stretch of the transcript that stands or falls as a whole; a cut lies only between two of them. */
export type Unit =
  | { kind: 'prompt'; place: number; item: PromptItem }
  | { kind: 'turn'; place: number; item: MessageItem; calls: CallItem[] };

/** What the next request holds, in order. `text` false leaves out a reply's words and keeps its calls. */
export type Slot =
  | { kind: 'prompt'; item: PromptItem }
  | { kind: 'summary'; item: SummaryItem }
  | { kind: 'turn'; item: MessageItem; text: boolean; calls: ShownCall[] };

/** The transcript as prompts and turns, each turn with its calls. Notices and summaries are not part of the conversation. */
export function unitsOf(items: readonly Item[]): Unit[] {
  const units: Unit[] = [];
  items.forEach((item, place) => {
    if (item.kind === 'prompt') units.push({ kind: 'prompt', place, item });
    else if (item.kind === 'message') units.push({ kind: 'turn', place, item, calls: [] });
    else if (isCall(item)) {
      const turn = units.at(-1);
      if (turn?.kind === 'turn' && turn.item.runId === item.runId && turn.item.turn === item.turn)
        turn.calls.push(item);
    }
  });
  return units;
}

/** States never change in place; one is asked for several times a turn. */
const chosen = new WeakMap<SessionState, Slot[]>();

/**
 * Chooses what the model is shown. However the session was cut, pinned or thinned out, the first prompt and those of the newest run
 * are there, a call is there with its result or not at all, one without a result yet is never left out, nor is the plan that is being
 * carried out, unless the person takes it out.
 */
export function selectSlots(state: SessionState): readonly Slot[] {
  const known = chosen.get(state);
  if (known) return known;
  const slots = choose(state);
  chosen.set(state, slots);
  return slots;
}

function choose(state: SessionState): Slot[] {
  const { head } = state;
  const items = activeItems(state);
  const units = unitsOf(items);
  const plan = planOf(head);
  const compaction = compactionInForce(head);
  const keepFrom = boundary(units, placeOf(items, compaction?.keepFrom));
  const pruneBefore = placeOf(items, compaction?.pruneBefore);
  const pinned = new Set(plan.pinned);
  const dropped = new Set(plan.dropped);
  const first = units.find((unit) => unit.kind === 'prompt');
  const approved = items.findLast((item) => isCall(item) && isApprovedPlan(item) && item.runId === head.run?.id);
  const isCarriedOut = (call: CallItem) => call === approved && !dropped.has(call.id);
  const summary = items.find((item) => item.kind === 'summary' && item.id === compaction?.summaryId);

  const slots: Slot[] = [];
  for (const unit of units) {
    const kept = unit.place >= keepFrom;
    const shows = ({ id }: Item) => (kept || pinned.has(id)) && !dropped.has(id);
    if (unit.kind === 'prompt') {
      if (unit === first || unit.item.runId === head.run?.id || shows(unit.item)) slots.push(unit);
      continue;
    }
    const text = shows(unit.item);
    const calls = unit.calls
      .filter((call) => shows(call) || !isSettled(call) || isCarriedOut(call))
      .map((call) => {
        const whole = !isSettled(call) || pinned.has(call.id) || isCarriedOut(call);
        return { call, pruned: unit.place < pruneBefore && !whole };
      });
    if (text || calls.length > 0) slots.push({ kind: 'turn', item: unit.item, text, calls });
  }
  if (summary?.kind === 'summary' && summary.text !== '') {
    const after = slots[0]?.kind === 'prompt' && slots[0].item === first?.item ? 1 : 0;
    slots.splice(after, 0, { kind: 'summary', item: summary });
  }
  return slots;
}

const isApprovedPlan = ({ tool, state }: CallItem): boolean => tool === planTool && state === 'ok';

const placeOf = (items: readonly Item[], id: string | undefined): number =>
  id === undefined
    ? 0
    : Math.max(
        0,
        items.findIndex((item) => item.id === id),
      );

/** The place of the unit in which a place lies, so that nothing is cut inside a turn. */
const boundary = (units: readonly Unit[], place: number): number =>
  units.findLast((unit) => unit.place <= place)?.place ?? 0;
