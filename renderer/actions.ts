import type { Result } from '../shared/errors.ts';
import type { Answer, Input, Output, Route } from '../shared/ipc/contract.ts';
import type { ConfirmationPolicy } from '../shared/permissions/confirmation.ts';
import type { Budget } from '../shared/session/budget.ts';
import type { Mode } from '../shared/session/config.ts';
import type { SettingsChanges } from '../shared/settings.ts';
import type { Thinking } from '../shared/thinking.ts';
import { request } from './connection.ts';
import { openTab } from './state/ui-store.ts';
import { toast } from './ui/toast-store.ts';

/**
 * What a person can do, one request each. Nothing is assumed before the workbench says so: facts come back as events.
 * A failure is shown as a toast unless the caller shows it in its place (`quiet`).
 */
async function act<R extends Route>(route: R, input: Input<R>, quiet = false): Promise<Result<Output<R>>> {
  const answer = await request(route, input);
  if (!answer.ok && !quiet) toast({ level: 'error', text: answer.error.message, hint: answer.error.hint });
  return answer;
}

/** Makes a session and shows it. */
export async function createSession(input: Input<'session.create'>): Promise<Result<{ sessionId: string }>> {
  const answer = await act('session.create', input, true);
  if (answer.ok) openTab(answer.value.sessionId);
  return answer;
}

export const renameSession = (sessionId: string, title: string) =>
  act('session.configure', { sessionId, changes: { title } });

export const setMode = (sessionId: string, mode: Mode) => act('session.configure', { sessionId, changes: { mode } });

export const setModel = (sessionId: string, profileId: string) =>
  act('session.configure', { sessionId, changes: { profileId } });

/** Limits that are absent are taken away. */
export const setBudget = (sessionId: string, budget: Budget) =>
  act('session.configure', { sessionId, changes: { budget } });

export async function exportSession(sessionId: string, format: 'json' | 'markdown'): Promise<void> {
  const answer = await act('session.export', { sessionId, format });
  if (answer.ok && answer.value.path !== undefined) toast({ level: 'info', text: `Saved as ${answer.value.path}.` });
}

export async function importSession(): Promise<void> {
  const answer = await act('session.import', {});
  if (answer.ok && answer.value.sessionId !== undefined) openTab(answer.value.sessionId);
}

/** Quiet: the dialog shows what went wrong. */
export const searchTranscripts = (text: string) => act('search.query', { text }, true);

export const loadCosts = () => act('costs.summary', {}, true);

export const archiveSession = (sessionId: string, archived: boolean) => act('session.archive', { sessionId, archived });

/** `undefined` takes it back: the model's profile decides. */
export const setThinking = (sessionId: string, thinking: Thinking | undefined) =>
  act(
    'session.configure',
    thinking ? { sessionId, changes: { thinking } } : { sessionId, changes: {}, unset: ['thinking'] },
  );

/** The session goes with the default model again, whichever that is. */
export const unsetModel = (sessionId: string) =>
  act('session.configure', { sessionId, changes: {}, unset: ['profileId'] });

/** Final: the session and its files are gone, its children with it unless they are kept: then they move up a place. */
export const destroySession = (sessionId: string, children: 'destroy' | 'keep' = 'destroy') =>
  act('session.destroy', { sessionId, children });

export const sendPrompt = (sessionId: string, text: string) => act('prompt.send', { sessionId, text });

export const configureContext = (
  sessionId: string,
  changes: Pick<Input<'session.configure'>['changes'], 'maxContext' | 'autoCompact' | 'autoCompactThreshold'>,
) => act('session.configure', { sessionId, changes });

/** The person's wish for the summary, if any, goes to the model that writes it. */
export const compactContext = (sessionId: string, instructions?: string) =>
  act('context.compact', instructions ? { sessionId, instructions } : { sessionId });

/** Quiet: whoever shows the preview shows what is wrong with it. */
export const previewContext = (sessionId: string) => act('context.preview', { sessionId }, true);

export const previewMessage = (sessionId: string, place: number) => act('context.message', { sessionId, place }, true);
export const previewCompaction = (sessionId: string) => act('context.previewCompaction', { sessionId }, true);

export const restoreContext = (sessionId: string, compactionId: string) =>
  act('context.restore', { sessionId, compactionId });

export const editSummary = (sessionId: string, compactionId: string, text: string) =>
  act('context.editSummary', { sessionId, compactionId, text });

export const pinItem = (sessionId: string, itemId: string, pinned: boolean) =>
  act('context.pin', { sessionId, itemId, pinned });

export const dropItem = (sessionId: string, itemId: string, dropped: boolean) =>
  act('context.drop', { sessionId, itemId, dropped });

export const changePrompt = (sessionId: string, promptId: string, text: string) =>
  act('prompt.change', { sessionId, promptId, text });

export const removePrompt = (sessionId: string, promptId: string) => act('prompt.remove', { sessionId, promptId });

/** Goes on with the queue that a stop or a failure held. */
export const startRun = (sessionId: string) => act('run.start', { sessionId });

/** To a place of the queue, from 0. */
export const movePrompt = (sessionId: string, promptId: string, place: number) =>
  act('prompt.move', { sessionId, promptId, place });

/** Into the run under way, or as the next run. */
export const sendPromptNow = (sessionId: string, promptId: string) => act('prompt.sendNow', { sessionId, promptId });

/** A prompt that the run under way hears of at its next turn. */
export const steerRun = (sessionId: string, text: string) => act('prompt.steer', { sessionId, text });

/** Makes a session that begins with the conversation before a prompt, or with all of it, and shows it. */
export async function forkSession(sessionId: string, promptId?: string): Promise<Result<{ sessionId: string }>> {
  const answer = await act('session.fork', promptId === undefined ? { sessionId } : { sessionId, promptId });
  if (answer.ok) openTab(answer.value.sessionId);
  return answer;
}

/** Again from where the prompt stood, with another text if there is one; what came after it stays as a branch. */
export const resendPrompt = (sessionId: string, promptId: string, text?: string) =>
  act('prompt.resend', text === undefined ? { sessionId, promptId } : { sessionId, promptId, text });

export const clearConversation = (sessionId: string) => act('session.clear', { sessionId });

export const restoreBranch = (sessionId: string, branchId: string) => act('branch.restore', { sessionId, branchId });

export const pauseSession = (sessionId: string) => act('session.pause', { sessionId });

export const resumeSession = (sessionId: string) => act('session.resume', { sessionId });

export const cancelRun = (sessionId: string) => act('run.cancel', { sessionId });

/** Quiet: the card stays and shows why an answer was refused. */
export const answerApproval = (answer: Answer) => act('approval.answer', answer, true);

export const deferApproval = (id: string, deferred: boolean) => act('approval.defer', { id, deferred });

/** Quiet: the form falls back to plain text. */
export const readEditing = (id: string) => act('approval.editing', { id }, true);

export const lookAgain = (id: string) => act('approval.look', { id }, true);

export const assessEdited = (id: string, args: unknown) => act('approval.assess', { id, args }, true);

/** Absent takes it back. */
export const setConfirmation = (sessionId: string, policy: ConfirmationPolicy | undefined) =>
  act('confirmation.set', policy ? { sessionId, policy } : { sessionId });

export const suggestRule = (id: string) => act('approval.suggestRule', { id }, true);

/** Quiet: the form shows what is wrong with a rule. */
export const previewRules = (input: Input<'rules.preview'>) => act('rules.preview', input, true);

export const listRules = () => act('rules.list', {});

export const addRule = (input: Input<'rules.add'>) => act('rules.add', input, true);

/** Quiet: the form shows what is wrong with the file. */
export const readPolicy = () => act('policy.read', {}, true);

export const addRules = (input: Input<'rules.addAll'>) => act('rules.addAll', input, true);

export const changeRule = (input: Input<'rules.change'>) => act('rules.change', input, true);

export const removeRules = (input: Input<'rules.remove'>) => act('rules.remove', input);

export const testCall = (input: Input<'rules.test'>) => act('rules.test', input, true);

export const listDecisions = () => act('decisions.list', {}, true);

export const exportDecisions = (format: 'jsonl' | 'csv') => act('decisions.export', { format });

/** The whole output of a call whose transcript holds only head and tail. */
export const loadBlob = (sessionId: string, hash: string) => act('session.blob', { sessionId, hash });

export const chooseFolder = () => act('workspace.choose', {});

/** Quiet: the field that holds the path shows what is wrong with it. */
export const checkFolder = (path: string) => act('workspace.check', { path }, true);

export const changeSettings = (changes: SettingsChanges): Promise<Result<void>> => act('settings.change', { changes });

/** Those of the person, and of a session's workspace. */
export const listSkills = (sessionId: string | undefined) =>
  act('skills.list', sessionId === undefined ? {} : { sessionId }, true);

/** Quiet: the form shows what is wrong with it. */
export const createSkill = (skill: Input<'skills.create'>) => act('skills.create', skill, true);

export const switchSkill = (path: string, on: boolean) => act('skills.switch', { path, on });

export const listMemory = (query: string) => act('memory.list', { query }, true);

/** Quiet: the form shows what is wrong with it. Without a session it counts everywhere. */
export const addMemory = (content: string, sessionId?: string) =>
  act('memory.add', sessionId === undefined ? { content } : { content, sessionId }, true);

export const changeMemory = (change: Input<'memory.change'>) => act('memory.change', change, true);

export const removeMemory = (id: string) => act('memory.remove', { id });

export const restoreMemory = (item: Input<'memory.restore'>['item']) => act('memory.restore', { item });

/** From the next run on its requests hold the item, or do not. */
export const leaveOutMemory = (sessionId: string, memoryLeftOut: string[]) =>
  act('session.configure', { sessionId, changes: { memoryLeftOut } });

export const openSkillFolder = () => act('skills.openFolder', {});

export const checkSandbox = () => act('sandbox.check', {});

export const saveProfile = (profile: Input<'profile.save'>['profile'], key?: string) =>
  act('profile.save', key === undefined ? { profile } : { profile, key }, true);

export const removeProfile = (id: string) => act('profile.remove', { id });

export const listModels = (input: Input<'profile.models'>) => act('profile.models', input, true);

export const dismissNotice = (id: string) => act('app.dismissNotice', { id });

/** The person has seen the address before: a link never opens by itself. */
export const openLink = (url: string) => act('link.open', { url });
