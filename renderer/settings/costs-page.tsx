import { useEffect, useState } from 'react';
import type { Result } from '../../shared/errors.ts';
import type { CostRow, CostsSummary } from '../../shared/ipc/contract.ts';
import { loadCosts } from '../actions.ts';
import { costText } from '../inspector/context-tab.tsx';
import { useApp } from '../state/app-store.ts';
import { compactNumber, formatCount } from '../ui/amounts.ts';
import { Spinner } from '../ui/spinner.tsx';
import { PageSection } from './page-parts.tsx';

const kindNames: Record<string, string> = {
  turn: 'Turns of runs',
  title: 'Titles',
  compaction: 'Compaction',
  plan: 'Planning',
};

/** What all sessions together have cost. */
export function CostsPage() {
  const [costs, setCosts] = useState<Result<CostsSummary>>();
  const { date } = useApp((app) => app.runtime.catalogue);
  useEffect(() => {
    let gone = false;
    void loadCosts().then((answer) => gone || setCosts(answer));
    return () => {
      gone = true;
    };
  }, []);
  if (!costs) return <Spinner />;
  if (!costs.ok) return <p role="alert">{costs.error.message}</p>;
  const { total, deleted, days, models, kinds } = costs.value;
  const ofDeleted = deleted.calls > 0 ? [{ ...deleted, name: 'of it, in deleted sessions' }] : [];
  return (
    <>
      <PageSection
        title="Costs"
        text={`Every model call of all sessions, children included; what deleted sessions have cost stays in it. Prices come from the model's settings, else from the catalogue of ${date}; a call without a known price is counted, never guessed.`}
      >
        {total.calls === 0 ? (
          <p className="text-sm text-muted">No model has been called yet.</p>
        ) : (
          <CostTable label="In all" rows={[{ ...total, name: 'All calls' }, ...ofDeleted]} />
        )}
      </PageSection>
      {total.calls > 0 && (
        <>
          <PageSection title="By day">
            <CostTable label="Day" rows={days} />
          </PageSection>
          <PageSection title="By model">
            <CostTable label="Model" rows={models} />
          </PageSection>
          {kinds.length > 1 && (
            <PageSection title="By purpose">
              <CostTable
                label="Purpose"
                rows={kinds.map((row) => ({ ...row, name: kindNames[row.name] ?? row.name }))}
              />
            </PageSection>
          )}
        </>
      )}
    </>
  );
}

const CostTable = ({ label, rows }: { label: string; rows: readonly CostRow[] }) => (
  <table className="w-full table-fixed text-sm [&_td]:py-1 [&_td]:pl-4 [&_th]:pb-1 [&_th]:pl-4 [&_th]:font-medium [&_th]:text-muted">
    <thead>
      <tr className="border-b border-border text-right">
        <th scope="col" className="w-2/5 !pl-0 text-left">
          {label}
        </th>
        <th scope="col">Calls</th>
        <th scope="col">Input</th>
        <th scope="col">Cached</th>
        <th scope="col">Output</th>
        <th scope="col" className="w-1/5">
          Cost
        </th>
      </tr>
    </thead>
    <tbody>
      {rows.map((row) => (
        <tr key={row.name} className="border-b border-border text-right last:border-0">
          <th scope="row" className="selectable !pl-0 !pt-1 text-left font-normal! wrap-anywhere !text-text">
            {row.name}
          </th>
          <td>{formatCount(row.calls)}</td>
          <td title={formatCount(row.input)}>{compactNumber(row.input)}</td>
          <td title={formatCount(row.cachedInput)}>{compactNumber(row.cachedInput)}</td>
          <td title={formatCount(row.output)}>{compactNumber(row.output)}</td>
          <td className="selectable">{costText({ ...row, modelCalls: row.calls })}</td>
        </tr>
      ))}
    </tbody>
  </table>
);
