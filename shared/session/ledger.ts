import type { Envelope, EventOf } from './events.ts';
import type { Usage } from './parts.ts';
import type { SessionHead } from './state.ts';

/** What a model was called for: a turn of a run, or one of the calls outside of turns. */
export type LedgerKind = 'turn' | EventOf<'model.called'>['kind'];

/** One model call as it was billed, or those of one compaction together. */
export interface LedgerEntry {
  at: number;
  kind: LedgerKind;
  model: string;
  calls: number;
  usage?: Usage;
  /** US dollars; absent when the model's price or its usage is unknown. */
  cost?: number;
}

type Bill = { model?: string; usage?: Usage; cost?: number };

/** All model calls of one hour, model and kind, added up. */
export interface LedgerRow {
  /** Milliseconds since the epoch at which the hour begins. */
  hour: number;
  model: string;
  kind: LedgerKind;
  calls: number;
  input: number;
  output: number;
  cachedInput: number;
  cost: number;
  /** Calls among them whose cost is not known. */
  unpriced: number;
}

const hourMs = 3_600_000;

/** The call that an event bills, if it bills one. */
function ledgerEntryOf({ event, at }: Pick<Envelope, 'event' | 'at'>): LedgerEntry | undefined {
  switch (event.type) {
    case 'turn.ended':
      return { at, kind: 'turn', ...billOf(event) };
    case 'model.called':
      return { at, kind: event.kind, ...billOf(event) };
    case 'context.compacted':
    case 'context.compactionFailed':
      return event.modelCalls > 0 ? { at, kind: 'compaction', ...billOf(event, event.modelCalls) } : undefined;
    default:
      return undefined;
  }
}

const billOf = ({ model, usage, cost }: Bill, calls = 1) => ({
  model: model ?? 'unknown',
  calls,
  ...(usage ? { usage } : {}),
  ...(cost === undefined ? {} : { cost }),
});

/** The rows with one more entry in them. */
function addToLedger(rows: readonly LedgerRow[], entry: LedgerEntry): LedgerRow[] {
  const { at, kind, model, calls, usage, cost } = entry;
  const hour = Math.floor(at / hourMs) * hourMs;
  const call: LedgerRow = {
    hour,
    model,
    kind,
    calls,
    input: usage?.input ?? 0,
    output: usage?.output ?? 0,
    cachedInput: usage?.cachedInput ?? 0,
    cost: cost ?? 0,
    unpriced: cost === undefined ? calls : 0,
  };
  // The newest row stands last and is nearly always the one.
  const place = rows.findLastIndex((row) => row.hour === hour && row.model === model && row.kind === kind);
  const row = rows[place];
  if (!row) return [...rows, call];
  return rows.with(place, addSums(row, call));
}

export type LedgerSums = Omit<LedgerRow, 'hour' | 'model' | 'kind'>;

export const noSums: LedgerSums = { calls: 0, input: 0, output: 0, cachedInput: 0, cost: 0, unpriced: 0 };

/** `row` with the numbers of `more` added to its own. */
export const addSums = <T extends LedgerSums>(row: T, more: LedgerSums): T => ({
  ...row,
  calls: row.calls + more.calls,
  input: row.input + more.input,
  output: row.output + more.output,
  cachedInput: row.cachedInput + more.cachedInput,
  cost: row.cost + more.cost,
  unpriced: row.unpriced + more.unpriced,
});

/** The head with totals and ledger of the model call that the fact bills, if it bills one. */
export function billed(head: SessionHead, envelope: Envelope): SessionHead {
  const entry = ledgerEntryOf(envelope);
  if (!entry) return head;
  const { totals } = head;
  const { usage, cost, calls } = entry;
  return {
    ...head,
    ledger: addToLedger(head.ledger ?? [], entry),
    totals: {
      input: totals.input + (usage?.input ?? 0),
      output: totals.output + (usage?.output ?? 0),
      cachedInput: totals.cachedInput + (usage?.cachedInput ?? 0),
      modelCalls: totals.modelCalls + calls,
      cost: totals.cost + (cost ?? 0),
      unpriced: totals.unpriced + (cost === undefined ? calls : 0),
    },
  };
}
