import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import type { Lane } from '../../shared/permissions/confirmation.ts';
import { TextField } from '../ui/text-field.tsx';
import { type ConfirmationDraft, policyOfDraft } from './confirmation-draft.ts';

const laneChoices: { lane: Lane; label: string; text: string }[] = [
  { lane: 'query', label: 'Reading and searching', text: 'read, ls, glob, grep; outside the workspace, too' },
  { lane: 'execute', label: 'Changing and running', text: 'bash, write, edit and every other tool' },
];

interface FieldsProps {
  draft: ConfirmationDraft;
  onChange: (draft: ConfirmationDraft) => void;
  autoFocus?: boolean;
}

/** Everything of a confirmation policy: whether it asks at all, about what not, how long, and what then. */
export function ConfirmationFields({ draft, onChange, autoFocus = false }: FieldsProps) {
  const change = (changes: Partial<ConfirmationDraft>) => onChange({ ...draft, ...changes });
  const toggle = (lane: Lane) =>
    change({
      yoloLanes: draft.yoloLanes.includes(lane)
        ? draft.yoloLanes.filter((other) => other !== lane)
        : [...draft.yoloLanes, lane],
    });
  return (
    <div className="flex flex-col gap-4">
      <Tick
        label="Ask me about calls that rules and mode leave open"
        checked={draft.enabled}
        autoFocus={autoFocus}
        onChange={() => change({ enabled: !draft.enabled })}
      />
      <fieldset disabled={!draft.enabled} className="flex flex-col gap-1.5 disabled:opacity-50">
        <legend className="mb-1.5 text-sm font-medium">Without a question</legend>
        {laneChoices.map(({ lane, label, text }) => (
          <Tick
            key={lane}
            label={label}
            text={text}
            checked={draft.yoloLanes.includes(lane)}
            onChange={() => toggle(lane)}
          />
        ))}
      </fieldset>
      {(!draft.enabled || draft.yoloLanes.includes('execute')) && <NothingWaits />}
      {draft.enabled && <TimeFields draft={draft} change={change} />}
    </div>
  );
}

function TimeFields({
  draft,
  change,
}: {
  draft: ConfirmationDraft;
  change: (changes: Partial<ConfirmationDraft>) => void;
}) {
  const name = useId();
  const actions = [
    { value: 'reject', label: 'Do not run it' },
    { value: 'approve-reads', label: 'Run it if it only reads' },
  ] as const;
  return (
    <div className="grid grid-cols-[11rem_1fr] items-start gap-4">
      <TextField
        label="Stop waiting after (minutes)"
        inputMode="decimal"
        placeholder="never"
        value={draft.minutes}
        onChange={(event) => change({ minutes: event.target.value })}
        error={policyOfDraft(draft) === undefined && 'From 1 second (0.017) to 30 days (43200), or empty.'}
      />
      <fieldset disabled={draft.minutes.trim() === ''} className="flex flex-col gap-1.5 disabled:opacity-50">
        <legend className="mb-1.5 text-sm font-medium">When nobody answered</legend>
        {actions.map(({ value, label }) => (
          <label key={value} className="flex items-center gap-2">
            <input
              type="radio"
              name={name}
              checked={draft.timeoutAction === value}
              onChange={() => change({ timeoutAction: value })}
              className="accent-(--accent)"
            />
            {label}
          </label>
        ))}
      </fieldset>
      <p className="col-span-2 text-sm text-muted">
        The agent is told that nobody answered. The time stands still while the session is paused and for what you set
        aside.
      </p>
    </div>
  );
}

const NothingWaits = () => (
  <p role="status" className="flex items-start gap-2 rounded-md bg-red-soft px-3 py-2 text-sm text-red">
    <TriangleAlert aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
    Commands run and files change without a question. Only deny rules, Plan mode and protected paths still hold.
  </p>
);

function Tick(props: { label: string; text?: string; checked: boolean; autoFocus?: boolean; onChange: () => void }) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        checked={props.checked}
        // biome-ignore lint/a11y/noAutofocus: the person asked for this form
        autoFocus={props.autoFocus}
        aria-describedby={props.text === undefined ? undefined : `${id}-text`}
        onChange={props.onChange}
        className="mt-[3px] size-3.5 shrink-0 accent-(--accent)"
      />
      <span>
        <label htmlFor={id}>{props.label}</label>
        {props.text !== undefined && (
          <span id={`${id}-text`} className="block text-sm text-muted">
            {props.text}
          </span>
        )}
      </span>
    </div>
  );
}
