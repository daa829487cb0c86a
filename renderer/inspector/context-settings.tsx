import { type KeyboardEvent, useState } from 'react';
import type { SessionConfig } from '../../shared/session/config.ts';
import { defaultCompactAt } from '../../shared/session/context-plan.ts';
import { configureContext } from '../actions.ts';
import { formatCount } from '../ui/amounts.ts';
import type { MenuChoice } from '../ui/menu.tsx';
import { Select } from '../ui/select.tsx';
import { inputLook } from '../ui/text-field.tsx';

const shares = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];
const choices: MenuChoice<string>[] = [
  ...shares.map((share) => ({
    value: String(share),
    label: `At ${Math.round(share * 100)}%${share === defaultCompactAt ? ' (default)' : ''}`,
  })),
  { value: 'off', label: 'Never by itself' },
];

/** When a session compacts by itself, and how much of the model's window it may use. */
export function ContextSettings(props: { sessionId: string; config: SessionConfig; isWindowKnown: boolean }) {
  const { sessionId, config, isWindowKnown } = props;
  const now = config.autoCompact === false ? 'off' : String(config.autoCompactThreshold ?? defaultCompactAt);
  const choose = (value: string) =>
    void configureContext(
      sessionId,
      value === 'off' ? { autoCompact: false } : { autoCompact: true, autoCompactThreshold: Number(value) },
    );
  return (
    <div className="flex flex-col gap-1.5 text-sm">
      <div className="flex items-center justify-between gap-3">
        <span className="text-muted">Auto-compact</span>
        <Select label="Compact by itself" value={now} choices={choices} onChange={choose} className="w-40 text-sm" />
      </div>
      {!isWindowKnown && now !== 'off' && (
        <p className="text-xs text-faint">It begins when the model’s window is known, or is given here:</p>
      )}
      <MaxContext key={config.maxContext ?? 0} sessionId={sessionId} max={config.maxContext} />
    </div>
  );
}

function MaxContext({ sessionId, max }: { sessionId: string; max: number | undefined }) {
  const shown = max ? formatCount(max) : '';
  const [draft, setDraft] = useState(shown);
  const value = Number(draft.replace(/[,\s]/g, '') || 0);
  const isValid = Number.isInteger(value) && value >= 0;
  const save = () => {
    if (isValid && value !== (max ?? 0)) void configureContext(sessionId, { maxContext: value });
    else setDraft(shown);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') event.currentTarget.blur();
    if (event.key === 'Escape') setDraft(shown);
  };
  return (
    <label className="flex items-center justify-between gap-3">
      <span className="text-muted">At most</span>
      <span className="flex w-40 items-center gap-1.5">
        <input
          aria-label="Most tokens of context"
          inputMode="numeric"
          placeholder="all of the window"
          value={draft}
          aria-invalid={!isValid || undefined}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={save}
          onKeyDown={onKeyDown}
          className={`${inputLook} text-sm`}
        />
        {draft !== '' && <span className="text-faint">tokens</span>}
      </span>
    </label>
  );
}
