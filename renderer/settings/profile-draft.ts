import type { Input } from '../../shared/ipc/contract.ts';
import type { ModelProfile } from '../../shared/settings.ts';

/** A profile as the form holds it: texts, valid or not. */
export interface ProfileDraft {
  name: string;
  baseUrl: string;
  model: string;
  contextWindow: string;
  reasoningEffort: NonNullable<ModelProfile['reasoningEffort']> | 'default';
}

export const draftOf = (profile: ModelProfile | undefined): ProfileDraft => ({
  name: profile?.name ?? '',
  baseUrl: profile?.baseUrl ?? '',
  model: profile?.model ?? '',
  contextWindow: profile?.contextWindow?.toString() ?? '',
  reasoningEffort: profile?.reasoningEffort ?? 'default',
});

/** What is wrong, by field; empty when it can be saved. */
export function problemsOf(draft: ProfileDraft): Partial<Record<keyof ProfileDraft, string>> {
  const problems: Partial<Record<keyof ProfileDraft, string>> = {};
  if (draft.name.trim() === '') problems.name = 'Give it a name.';
  if (!isHttpUrl(draft.baseUrl.trim())) problems.baseUrl = 'An address that begins with http:// or https://.';
  if (draft.model.trim() === '') problems.model = 'Name the model, or load the list.';
  if (draft.contextWindow.trim() !== '' && tokens(draft.contextWindow) === undefined) {
    problems.contextWindow = 'A whole number of tokens, such as 128000.';
  }
  return problems;
}

/** What the form does not show (prices, headers) stays as it was. */
export function profileOf(draft: ProfileDraft, before: ModelProfile | undefined): Input<'profile.save'>['profile'] {
  return {
    ...before,
    name: draft.name.trim(),
    baseUrl: draft.baseUrl.trim(),
    model: draft.model.trim(),
    contextWindow: tokens(draft.contextWindow),
    reasoningEffort: draft.reasoningEffort === 'default' ? undefined : draft.reasoningEffort,
  };
}

/** Accepts 128000, 128,000 and 128k. */
function tokens(text: string): number | undefined {
  const match = /^(\d+)(k?)$/i.exec(text.trim().replace(/[\s,_]/g, ''));
  const value = Number(match?.[1]) * (match?.[2] ? 1000 : 1);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function isHttpUrl(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}
