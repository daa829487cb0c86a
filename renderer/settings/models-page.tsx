import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { ModelProfile } from '../../shared/settings.ts';
import { changeSettings } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { Button } from '../ui/button.tsx';
import { ModelRow } from './model-row.tsx';
import { PageSection, RowList } from './page-parts.tsx';
import { ProfileForm } from './profile-form.tsx';

/** The models that sessions can be given, and the form that adds or changes one. */
export function ModelsPage() {
  const model = useApp((app) => app.model);
  const modelTitles = useApp((app) => app.settings.modelTitles);
  const profiles = useApp((app) => app.settings.profiles);
  const [edited, setEdited] = useState<ModelProfile | 'new'>();
  if (edited !== undefined) {
    return <ProfileForm profile={edited === 'new' ? undefined : edited} onDone={() => setEdited(undefined)} />;
  }
  return (
    <PageSection
      title="Models"
      text="Any endpoint that speaks the OpenAI Chat Completions protocol. New sessions use the default."
      actions={
        <Button size="sm" onClick={() => setEdited('new')}>
          <Plus aria-hidden="true" className="size-3.5" /> Add model
        </Button>
      }
    >
      {model.problem !== undefined && <p className="mb-2 text-sm text-red">{model.problem}</p>}
      <RowList label="Models">
        {model.choices.map((choice) => (
          <ModelRow
            key={choice.id}
            choice={choice}
            isDefault={choice.id === model.defaultId}
            profile={profiles.find((profile) => profile.id === choice.id)}
            onEdit={setEdited}
          />
        ))}
        {model.choices.length === 0 && (
          <li className="px-3 py-2 text-muted">
            {model.state === 'searching' ? 'Looking for models…' : 'No model yet.'}
          </li>
        )}
      </RowList>
      <label className="mt-3 flex items-start gap-2">
        <input
          type="checkbox"
          checked={modelTitles}
          onChange={() => void changeSettings({ modelTitles: !modelTitles })}
          className="mt-1 size-3.5 accent-(--accent)"
        />
        <span>
          Let the model name new sessions
          <span className="block text-sm text-muted">
            A small call of its own after the first exchange, counted in the costs; otherwise the first prompt is the
            title.
          </span>
        </span>
      </label>
      <p className="mt-3 text-sm text-muted">
        Models also come from <code className="font-mono">OPENAI_BASE_URL</code>,{' '}
        <code className="font-mono">OPENAI_API_KEY</code> and <code className="font-mono">OPENAI_MODEL</code>, and from
        local servers (Ollama, LM Studio, llama.cpp, vLLM).
      </p>
    </PageSection>
  );
}
