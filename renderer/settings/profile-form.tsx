import { ArrowLeft } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { SecretsHome } from '../../shared/app/state.ts';
import type { Failure } from '../../shared/errors.ts';
import type { ModelProfile } from '../../shared/settings.ts';
import { saveProfile } from '../actions.ts';
import { useApp } from '../state/app-store.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { ownEscape } from '../ui/own-escape.ts';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { toast } from '../ui/toast-store.ts';
import { ModelField } from './model-field.tsx';
import { draftOf, type ProfileDraft, problemsOf, profileOf } from './profile-draft.ts';

const keyHomes: Record<SecretsHome, string> = {
  keyring: "Kept encrypted with this machine's keyring; never shown again.",
  memory: 'Kept in memory for this run: no keyring on this machine. It is forgotten when Switchyard quits.',
  unavailable: 'Kept in memory for this run: the keyring cannot be used now.',
};

const efforts = [
  { value: 'default', label: "Model's default" },
  { value: 'minimal', label: 'Minimal' },
  { value: 'low', label: 'Low' },
  { value: 'medium', label: 'Medium' },
  { value: 'high', label: 'High' },
] as const;

/** Adds a model, or changes one. The key can be set here and is never read back. */
export function ProfileForm({ profile, onDone }: { profile: ModelProfile | undefined; onDone: () => void }) {
  const [draft, setDraft] = useState<ProfileDraft>(() => draftOf(profile));
  const [key, setKey] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const secrets = useApp((app) => app.secrets);
  const hasKey = useApp((app) => app.model.choices.some((choice) => choice.id === profile?.id && choice.hasKey));
  const problems = tried ? problemsOf(draft) : {};
  const change = (changes: Partial<ProfileDraft>) => setDraft({ ...draft, ...changes });

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problemsOf(draft)).length > 0) return;
    setBusy(true);
    const answer = await saveProfile(profileOf(draft, profile), key === '' ? undefined : key);
    setBusy(false);
    if (!answer.ok) return setFailure(answer.error);
    if (answer.value.keyStored === 'memory') {
      toast({ level: 'info', text: 'The key is kept in memory for this run: no keyring on this machine.' });
    }
    onDone();
  };

  return (
    <form onSubmit={(event) => void save(event)} {...ownEscape(onDone)} className="flex flex-col gap-4">
      <div className="-ml-1.5 flex items-center gap-1">
        <IconButton label="Back to models" onClick={onDone}>
          <ArrowLeft />
        </IconButton>
        <h3 className="font-semibold">{profile ? `Edit ${profile.name}` : 'Add model'}</h3>
      </div>
      <TextField
        label="Name"
        placeholder="Work account"
        autoFocus
        value={draft.name}
        error={problems.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <TextField
        label="Base URL"
        placeholder="https://api.openai.com/v1"
        value={draft.baseUrl}
        error={problems.baseUrl}
        onChange={(event) => change({ baseUrl: event.target.value })}
      />
      <TextField
        label="API key"
        type="password"
        placeholder={hasKey ? 'Set; type to replace it' : 'None'}
        hint={keyHomes[secrets]}
        value={key}
        onChange={(event) => setKey(event.target.value)}
      />
      <ModelField
        value={draft.model}
        error={problems.model}
        baseUrl={draft.baseUrl}
        apiKey={key}
        profileId={profile?.id}
        onChange={(model) => change({ model })}
      />
      <div className="grid grid-cols-2 gap-4">
        <TextField
          label="Context window"
          inputMode="numeric"
          placeholder="From the endpoint or the catalogue"
          hint="In tokens"
          value={draft.contextWindow}
          error={problems.contextWindow}
          onChange={(event) => change({ contextWindow: event.target.value })}
        />
        <div className="flex flex-col gap-1">
          <span aria-hidden="true" className="text-sm font-medium">
            Reasoning effort
          </span>
          <Select
            label="Reasoning effort"
            value={draft.reasoningEffort}
            choices={efforts}
            onChange={(reasoningEffort) => change({ reasoningEffort })}
          />
        </div>
      </div>
      {failure && (
        <p role="alert" className="selectable text-sm text-red wrap-anywhere">
          {failure.message} {failure.hint}
        </p>
      )}
      <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-border bg-raised px-5 py-3">
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="primary" busy={busy}>
          {profile ? 'Save' : 'Add model'}
        </Button>
      </div>
    </form>
  );
}
