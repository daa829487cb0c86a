import { compactAt } from '../../shared/session/context-plan.ts';
import type { ContextMeasure } from '../../shared/session/state.ts';
import { useApp } from '../state/app-store.ts';
import { useSession } from '../state/replicas.ts';
import { showInspector } from '../state/ui-store.ts';
import { formatCount } from '../ui/amounts.ts';
import { Button } from '../ui/button.tsx';
import { CompactMark } from '../ui/compact-mark.tsx';
import { Popover } from '../ui/popover.tsx';
import { type Gauge, gaugeOf } from './gauge.ts';

const colors: Record<Gauge['level'], string> = {
  neutral: 'text-muted',
  amber: 'text-amber-fill',
  red: 'text-red-fill',
};

const radius = 6;
const round = 2 * Math.PI * radius;

/** The share of the context window that the last model call filled; pressing it tells more. */
export function GaugeRing({ sessionId }: { sessionId: string }) {
  const context = useSession(sessionId, (state) => state.head.context);
  const at = useSession(sessionId, (state) => compactAt(state.head));
  const gauge = gaugeOf(context);
  return (
    <span className="inline-flex items-center">
      <meter
        aria-label="Context usage"
        min={0}
        max={100}
        value={gauge.percent ?? 0}
        aria-valuemin={0}
        aria-valuemax={100}
        // Absent while the share is unknown; then only the text speaks.
        aria-valuenow={gauge.percent}
        aria-valuetext={gauge.text}
        className="sr-only"
      />
      <Popover
        label="Context usage"
        side="top"
        className="w-72"
        trigger={
          <button
            type="button"
            aria-label={`Context details: ${gauge.text}`}
            className="inline-flex h-7 items-center gap-1 rounded-md px-1.5 text-xs text-muted hover:bg-hover hover:text-text data-[state=open]:bg-hover"
          >
            <Ring gauge={gauge} compactAt={at} />
            {gauge.percent !== undefined ? `${gauge.percent}%` : context ? formatCount(context.used) : '–'}
          </button>
        }
      >
        <GaugeDetails context={context} gauge={gauge} compactAt={at} />
        <div className="mt-3 flex justify-end">
          <Button size="sm" onClick={() => showInspector('context')}>
            Open context
          </Button>
        </div>
      </Popover>
    </span>
  );
}

const Ring = ({ gauge, compactAt: at }: { gauge: Gauge; compactAt: number | undefined }) => (
  <svg
    viewBox="0 0 16 16"
    width="16"
    height="16"
    fill="none"
    strokeWidth="2.5"
    aria-hidden="true"
    className={colors[gauge.level]}
  >
    <circle
      cx="8"
      cy="8"
      r={radius}
      stroke="var(--border-strong)"
      strokeDasharray={gauge.percent === undefined ? '2 2.7' : undefined}
    />
    {gauge.percent !== undefined && gauge.percent > 0 && (
      <circle
        cx="8"
        cy="8"
        r={radius}
        stroke="currentColor"
        strokeLinecap="round"
        strokeDasharray={`${(gauge.percent / 100) * round} ${round}`}
        transform="rotate(-90 8 8)"
      />
    )}
    {gauge.percent !== undefined && at !== undefined && (
      <path d="M8 0.2V3.8" stroke="var(--text)" strokeWidth="1.2" transform={`rotate(${at * 360} 8 8)`} />
    )}
  </svg>
);

/** Where the window's size comes from; `date` is the catalogue's. */
const fromWhere = (source: ContextMeasure['windowSource'], date: string): string =>
  source === undefined
    ? ''
    : `, from ${{ setting: 'your setting', endpoint: 'the model’s server', catalogue: `the built-in catalogue of ${date}` }[source]}`;

/** The numbers behind the ring, and how far they are to be trusted. */
export interface GaugeDetailsProps {
  context: ContextMeasure | undefined;
  gauge: Gauge;
  /** Share of the window at which it is compacted; absent when never. */
  compactAt: number | undefined;
}

export function GaugeDetails({ context, gauge, compactAt: at }: GaugeDetailsProps) {
  const { date } = useApp((app) => app.runtime.catalogue);
  if (!context) return <p className="text-sm text-muted">Nothing has been measured yet: the first model call tells.</p>;
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <p className="flex items-baseline justify-between gap-3">
        <span className="font-medium">{formatCount(context.used)} tokens</span>
        <span className="text-muted">{gauge.percent === undefined ? 'share unknown' : `${gauge.percent}%`}</span>
      </p>
      {gauge.percent !== undefined && (
        <span aria-hidden="true" className="relative block">
          <span className="block h-1.5 overflow-hidden rounded-full bg-selected">
            <span
              style={{ width: `${gauge.percent}%` }}
              className={`block h-full rounded-full bg-current ${colors[gauge.level]}`}
            />
          </span>
          {at !== undefined && <CompactMark at={at} />}
        </span>
      )}
      <p className="text-muted">
        {context.source === 'reported'
          ? 'Reported by the provider for the last model call.'
          : 'Estimated until the provider reports again.'}
      </p>
      <p className="text-muted">
        {context.window === undefined
          ? 'The window of this model is unknown; it can be set with the model in the settings.'
          : `Window of ${formatCount(context.window)} tokens${fromWhere(context.windowSource, date)}.`}
      </p>
      {gauge.percent !== undefined && (
        <p className="text-muted">
          {at === undefined ? 'It is not compacted by itself.' : `Compacted by itself at ${Math.round(at * 100)}%.`}
        </p>
      )}
    </div>
  );
}
