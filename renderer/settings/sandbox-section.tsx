import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { Result } from '../../shared/errors.ts';
import { domainPattern } from '../../shared/sandbox/domain-pattern.ts';
import type { SandboxSettings, SandboxStatus } from '../../shared/sandbox/sandbox.ts';
import { changeSettings, checkSandbox } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { Button } from '../ui/button.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { areaLook } from '../ui/text-area.ts';
import { Field } from '../ui/text-field.tsx';
import { PageSection } from './page-parts.tsx';
import { useUnsavedText } from './unsaved-text.ts';

/** Whether this machine can hold commands in, and what they may do there. */
export function SandboxSection() {
  const sandbox = useApp((app) => app.settings.sandbox);
  const status = useApp((app) => app.sandbox);
  useEffect(() => {
    if (status.state === 'checking') void checkSandbox();
  }, [status.state]);
  const change = (changes: Partial<SandboxSettings>) => changeSettings({ sandbox: { ...sandbox, ...changes } });
  return (
    <PageSection
      title="Sandbox"
      text="Commands can write only in the workspace and a temporary folder, see no keys, and reach no network but the domains below."
    >
      <div className="flex flex-col gap-3">
        <StatusLine status={status} />
        <Switch
          label="Run commands in the sandbox"
          checked={sandbox.enabled}
          onChange={() => void change({ enabled: !sandbox.enabled })}
        />
        <Switch
          label="Commands in the sandbox need no question"
          hint="Deny rules, ask rules and protected places still ask or refuse. A command that cannot be held in asks."
          checked={sandbox.autoAllow}
          disabled={!sandbox.enabled}
          onChange={() => void change({ autoAllow: !sandbox.autoAllow })}
        />
        <Lines
          label="Allowed domains"
          hint={
            status.state === 'ready' && status.noDomains
              ? `One a line. Here they have no effect yet, and commands have no network: ${status.noDomains}.`
              : 'One a line: example.com, *.example.com, localhost:3000. Programs must use the proxy they are given, as most do.'
          }
          values={sandbox.domains}
          problemOf={(line) => (domainPattern.test(line) ? undefined : `“${line}” is no domain.`)}
          onSave={(domains) => change({ domains })}
        />
        <Lines
          label="More folders commands may write to"
          hint="One a line, absolute or with ~/ in front, such as ~/.cache."
          values={sandbox.folders}
          problemOf={(line) => (/^(\/|~\/|[A-Za-z]:[\\/])/.test(line) ? undefined : `“${line}” is no absolute path.`)}
          onSave={(folders) => change({ folders })}
        />
      </div>
    </PageSection>
  );
}

const names = { bubblewrap: 'bubblewrap', seatbelt: 'Seatbelt' } as const;

function StatusLine({ status }: { status: SandboxStatus }) {
  return (
    <div aria-live="polite" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      {status.state === 'checking' && (
        <span className="flex items-center gap-1.5 text-muted">
          <Spinner /> Trying whether this machine has one…
        </span>
      )}
      {status.state === 'ready' && (
        <span className="flex items-center gap-1.5">
          <CircleCheck aria-hidden="true" className="size-3.5 text-green" />
          Works here, with {names[status.kind]}
        </span>
      )}
      {status.state === 'unavailable' && (
        <span className="flex min-w-0 items-start gap-1.5">
          <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0 text-amber" />
          <span className="selectable wrap-anywhere">
            Not available, so commands run outside of it: {status.reason}. {status.hint}
          </span>
        </span>
      )}
      {status.state !== 'checking' && (
        <Button size="sm" variant="ghost" onClick={() => void checkSandbox()}>
          Try again
        </Button>
      )}
    </div>
  );
}

function Switch(props: { label: string; hint?: string; checked: boolean; disabled?: boolean; onChange: () => void }) {
  const id = useId();
  return (
    <div>
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={props.checked}
          disabled={props.disabled ?? false}
          onChange={props.onChange}
          aria-describedby={props.hint ? id : undefined}
          className="size-3.5 accent-(--accent)"
        />
        {props.label}
      </label>
      {props.hint && (
        <p id={id} className="pl-[22px] text-sm text-muted">
          {props.hint}
        </p>
      )}
    </div>
  );
}

interface LinesProps {
  label: string;
  hint: string;
  values: string[];
  problemOf: (line: string) => string | undefined;
  onSave: (lines: string[]) => Promise<Result<unknown>>;
}

/** A list written as lines; what does not hold is said and not saved, what is not saved yet is kept. */
function Lines({ label, hint, values, problemOf, onSave }: LinesProps) {
  const saved = values.join('\n');
  const [unsaved, keep] = useUnsavedText(label);
  const text = unsaved ?? saved;
  const [problem, setProblem] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  const save = async () => {
    const lines = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
    const found = lines.map(problemOf).find((one) => one !== undefined);
    setProblem(found);
    if (found !== undefined) return;
    const answer = await onSave(lines);
    if (answer.ok) keep(undefined);
  };
  return (
    <Field label={label} hint={hint} error={problem}>
      {(ids) => (
        <div className="flex items-start gap-2">
          <textarea
            {...ids}
            ref={field}
            rows={Math.min(8, Math.max(2, text.split('\n').length))}
            value={text}
            spellCheck={false}
            onChange={(event) => {
              keep(event.target.value === saved ? undefined : event.target.value);
              setProblem(undefined);
            }}
            className={`${areaLook} font-mono text-sm`}
          />
          <div className="flex flex-col items-stretch gap-1">
            <Button
              disabled={text.trim() === saved}
              onClick={() => void save()}
              aria-label={`Save ${label.toLowerCase()}`}
            >
              Save
            </Button>
            {unsaved !== undefined && (
              <Button
                variant="ghost"
                aria-label={`Discard unsaved ${label.toLowerCase()}`}
                onClick={() => {
                  keep(undefined);
                  setProblem(undefined);
                  field.current?.focus();
                }}
              >
                Discard
              </Button>
            )}
          </div>
        </div>
      )}
    </Field>
  );
}
