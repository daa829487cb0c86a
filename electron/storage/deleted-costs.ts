import { z } from 'zod';
import { idSchema } from '../../shared/ids.ts';
import { addSums, type LedgerRow } from '../../shared/session/ledger.ts';
import { modelCallKinds } from '../../shared/session/parts.ts';
import type { Log } from '../log.ts';
import { createDocument } from './durable-json.ts';
import { explain } from './storage-error.ts';

/** What deleted sessions have cost: the money does not come back with the disk space. Sums by day, model and kind, nothing else of them. */
export interface DeletedCosts {
  /** Before a session goes, so that a crash between the two loses nothing. Never rejects. */
  record(id: string, ledger: readonly LedgerRow[]): Promise<void>;
  /** Of all sessions that are gone. Never rejects. */
  rows(): Promise<LedgerRow[]>;
  flush(): Promise<void>;
}

const rowSchema: z.ZodType<LedgerRow> = z.object({
  hour: z.number(),
  model: z.string(),
  kind: z.enum(['turn', ...modelCallKinds]),
  calls: z.number(),
  input: z.number(),
  output: z.number(),
  cachedInput: z.number(),
  cost: z.number(),
  unpriced: z.number(),
});

const costsSchema = z.object({
  rows: z.array(rowSchema).default([]),
  /** Those that were being deleted when this was written: one that is still there is not counted twice. */
  leaving: z.record(idSchema, z.array(rowSchema)).default({}),
});
type Costs = z.infer<typeof costsSchema>;

export function createDeletedCosts(options: {
  path: string;
  log: Log;
  isListed: (id: string) => boolean;
}): DeletedCosts {
  const { path, log, isListed } = options;
  const document = createDocument<Costs>({ path, schema: costsSchema, defaults: () => costsSchema.parse({}), log });
  let loading: Promise<unknown> | undefined;

  function load(): Promise<unknown> {
    loading ??= document.load().catch((error) => {
      // Nothing is written over what could not be read.
      loading = undefined;
      throw error;
    });
    return loading;
  }

  const problem = (error: unknown) =>
    log.warn('The costs of deleted sessions are not at hand', { path, reason: explain(error) });

  return {
    async record(id, ledger) {
      if (ledger.length === 0) return;
      try {
        await load();
        const { rows, leaving } = document.current();
        const gone = Object.entries(leaving).filter(([known]) => !isListed(known) && known !== id);
        const still = Object.entries(leaving).filter(([known]) => isListed(known) && known !== id);
        const all = gone.reduce((sums, [, more]) => added(sums, more), rows);
        await document.save({ rows: all, leaving: { ...Object.fromEntries(still), [id]: byDay(ledger) } });
      } catch (error) {
        problem(error);
      }
    },
    async rows() {
      try {
        await load();
      } catch (error) {
        problem(error);
        return [];
      }
      const { rows, leaving } = document.current();
      return [...rows, ...Object.entries(leaving).flatMap(([id, more]) => (isListed(id) ? [] : more))];
    },
    flush: () => document.idle(),
  };
}

const byDay = (ledger: readonly LedgerRow[]): LedgerRow[] => added([], ledger);

/** The rows of one day become one. It bears the day's noon, which is on that day after a change of clocks, too. */
function added(rows: readonly LedgerRow[], more: readonly LedgerRow[]): LedgerRow[] {
  const sums = [...rows];
  for (const row of more) {
    const hour = new Date(row.hour).setHours(12, 0, 0, 0);
    const place = sums.findIndex((sum) => sum.hour === hour && sum.model === row.model && sum.kind === row.kind);
    const sum = sums[place];
    if (sum) sums[place] = addSums(sum, row);
    else sums.push({ ...row, hour });
  }
  return sums;
}
