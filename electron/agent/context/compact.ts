import { fail, ok, type Result } from '../../../shared/errors.ts';
import {
  afterCompaction,
  compactAt,
  compactionInForce,
  defaultCompactAt,
  planOf,
} from '../../../shared/session/context-plan.ts';
import type { EventOf } from '../../../shared/session/events.ts';
import { activeItems } from '../../../shared/session/line.ts';
import type { SessionState, SummaryItem } from '../../../shared/session/state.ts';
import type { ResolvedModel } from '../../model/model-client.ts';
import { windowOf } from '../context-usage.ts';
import type { LoopPorts } from '../ports.ts';
import { type Cut, chooseCut } from './cut.ts';
import { listOfFacts, renderSlots } from './digest.ts';
import { estimateContext, type Fixed } from './estimate.ts';
import { type Bill, summarise } from './summarise.ts';

export type Trigger = EventOf<'context.compacted'>['trigger'];
export type Compacted = EventOf<'context.compacted'>;

export interface CompactionPorts extends Pick<LoopPorts, 'state' | 'append' | 'model' | 'newId'> {
  fixed(): Fixed;
  /** Called before anything is done; may add to the instructions, or refuse with a reason. */
  beforeCompaction?(about: {
    trigger: Trigger;
    instructions?: string;
  }): Promise<{ instructions?: string; refuse?: string }>;
  /** Called with the fact, once it is one. */
  afterCompaction?(fact: Compacted): Promise<void>;
}

export interface CompactionWish {
  trigger: Trigger;
  instructions?: string;
}

/** Characters of the first prompt that the summary's writer is shown. */
const longestTask = 4000;

/** A way to make the context smaller, before it is measured and becomes a fact. */
type Draft = Pick<Compacted, 'method' | 'keepFrom' | 'pruneBefore' | 'summary' | 'reason'>;

/**
 * Makes the context of a session smaller and tells it as one fact. The model works on a copy while the session goes on; its summary is
 * applied only if what it sums up is still what it was (`stale` otherwise). Without a usable summary old outputs are taken out, and if
 * that is not enough the rest is cut and listed. Fails with `invalid` when there is nothing to gain.
 */
export async function compactContext(
  ports: CompactionPorts,
  wish: CompactionWish,
  signal: AbortSignal,
): Promise<Result<Compacted>> {
  const auto = wish.trigger !== 'asked';
  const asked = (await ports.beforeCompaction?.(wish)) ?? {};
  if (asked.refuse !== undefined) return fail('denied', asked.refuse);
  const instructions = [wish.instructions, asked.instructions].filter(Boolean).join('\n') || undefined;

  const before = ports.state();
  const model = await ports.model();
  const window = model.ok ? windowOf(before.head.config, model.value).window : before.head.context?.window;
  const cut = chooseCut(before, window, before.head.context?.scale);
  if (cut.keepFrom === undefined && cut.pruneBefore === undefined) {
    return fail('invalid', 'There is nothing to compact yet.', 'The newest exchange is always kept as it is.');
  }
  if (auto) ports.append({ type: 'context.compacting', trigger: wish.trigger });
  const summed = await summaryOf(before, cut, model.ok ? model.value : undefined, { instructions, window }, signal);
  const refused = (code: 'cancelled' | 'stale' | 'invalid', reason: string): Result<Compacted> => {
    ports.append({ type: 'context.compactionFailed', auto, reason, ...summed.bill });
    return fail(code, reason);
  };
  if (signal.aborted) return refused('cancelled', 'The compaction was stopped.');
  if (!isSamePrefix(before, ports.state(), cut)) {
    return refused('stale', 'The context changed while it was being summed up; nothing was replaced.');
  }

  const now = ports.state();
  const full = compactAt(now.head) ?? defaultCompactAt;
  const isEnough = (tokens: number) => window === undefined || tokens < full * window;
  const tokensBefore = estimateContext(now, ports.fixed());
  const options = draftsOf(cut, now, summed.text, summed.reason).map((draft) => {
    const fact = factOf(draft, cut, { ports, wish, instructions, window, bill: summed.bill, tokensBefore });
    return { ...fact, tokensAfter: estimateContext(ahead(now, fact), ports.fixed()) };
  });
  // A refusal for length says that no estimate is to be trusted: then only the most there is to do will do.
  const isTrusted = wish.trigger !== 'overflow';
  const chosen =
    options.find(({ tokensAfter }) => isTrusted && isEnough(tokensAfter) && tokensAfter < tokensBefore) ??
    options.at(-1);
  if (!chosen || chosen.tokensAfter >= tokensBefore) {
    return refused('invalid', 'Compacting would not make the context smaller.');
  }
  const fact: Compacted = isEnough(chosen.tokensAfter) ? chosen : { ...chosen, insufficient: true };
  ports.append(fact);
  await ports.afterCompaction?.(fact);
  return ok(fact);
}

interface Summed {
  text?: string;
  /** Why there is none. */
  reason?: string;
  bill: Bill;
}

async function summaryOf(
  state: SessionState,
  cut: Cut,
  model: ResolvedModel | undefined,
  { instructions, window }: { instructions?: string; window?: number },
  signal: AbortSignal,
): Promise<Summed> {
  const none = { modelCalls: 0 };
  if (cut.keepFrom === undefined) return { bill: none };
  if (!model) return { reason: 'there is no model', bill: none };
  if (model.demo) return { reason: 'the demo cannot sum up', bill: none };
  const earlier = summaryInForce(state)?.text;
  const summary = await summarise(
    model,
    {
      entries: renderSlots(cut.gone),
      ...taskOf(state),
      ...(earlier ? { earlier } : {}),
      ...(instructions ? { instructions } : {}),
      ...(window === undefined ? {} : { window }),
    },
    signal,
  );
  if (summary.status === 'done') return { text: summary.text, bill: summary.bill };
  return { bill: summary.bill, ...(summary.status === 'failed' ? { reason: summary.error.message } : {}) };
}

function taskOf(state: SessionState): { task?: string } {
  const first = activeItems(state).find((item) => item.kind === 'prompt');
  return first?.kind === 'prompt' ? { task: first.text.slice(0, longestTask) } : {};
}

function summaryInForce(state: SessionState): SummaryItem | undefined {
  const id = compactionInForce(state.head)?.summaryId;
  const item = id === undefined ? undefined : state.items.findLast((entry) => entry.id === id);
  return item?.kind === 'summary' ? item : undefined;
}

/** Ways in the order in which they are tried; the last is taken even when it is not enough. */
function draftsOf(cut: Cut, state: SessionState, summary: string | undefined, reason: string | undefined): Draft[] {
  const { keepFrom, pruneBefore } = cut;
  const prune = pruneBefore === undefined ? {} : { pruneBefore };
  if (summary !== undefined && keepFrom !== undefined) {
    return [
      { method: 'summary', keepFrom, summary },
      { method: 'summary', keepFrom, summary, ...prune },
    ];
  }
  const why = reason === undefined ? {} : { reason };
  const drafts: Draft[] = pruneBefore === undefined ? [] : [{ method: 'prune', pruneBefore, ...why }];
  if (keepFrom !== undefined) {
    const list = listOfFacts(cut.gone, summaryInForce(state)?.text);
    drafts.push({ method: 'truncate', keepFrom, summary: list, ...prune, ...why });
  }
  return drafts;
}

function factOf(
  draft: Draft,
  cut: Cut,
  about: {
    ports: CompactionPorts;
    wish: CompactionWish;
    instructions?: string;
    window?: number;
    bill: Bill;
    tokensBefore: number;
  },
): Omit<Compacted, 'tokensAfter'> {
  const gone = draft.keepFrom === undefined ? 0 : cut.gone.reduce((sum, slot) => sum + itemsOf(slot), 0);
  return {
    type: 'context.compacted',
    compactionId: about.ports.newId(),
    auto: about.wish.trigger !== 'asked',
    trigger: about.wish.trigger,
    ...draft,
    ...(about.instructions ? { instructions: about.instructions } : {}),
    gone,
    tokensBefore: about.tokensBefore,
    ...(about.window === undefined ? {} : { window: about.window }),
    ...about.bill,
  };
}

const itemsOf = (slot: Cut['gone'][number]): number =>
  slot.kind === 'turn' ? slot.calls.length + (slot.text ? 1 : 0) : 1;

/** The state as it will be, for measuring. */
function ahead(state: SessionState, fact: Omit<Compacted, 'tokensAfter'>): SessionState {
  const event: Compacted = { ...fact, tokensAfter: 0 };
  const { contextPlan } = afterCompaction(state.head, event);
  const summary: SummaryItem = {
    kind: 'summary',
    id: fact.compactionId,
    at: 0,
    method: fact.method,
    auto: fact.auto,
    text: fact.summary ?? '',
    edited: false,
    gone: fact.gone,
    tokensBefore: 0,
    tokensAfter: 0,
  };
  return { ...state, items: [...state.items, summary], head: { ...state.head, contextPlan } };
}

/** Nothing that the summary stands for has changed: the same compaction counts, and the same items go. */
function isSamePrefix(before: SessionState, now: SessionState, { keepFrom, gone }: Cut): boolean {
  if (compactionInForce(before.head)?.id !== compactionInForce(now.head)?.id) return false;
  if (summaryInForce(before)?.text !== summaryInForce(now)?.text) return false;
  if (planOf(before.head).dropped.join() !== planOf(now.head).dropped.join()) return false;
  const items = new Set(activeItems(now));
  const same = (slot: Cut['gone'][number]) =>
    items.has(slot.item) && (slot.kind !== 'turn' || slot.calls.every(({ call }) => items.has(call)));
  return gone.every(same) && (keepFrom === undefined || [...items].some((item) => item.id === keepFrom));
}
