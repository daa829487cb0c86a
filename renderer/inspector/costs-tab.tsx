import { Coins } from 'lucide-react';
import { useMemo } from 'react';
import { type TreeUse, treeUse } from '../../shared/app/tree.ts';
import { type BudgetScope, type BudgetUse, budgetAmount, budgetMeasures } from '../../shared/session/budget.ts';
import type { SessionHead, Totals } from '../../shared/session/state.ts';
import { workedMs } from '../../shared/session/work.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { askAbout } from '../state/ui-store.ts';
import { formatCount, formatDuration, plural } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ThinBar } from '../ui/thin-bar.tsx';
import { costText, type Fact, Facts, Part } from './context-tab.tsx';

/** What the session and its tree have used and cost, and the budgets over that. */
export function CostsTab({ sessionId }: { sessionId: string }) {
  const head = useSession(sessionId, (state) => state.head);
  const sessions = useApp((app) => app.sessions);
  const tree = useMemo(() => treeUse(sessions, sessionId, Date.now()), [sessions, sessionId]);
  if (!head) return <EmptyState icon={<Coins />} title="The session is not open" />;
  const worked = workedMs(head.work, Date.now());
  return (
    <div className="relative flex h-full flex-col gap-4 overflow-y-auto p-3">
      <Part title="This session">
        <Facts facts={[...amountFacts(head.totals, head.work?.turns ?? 0, worked), ...kindFacts(head)]} />
      </Part>
      {tree && tree.descendants > 0 && (
        <Part title={`With its ${plural(tree.descendants, 'child session')}`}>
          <Facts facts={amountFacts(tree.totals, tree.turns, tree.workedMs)} />
        </Part>
      )}
      <Part title="Budget">
        <BudgetPart head={head} tree={tree} worked={worked} />
        <Button size="sm" className="mt-2" onClick={() => askAbout('budget', sessionId)}>
          {head.config.budget ? 'Change budget…' : 'Set a budget…'}
        </Button>
      </Part>
    </div>
  );
}

const amountFacts = (totals: Totals, turns: number, worked: number): Fact[] => [
  ['Cost', costText(totals)],
  ['Model calls', formatCount(totals.modelCalls)],
  ['Turns', formatCount(turns)],
  ['Input', `${formatCount(totals.input)} tokens`],
  ['of it cached', `${formatCount(totals.cachedInput)} tokens`],
  ['Output', `${formatCount(totals.output)} tokens`],
  ['Worked, without waiting', formatDuration(worked)],
];

const kindWords = { title: 'title', compaction: 'compaction', plan: 'planning' } as const;

/** Calls outside of turns, which nobody would look for. */
function kindFacts({ ledger = [] }: SessionHead): Fact[] {
  const counts = new Map<keyof typeof kindWords, number>();
  for (const { kind, calls } of ledger) if (kind !== 'turn') counts.set(kind, (counts.get(kind) ?? 0) + calls);
  return [...counts].map(([kind, calls]) => [`Calls for ${kindWords[kind]}`, formatCount(calls)]);
}

function BudgetPart({ head, tree, worked }: { head: SessionHead; tree: TreeUse | undefined; worked: number }) {
  if (!head.config.budget) {
    return (
      <p className="text-sm text-muted">
        None. With one, the run waits before its next turn and asks you when a limit is used up.
      </p>
    );
  }
  const own = amountsOf(head.totals, head.work?.turns ?? 0, worked);
  return (
    <div className="flex flex-col gap-2 text-sm">
      <Limits title="This session" scope="session" head={head} used={own} />
      <Limits
        title="With its children"
        scope="tree"
        head={head}
        used={tree ? amountsOf(tree.totals, tree.turns, tree.workedMs) : own}
      />
    </div>
  );
}

const amountsOf = (totals: Totals, turns: number, worked: number): BudgetUse => ({
  tokens: totals.input + totals.output,
  cost: totals.cost,
  turns,
  minutes: worked / 60_000,
});

function Limits(props: { title: string; scope: BudgetScope; head: SessionHead; used: BudgetUse }) {
  const { title, scope, head, used } = props;
  const limits = head.config.budget?.[scope];
  const set = budgetMeasures.filter((measure) => limits?.[measure] !== undefined);
  if (!limits || set.length === 0) return null;
  return (
    <div className="flex flex-col gap-1.5">
      <h3 className="text-muted">{title}</h3>
      {set.map((measure) => {
        const limit = (limits[measure] ?? 0) + (head.budgetGrants?.[scope]?.[measure] ?? 0);
        return (
          <div key={measure}>
            <p className="flex justify-between gap-2">
              <span>{budgetAmount(measure, used[measure])}</span>
              <span className="text-muted">of {budgetAmount(measure, limit)}</span>
            </p>
            <ThinBar share={used[measure] / limit} className="mt-0.5 w-full" />
          </div>
        );
      })}
    </div>
  );
}
