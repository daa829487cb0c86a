import { join } from 'node:path';
import { failureText, WorkbenchError } from '../../shared/errors.ts';
import type { Mode } from '../../shared/session/config.ts';
import type { Envelope } from '../../shared/session/events.ts';
import { parseRuleFor } from '../permissions/rules.ts';
import type { Subscriber } from '../session/session.ts';
import { createSecrets } from '../storage/secrets.ts';
import { createWorkbench, type Workbench } from '../workbench.ts';
import { exitCodeOf, exitCodeOfError, exitCodes } from './exit-codes.ts';
import { assetsBeside, createStderrLog } from './surroundings.ts';

export interface RunFlags {
  workspace: string;
  model?: string;
  baseUrl?: string;
  mode: Mode;
  allow: string[];
  deny: string[];
  session?: string;
  maxTurns?: number;
  output: 'text' | 'json';
  userDataDir: string;
}

/** How long at the end what is unwritten may still be written: a disk that refuses is tried a few times more, a slow one is waited for. */
const shutdownMs = { refused: 1000, slow: 5000 };

/** Runs one prompt and returns the exit code. Only the answer, or the envelopes, go to standard output. */
export async function runPrompt(prompt: string, flags: RunFlags): Promise<number> {
  if (prompt.trim() === '') return complain('The prompt is empty.', exitCodes.usage);
  for (const kind of ['allow', 'deny'] as const) {
    for (const rule of flags[kind]) {
      const parsed = parseRuleFor(kind, rule);
      if (!parsed.ok) return complain(`${parsed.error.message} (in "${rule}")`, exitCodes.usage);
    }
  }
  const stop = new AbortController();
  const onSignal = () => (stop.signal.aborted ? process.exit(exitCodes.cancelled) : stop.abort());
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const log = createStderrLog();
  let refused = false;
  const workbench = await createWorkbench({
    kind: 'cli',
    userDataDir: flags.userDataDir,
    assetsDir: assetsBeside(__dirname),
    env: process.env,
    log,
    model: { model: flags.model, baseUrl: flags.baseUrl },
    secrets: createSecrets({ path: join(flags.userDataDir, 'secrets.json'), log }),
  });
  try {
    return await runIn(workbench, prompt, flags, stop, () => {
      refused = true;
    });
  } catch (thrown) {
    if (!(thrown instanceof WorkbenchError)) throw thrown;
    return complain(failureText(thrown), exitCodeOfError(thrown.code));
  } finally {
    const unsaved = await workbench.shutdown(refused ? shutdownMs.refused : shutdownMs.slow);
    for (const { id, reason } of unsaved) complain(`The end of session ${id} could not be saved: ${reason}.`, 0);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

async function runIn(
  workbench: Workbench,
  prompt: string,
  flags: RunFlags,
  stop: AbortController,
  onRefused: () => void,
): Promise<number> {
  const { settingsProblem } = workbench;
  // Nobody is here to see that rules are gone, or that another model answers.
  if (settingsProblem && !settingsProblem.usable) {
    return complain(`${settingsProblem.text} Nothing was run, as they cannot be heeded.`, exitCodes.usage);
  }
  if (settingsProblem) complain(settingsProblem.text, 0);
  await workbench.requireModel();
  const { manager } = workbench;
  const rules = { allow: flags.allow, ask: [], deny: flags.deny };
  const { mode, maxTurns } = flags;
  let unsaved = false;
  const output = flags.output === 'json' ? jsonOutput() : progressOutput();
  const subscriber: Subscriber = {
    envelope: (envelope) => unsaved || output(envelope),
    unsaved: (reason) => {
      if (!reason) return;
      unsaved = true;
      onRefused();
      complain(`The session cannot be saved: ${reason}`, exitCodes.failed);
      stop.abort();
    },
  };
  const unsubscribe = manager.subscribeAll(subscriber);
  const sessionId =
    flags.session ?? (await manager.createSession({ workspace: flags.workspace, mode, rules, maxTurns }));
  if (flags.session) {
    await manager.configure(sessionId, { mode, rules, ...(maxTurns ? { maxTurns } : {}) });
  }
  const result = await manager.generate(sessionId, prompt, stop.signal);
  await manager.allSaved();
  unsubscribe();
  if (unsaved) return exitCodes.failed;
  if (flags.output === 'text' && result.text) process.stdout.write(`${result.text.trimEnd()}\n`);
  if (result.error) complain(failureText(result.error), 0);
  complain(`Session ${sessionId}: ${result.outcome}.`, 0);
  return exitCodeOf(result.outcome);
}

const jsonOutput = () => (envelope: Envelope) => process.stdout.write(`${JSON.stringify(envelope)}\n`);

/** What a person at a terminal wants to follow, on standard error. */
const progressOutput =
  () =>
  ({ event }: Envelope): void => {
    if (event.type === 'call.requested') process.stderr.write(`· ${event.tool}: ${event.title}\n`);
    if (event.type === 'call.ended' && event.status !== 'ok') {
      process.stderr.write(`  ${event.status}: ${event.output.split('\n', 1)[0] ?? ''}\n`);
    }
    if (event.type === 'turn.retrying') process.stderr.write(`· retrying: ${event.reason}\n`);
  };

function complain(text: string, code: number): number {
  process.stderr.write(`${text}\n`);
  return code;
}
