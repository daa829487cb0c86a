import { CircleGauge, Shrink } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { Virtuoso } from 'react-virtuoso';
import type { ContextPreview, PreviewMessage } from '../../shared/app/context-preview.ts';
import { compactAt, planOf } from '../../shared/session/context-plan.ts';
import type { SessionHead, Totals } from '../../shared/session/state.ts';
import { gaugeOf } from '../composer/gauge.ts';
import { GaugeDetails } from '../composer/gauge-ring.tsx';
import { readOnlyReason } from '../composer/read-only.ts';
import { modeLabel } from '../sessions/mode-text.ts';
import { choiceName, choiceOf, sourceWords } from '../sessions/model-text.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { askAbout } from '../state/ui-store.ts';
import { compactNumber, money, plural } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ContextPartsView } from './context-parts.tsx';
import { ContextSettings } from './context-settings.tsx';
import { DroppedItems } from './dropped-items.tsx';
import { MemoryItems } from './memory-items.tsx';
import { RequestRow } from './request-row.tsx';
import { useContextPreview } from './use-context-preview.ts';

interface TabContext {
  sessionId: string;
  preview?: ContextPreview;
  problem?: string;
}

const noMessages: PreviewMessage[] = [];

/** How full the context is and of what, and message by message what the next request would hold. */
export function ContextTab({ sessionId }: { sessionId: string }) {
  const isOpen = useSession(sessionId, () => true) ?? false;
  const plan = useSession(sessionId, (state) => planOf(state.head));
  const isReadOnly = useApp((app) => readOnlyReason(app.sessions[sessionId], false) !== undefined);
  const { preview, failure } = useContextPreview(sessionId);
  const pinned = useMemo(() => new Set(plan?.pinned), [plan]);
  if (!isOpen) return <EmptyState icon={<CircleGauge />} title="The session is not open" />;
  return (
    <Virtuoso<PreviewMessage, TabContext>
      className="h-full"
      data={preview?.messages ?? noMessages}
      context={{ sessionId, preview, problem: failure?.message }}
      components={{ Header, Footer }}
      itemContent={(place, message) => (
        <div className="px-3 pb-1.5">
          <RequestRow
            sessionId={sessionId}
            id={message.items[0] ?? message.role}
            message={message}
            itemIds={isReadOnly ? [] : message.items}
            pinned={message.items.some((id) => pinned.has(id))}
            droppable={place > 1}
            place={place}
          />
        </div>
      )}
    />
  );
}

/** Everything above the messages. */
function Header({ context }: { context?: TabContext }) {
  const sessionId = context?.sessionId ?? '';
  const head = useSession(sessionId, (state) => state.head);
  const isReadOnly = useApp((app) => readOnlyReason(app.sessions[sessionId], false) !== undefined);
  if (!head) return null;
  const { preview, problem } = context ?? {};
  return (
    <div className="flex flex-col gap-4 p-3 pb-1.5">
      <Part title="Context">
        <GaugeDetails context={head.context} gauge={gaugeOf(head.context)} compactAt={compactAt(head)} />
      </Part>
      <Part title="Made of">
        <div className="flex flex-col gap-3">
          {preview && <ContextPartsView preview={preview} compactAt={compactAt(head)} />}
          {problem !== undefined && <p className="text-sm text-muted">{problem}</p>}
          {!isReadOnly && (
            <>
              <ContextSettings
                sessionId={sessionId}
                config={head.config}
                isWindowKnown={preview === undefined || preview.window !== undefined}
              />
              <Button size="sm" className="self-start" onClick={() => askAbout('compact', sessionId)}>
                <Shrink aria-hidden="true" className="size-3.5" />
                Compact now…
              </Button>
            </>
          )}
        </div>
      </Part>
      {preview && preview.memory.length > 0 && (
        <Part title="From memory">
          <MemoryItems sessionId={sessionId} items={preview.memory} isReadOnly={isReadOnly} />
        </Part>
      )}
      <SetUp head={head} />
      {preview && (
        <h2 className="flex items-baseline justify-between gap-3 text-sm font-medium text-muted">
          <span className="shrink-0">The next request</span>
          <span className="truncate text-xs font-normal text-faint">
            {plural(preview.messages.length, 'message')} · {plural(preview.tools.length, 'tool')} · about{' '}
            {compactNumber(preview.used)} tokens
          </span>
        </h2>
      )}
    </div>
  );
}

const Footer = ({ context }: { context?: TabContext }) => (
  <div className="px-3 pb-3">
    <DroppedItems sessionId={context?.sessionId ?? ''} />
  </div>
);

function SetUp({ head }: { head: SessionHead }) {
  const model = useApp((app) => app.model);
  const chosen = choiceOf(model, head.config.profileId);
  return (
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
