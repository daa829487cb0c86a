import { ChevronDown, Cpu } from 'lucide-react';
import type { ModelChoice } from '../../shared/app/state.ts';
import { setModel } from '../actions.ts';
import { choiceName, choiceOf, sourceWords } from '../sessions/model-text.ts';
import { useApp } from '../state/app-store.ts';
import { showSettings } from '../state/ui-store.ts';
import { Menu, MenuChoices, MenuItem, MenuSeparator } from '../ui/menu.tsx';

const describe = (choice: ModelChoice): string =>
  choice.source === 'demo'
    ? 'Follows plain requests by rules, offline'
    : `${choice.model} · ${sourceWords[choice.source]}`;

/** The model that this session's next prompts go to. */
export function ModelMenu(props: { sessionId: string; profileId: string | undefined; disabled: boolean }) {
  const model = useApp((app) => app.model);
  const chosen = choiceOf(model, props.profileId);
  const label = chosen ? choiceName(chosen) : model.state === 'searching' ? 'Looking for models…' : 'No model';
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
        value={chosen?.id}
        onChange={(id) => void setModel(props.sessionId, id)}
        choices={model.choices.map((choice) => ({
          value: choice.id,
          label: choiceName(choice),
          description: describe(choice),
        }))}
      />
      <MenuSeparator />
      <MenuItem onSelect={() => showSettings('models')}>Set up models…</MenuItem>
    </Menu>
  );
}
