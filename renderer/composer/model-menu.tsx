import { ChevronDown, Cpu } from 'lucide-react';
import type { ModelChoice } from '../../shared/app/state.ts';
import type { Thinking } from '../../shared/thinking.ts';
import { setModel, unsetModel } from '../actions.ts';
import { choiceName, choiceOf, sourceWords } from '../sessions/model-text.ts';
import { useApp } from '../state/app-store.ts';
import { showSettings } from '../state/ui-store.ts';
import { Menu, MenuChoices, MenuItem, MenuSeparator } from '../ui/menu.tsx';
import { effortWord, ThinkingChoices } from './thinking-menu.tsx';

const describe = (choice: ModelChoice): string =>
  choice.source === 'demo'
    ? 'Follows plain requests by rules, offline'
    : `${choice.model} · ${sourceWords[choice.source]}`;

/** Stands for no choice: what the default is may change. */
const byDefault = '';

const missing = ({ profileId }: { profileId: string | undefined }): string =>
  profileId === undefined ? 'No model' : 'Its model is gone';

/** The model that this session's next prompts go to. */
export function ModelMenu(props: {
  sessionId: string;
  profileId: string | undefined;
  thinking: Thinking | undefined;
  disabled: boolean;
}) {
  const model = useApp((app) => app.model);
  const chosen = choiceOf(model, props.profileId);
  const fallback = choiceOf(model, undefined);
  const effort = chosen?.source === 'demo' ? undefined : effortWord(props.thinking);
  const name = chosen ? choiceName(chosen) : model.state === 'searching' ? 'Looking for models…' : missing(props);
  const label = effort ? `${name}, ${effort}` : name;
  return (
    <Menu
      side="top"
      className="w-80"
      trigger={
        <button
          type="button"
          disabled={props.disabled}
          aria-label={`Model: ${label}`}
          className="inline-flex h-7 min-w-0 items-center gap-1.5 rounded-md px-1.5 text-sm text-muted hover:bg-hover hover:text-text disabled:opacity-50 data-[state=open]:bg-hover"
        >
          <Cpu aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="truncate">{label}</span>
          <ChevronDown aria-hidden="true" className="size-3 shrink-0 opacity-70" />
        </button>
      }
    >
      <MenuChoices
        value={props.profileId ?? byDefault}
        onChange={(id) => void (id === byDefault ? unsetModel(props.sessionId) : setModel(props.sessionId, id))}
        choices={[
          { value: byDefault, label: 'Default model', description: fallback ? choiceName(fallback) : 'None yet' },
          ...model.choices.map((choice) => ({
            value: choice.id,
            label: choiceName(choice),
            description: describe(choice),
          })),
        ]}
      />
      {chosen && chosen.source !== 'demo' && (
        <ThinkingChoices sessionId={props.sessionId} thinking={props.thinking} baseUrl={chosen.baseUrl} />
      )}
      <MenuSeparator />
      <MenuItem onSelect={() => showSettings('models')}>Set up models…</MenuItem>
    </Menu>
  );
}
