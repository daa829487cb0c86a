import type { Rules } from '../../shared/session/events.ts';
import { changeSettings } from '../actions.ts';
import { modeChoices } from '../sessions/mode-text.ts';
import { useApp } from '../state/app-store.ts';
import { Chip, type Tone } from '../ui/chip.tsx';
import { Select } from '../ui/select.tsx';
import { PageSection, RowList } from './page-parts.tsx';

const kinds: { kind: keyof Rules; tone: Tone }[] = [
  { kind: 'deny', tone: 'red' },
  { kind: 'ask', tone: 'amber' },
  { kind: 'allow', tone: 'green' },
];

export function PermissionsPage() {
  const mode = useApp((app) => app.settings.defaultMode);
  const rules = useApp((app) => app.settings.rules);
  const listed = kinds.flatMap(({ kind, tone }) => rules[kind].map((rule) => ({ kind, tone, rule })));
  return (
    <>
      <PageSection title="Default mode" text={modeChoices.find((choice) => choice.value === mode)?.description}>
        <Select
          label="Default mode"
          value={mode}
          choices={modeChoices}
          onChange={(defaultMode) => void changeSettings({ defaultMode })}
          className="w-64"
        />
      </PageSection>
      <PageSection
        title="Your rules"
        text="Checked in every workspace, in this order: deny, ask, allow. The first that matches decides. “Always allow…” on an approval adds one."
      >
        {listed.length === 0 ? (
          <p className="rounded-md border border-dashed border-border px-3 py-4 text-center text-sm text-muted">
            No rules yet.
          </p>
        ) : (
          <RowList label="Rules">
            {listed.map(({ kind, tone, rule }) => (
              <li key={`${kind} ${rule}`} className="flex items-center gap-3 px-3 py-1.5">
                <Chip tone={tone} className="w-12 justify-center">
                  {kind}
                </Chip>
                <code className="selectable min-w-0 font-mono text-sm wrap-anywhere">{rule}</code>
              </li>
            ))}
          </RowList>
        )}
      </PageSection>
    </>
  );
}
