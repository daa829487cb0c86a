import type { CostRow, CostsSummary } from '../../shared/ipc/contract.ts';
import { addSums, type LedgerRow, noSums } from '../../shared/session/ledger.ts';
import { localDate } from '../local-date.ts';

/** All model calls of all sessions, `deleted` ones among them, by day of this machine's clock (newest first) and by model (dearest first). */
export function summarizeCosts(
  ledgers: readonly (readonly LedgerRow[])[],
  deleted: readonly LedgerRow[] = [],
): CostsSummary {
  const days = new Map<string, CostRow>();
  const models = new Map<string, CostRow>();
  const kinds = new Map<string, CostRow>();
  let total = noSums;
  for (const row of [...ledgers.flat(), ...deleted]) {
    addTo(days, localDate(row.hour), row);
    addTo(models, row.model, row);
    addTo(kinds, row.kind, row);
    total = addSums(total, row);
  }
  const byName = (a: CostRow, b: CostRow) => (a.name < b.name ? -1 : 1);
  return {
    total,
    deleted: deleted.reduce((sum, row) => addSums(sum, row), noSums),
    days: [...days.values()].sort(byName).reverse(),
    models: [...models.values()].sort((a, b) => b.cost - a.cost || b.input + b.output - a.input - a.output),
    kinds: [...kinds.values()].sort(byName),
  };
}

function addTo(rows: Map<string, CostRow>, name: string, row: LedgerRow): void {
  rows.set(name, addSums(rows.get(name) ?? { ...noSums, name }, row));
}
