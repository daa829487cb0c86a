import { useState } from 'react';
import type { Result } from '../../shared/errors.ts';
import type { PolicyFile } from '../../shared/permissions/policy-file.ts';
import { type ListedRule, ruleKinds } from '../../shared/permissions/rules.ts';
import { addRule, changeSettings, readPolicy } from '../actions.ts';
import { ConfirmationSection } from '../confirmation/confirmation-section.tsx';
import { modeChoices } from '../sessions/mode-text.ts';
import { useApp } from '../state/app-store.ts';
import { showDialog } from '../state/ui-store.ts';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { CallTest } from './call-test.tsx';
import { PageSection, RowList } from './page-parts.tsx';
import { PolicyImport } from './policy-import.tsx';
import { RuleForm } from './rule-form.tsx';
import { RuleRow } from './rule-row.tsx';
import { SandboxSection } from './sandbox-section.tsx';
import { useRules } from './use-rules.ts';

export function PermissionsPage() {
  const mode = useApp((app) => app.settings.defaultMode);
  const notifications = useApp((app) => app.settings.notifications);
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
      <ConfirmationSection />
      <PageSection title="Notifications">
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={notifications}
            onChange={() => void changeSettings({ notifications: !notifications })}
            className="size-3.5 accent-(--accent)"
          />
          Tell me when an approval waits and no window is in front
        </label>
      </PageSection>
      <SandboxSection />
      <PageSection title="Try a call" text="What would happen to it; nothing runs.">
        <CallTest />
      </PageSection>
      <RuleSection />
      <PageSection title="How a call is decided" text="From the top; the first that applies decides.">
        <ol className="list-decimal pl-5 text-sm marker:text-faint">
          <li>A deny rule refuses it, in every mode. Rules of the sessions above count too.</li>
          <li>Plan mode refuses all but reading.</li>
          <li>Protected places (.git/config, .ssh, shell start-up files, our own settings) always ask.</li>
          <li>An ask rule asks, except in Bypass permissions.</li>
          <li>An allow rule lets it through; every command of a line must be covered.</li>
          <li>The mode allows it: reads in the workspace, and in Accept edits also writes there.</li>
          <li>Where you chose so above, a command that the sandbox holds in needs no question.</li>
          <li>You are asked.</li>
        </ol>
        <p className="mt-1.5 text-sm text-muted">
          The confirmation policy may answer the questions of ask rules and of the last step, never those of protected
          places.
        </p>
      </PageSection>
      <PageSection title="Decision log" text="Every call that was allowed or denied, by whom, and how long it waited.">
        <Button onClick={() => showDialog('decisions')}>Open decision log…</Button>
      </PageSection>
    </>
  );
}

function RuleSection() {
  const rules = useRules();
  const [adding, setAdding] = useState(false);
  const [read, setRead] = useState<Result<{ file?: PolicyFile }>>();
  const isQuiet = !adding && !(read?.ok && read.value.file);
  return (
    <PageSection
      title="Rules"
      text="“Always allow…” on an approval adds one too."
      actions={
        isQuiet && (
          <span className="flex gap-2">
            <Button size="sm" onClick={() => void readPolicy().then(setRead)}>
              Load from a file…
            </Button>
            <Button size="sm" onClick={() => setAdding(true)}>
              Add rule…
            </Button>
          </span>
        )
      }
    >
      {read?.ok === false && (
        <p role="alert" className="mb-2 rounded-md bg-red-soft px-3 py-2 text-sm text-red wrap-anywhere">
          {read.error.message} {read.error.hint}
        </p>
      )}
      {read?.ok && read.value.file && <PolicyImport file={read.value.file} onClose={() => setRead(undefined)} />}
      {adding && <RuleForm onSave={addRule} onClose={() => setAdding(false)} />}
      {rules?.length === 0 && isQuiet && (
        <p className="rounded-md border border-dashed border-border px-3 py-4 text-center text-sm text-muted">
          No rules yet.
        </p>
      )}
      {rules !== undefined && rules.length > 0 && (
        <RowList label="Rules">
          {inOrder(rules).map((rule) => (
            <RuleRow key={`${JSON.stringify(rule.place)} ${rule.file} ${rule.kind} ${rule.text}`} rule={rule} />
          ))}
        </RowList>
      )}
    </PageSection>
  );
}

/** As they are asked: deny, ask, allow. */
const inOrder = (rules: ListedRule[]): ListedRule[] =>
  [...rules].sort((a, b) => ruleKinds.indexOf(a.kind) - ruleKinds.indexOf(b.kind));
