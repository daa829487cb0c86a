import type { ModelChoice, ModelSourceKind, ModelStatus } from '../../shared/app/state.ts';

/** The demo must never pass for a language model, wherever its name stands. */
const demoLabel = 'Demo: not a language model';

export const choiceName = (choice: ModelChoice): string => (choice.source === 'demo' ? demoLabel : choice.name);

export const sourceWords: Record<ModelSourceKind, string> = {
  profile: 'profile',
  environment: 'environment',
  local: 'local server',
  demo: 'built in',
};

export const choiceOf = (model: ModelStatus, id: string | undefined): ModelChoice | undefined =>
  model.choices.find((choice) => choice.id === (id ?? model.defaultId));

/** The line about the model that new prompts go to. */
export function modelLabel(model: ModelStatus): { text: string; problem?: string } {
  const chosen = choiceOf(model, undefined);
  if (chosen) return { text: chosen.source === 'demo' ? demoLabel : `${chosen.model} · ${chosen.name}` };
  if (model.state === 'searching') return { text: 'Looking for models…' };
  return { text: 'No model', problem: model.problem ?? 'Add a model in the settings.' };
}
