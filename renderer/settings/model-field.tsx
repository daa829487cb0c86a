import { useState } from 'react';
import { failureText } from '../../shared/errors.ts';
import { listModels } from '../actions.ts';
import { Button } from '../ui/button.tsx';
import { Menu, MenuChoices } from '../ui/menu.tsx';
import { TextField } from '../ui/text-field.tsx';

export interface ModelFieldProps {
  value: string;
  error: string | undefined;
  baseUrl: string;
  /** As typed; empty lends the stored one of `profileId`. */
  apiKey: string;
  profileId: string | undefined;
  onChange: (model: string) => void;
}

/** The model's name, typed or picked from what the endpoint offers. */
export function ModelField({ value, error, baseUrl, apiKey, profileId, onChange }: ModelFieldProps) {
  const [models, setModels] = useState<string[]>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const load = async () => {
    setBusy(true);
    setProblem(undefined);
    const answer = await listModels({ baseUrl: baseUrl.trim(), key: apiKey === '' ? undefined : apiKey, profileId });
    setBusy(false);
    if (!answer.ok) return setProblem(failureText(answer.error));
    if (answer.value.models.length === 0) return setProblem('The endpoint lists no models; type the name.');
    setModels(answer.value.models);
  };
  return (
    <TextField
      label="Model"
      placeholder="gpt-5"
      value={value}
      error={problem ?? error}
      onChange={(event) => onChange(event.target.value)}
      after={
        models ? (
          <Menu
            align="end"
            trigger={<Button>{models.length === 1 ? '1 model' : `${models.length} models`}</Button>}
            defaultOpen
            className="max-h-72 max-w-96"
          >
            <MenuChoices
              value={value}
              choices={models.map((model) => ({ value: model, label: model }))}
              onChange={onChange}
            />
          </Menu>
        ) : (
          <Button busy={busy} disabled={baseUrl.trim() === ''} onClick={() => void load()}>
            Load models
          </Button>
        )
      }
    />
  );
}
