import { CircleGauge } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Totals } from '../../shared/session/state.ts';
import { gaugeOf } from '../composer/gauge.ts';
import { GaugeDetails } from '../composer/gauge-ring.tsx';
import { modeLabel } from '../sessions/mode-text.ts';
import { choiceName, choiceOf, sourceWords } from '../sessions/model-text.ts';
import { money, plural } from '../sessions/status-text.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { EmptyState } from '../ui/empty-state.tsx';

/** How full the context is, and how the session is set up. */
export function ContextTab({ sessionId }: { sessionId: string }) {
  const head = useSession(sessionId, (state) => state.head);
  const model = useApp((app) => app.model);
  if (!head) return <EmptyState icon={<CircleGauge />} title="The session is not open" />;
  const chosen = choiceOf(model, head.config.profileId);
  return (
    <div className="flex h-full flex-col gap-4 overflow-y-auto p-3">
      <Part title="Context">
        <GaugeDetails context={head.context} gauge={gaugeOf(head.context)} />
      </Part>
      <Part title="Set up as">
        <Facts
          facts={[
            ['Model', chosen ? choiceName(chosen) : 'No model'],
            ...(chosen ? ([['Comes from', sourceWords[chosen.source]]] as Fact[]) : []),
            ['Mode', modeLabel(head.config.mode)],
            ['Turns a run', `at most ${head.config.maxTurns}`],
            ['Folder', head.config.workspace],
          ]}
        />
      </Part>
    </div>
  );
}

/** Never an invented sum: what has no price is named. */
export function costText({ cost, unpriced, modelCalls }: Totals): string {
  if (modelCalls === 0) return money(0);
  if (unpriced === modelCalls) return 'price unknown';
  return unpriced === 0 ? money(cost) : `${money(cost)} and ${plural(unpriced, 'call')} of unknown price`;
}

export type Fact = [name: string, value: string];

export const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section>
    <h2 className="mb-1.5 text-sm font-medium text-muted">{title}</h2>
    <div className="rounded-md border border-border bg-raised p-2.5">{children}</div>
  </section>
);

export const Facts = ({ facts }: { facts: Fact[] }) => (
  <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
    {facts.map(([name, value]) => (
      <div key={name} className="contents">
        <dt className="text-muted">{name}</dt>
        <dd className="selectable min-w-0 text-right wrap-anywhere">{value}</dd>
      </div>
    ))}
  </dl>
);
