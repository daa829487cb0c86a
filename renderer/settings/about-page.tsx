import { useApp } from '../state/app-store.ts';
import { PageSection } from './page-parts.tsx';

export function AboutPage() {
  const runtime = useApp((app) => app.runtime);
  const secrets = useApp((app) => app.secrets);
  const facts: [string, string][] = [
    ['Version', runtime.version],
    ['Electron', `${runtime.electron ?? 'none'}${runtime.testRuntime ? ' (test runtime)' : ''}`],
    ['Model catalogue', `${runtime.catalogue.source}, ${runtime.catalogue.date}`],
    ['Data folder', runtime.dataDir],
    ['Keys', secrets === 'keyring' ? "this machine's keyring" : 'memory, for this run only'],
  ];
  return (
    <PageSection title="Switchyard" text="A workbench for running and supervising many coding agents.">
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-1">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="selectable wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </PageSection>
  );
}
