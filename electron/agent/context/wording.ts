import type { CallItem, PromptItem } from '../../../shared/session/state.ts';

const opening = '<context-summary>';
const closing = '</context-summary>';

/** The summary's own place in the request: marked, so that neither a model nor a person takes it for a prompt. */
export const summaryText = (text: string): string =>
  `${opening}\nThe conversation before this point was compacted. This stands for what is no longer shown:\n\n${text}\n${closing}`;

/** A user message without the summary in it: what comes after it, or, when nothing does, what stands before. */
export function withoutSummary(text: string): string {
  const from = text.indexOf(opening);
  const to = text.lastIndexOf(closing);
  if (from < 0 || to < from) return text;
  return text.slice(to + closing.length).trim() || text.slice(0, from).trim();
}

/** A skill as the model is given it. Its own text cannot end the frame. */
export function framedSkill({ name, source, text }: NonNullable<PromptItem['skill']>): string {
  const from = source === 'workspace' ? ' source="workspace"' : '';
  return `<skill name="${name}"${from}>\n${text.replaceAll('</skill', '<\\/skill')}\n</skill>`;
}

/** A user message without the skills in it. */
export const withoutSkills = (text: string): string =>
  text.replace(/<skill name="[^"\n]*"[^>\n]*>\n[\s\S]*?\n<\/skill>\n\n/g, '');

/** A prompt with the skill that it asked for before it. */
export const promptText = ({ text, skill }: PromptItem): string => (skill ? `${framedSkill(skill)}\n\n${text}` : text);

/** What stands where an old output was taken out. */
export const prunedOutput = (call: CallItem): string =>
  `[This output of ${call.tool} was taken out to save context${call.result?.summary ? ` (${call.result.summary})` : ''}. Make the call again if it is needed.]`;
