import { stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { z } from 'zod';
import { withoutShellHooks } from './child-env.ts';
import { type CommandEnd, runCommand } from './command-run.ts';
import { createSpool, type Spool } from './spool.ts';
import { defineTool, failure, type ToolContext, type ToolResult } from './tool.ts';
import { decodeOutput, joinEnds, outputLimit, wholeKept } from './truncate.ts';

const defaultTimeoutMs = 120_000;
const maxTimeoutMs = 600_000;
/** Outputs over this are kept whole beside the session. */
const blobFrom = 64 * 1024;
/** Room for the notes below the output. */
const notesLimit = 2_000;

const schema = z.strictObject({
  command: z
    .string()
    .refine((text) => text.trim() !== '', 'is empty')
    .refine((text) => !text.includes('\0'), 'holds a NUL character')
    .describe('The command line, run by bash -c in the workspace folder'),
  timeout: z
    .number()
    .int()
    .min(1)
    .max(maxTimeoutMs)
    .default(defaultTimeoutMs)
    .describe('Milliseconds until the command and its children are ended'),
  outside_sandbox: z
    .boolean()
    .optional()
    .describe('Only for a command that failed because of the sandbox: run it outside, which may need approval'),
});
type Args = z.infer<typeof schema>;

const description = `Runs a command with bash in the workspace folder and returns its output (standard output and errors in the order written) and its exit code.
It has no input and no terminal, so never start anything interactive. When the shell ends, processes it left in the background are ended too. Time limit: 120 s unless timeout says otherwise, at most 600 s. Of more than 100 KiB of output you see the head and the tail.
Prefer read, ls, glob, grep, write and edit to cat, ls, find, grep, redirections and sed.`;

/** `bash`: path of a real bash, see `findBash`; without one the tool says that it is unavailable. */
export const createBashTool = (bash: string | undefined) =>
  defineTool<Args>({
    name: 'bash',
    description: bash ? description : `Unavailable on this machine: ${noBash}`,
    schema,
    kind: 'command',
    effects: { reads: true, writes: true, runs: true, network: true },
    concurrent: false,
    describe: async ({ command }) => ({ title: titleOf(command), detail: { type: 'command', command } }),
    execute: (args, context) => (bash ? execute(bash, args, context) : Promise.resolve(failure(noBash))),
  });

const noBash = 'no bash was found. Install bash (on Windows: Git for Windows) and start again.';

function titleOf(command: string): string {
  const [first = '', ...rest] = command.trim().split('\n');
  const title = first.length > 120 ? `${first.slice(0, 119)}…` : first;
  return rest.length > 0 && !title.endsWith('…') ? `${title} …` : title;
}

async function execute(bash: string, args: Args, context: ToolContext): Promise<ToolResult> {
  if (context.signal.aborted) return { status: 'cancelled', output: '[cancelled before it ran]' };
  const spool = createSpool();
  try {
    const end = await runCommand({
      bash,
      command: args.command,
      folder: context.workspace,
      env: withoutShellHooks(context.env),
      ...(context.wrap ? { wrap: context.wrap } : {}),
      mark: { name: 'SWITCHYARD_CALL_ID', value: context.callId },
      timeoutMs: args.timeout,
      signal: context.signal,
      spool,
      live: context.output,
      started: context.processStarted,
    });
    if (end.end === 'failed') return failure(await whyNotRun(end, context));
    return await report(end, args, spool, context);
  } finally {
    await spool.dispose();
  }
}

/** A folder that is gone and a program that is gone give the same error. */
async function whyNotRun({ reason }: CommandEnd, { workspace }: ToolContext): Promise<string> {
  const folder = await stat(workspace).catch(() => undefined);
  if (!folder?.isDirectory()) return `The workspace folder ${workspace} is not there any more.`;
  return `The command did not run: ${reason}`;
}

async function report(end: CommandEnd, args: Args, spool: Spool, context: ToolContext): Promise<ToolResult> {
  const { blob, kept } = await keepWhole(spool, context);
  const body = shownOutput(spool, kept);
  const result: ToolResult = {
    status: statusOf(end),
    output: `${body}${body && !body.endsWith('\n') ? '\n' : ''}${notesOf(end, args.timeout).join('\n')}`,
    summary: summaryOf(end),
    exitCode: end.exitCode,
  };
  if (blob) result.blob = blob;
  if (end.survivors.length > 0) result.survivors = end.survivors;
  return result;
}

function shownOutput(spool: Spool, kept: string): string {
  const ends = spool.ends();
  const limit = outputLimit - notesLimit;
  const text = decodeOutput(ends.head);
  return ends.total <= outputLimit && Buffer.byteLength(text) <= limit ? text : joinEnds(ends, kept, limit);
}

/** Puts a long output beside the session and says, for the model, what became of it. */
async function keepWhole(spool: Spool, context: ToolContext): Promise<{ blob?: string; kept: string }> {
  if (spool.total() <= blobFrom) return { kept: '' };
  try {
    const whole = await spool.whole();
    if (!whole) return { kept: 'The rest was not kept: the disk for temporary files is full.' };
    const blob = await context.saveBlob(whole.bytes);
    const size = `${Math.round(whole.bytes.length / 1024 / 1024)} MiB`;
    return { blob, kept: whole.complete ? wholeKept(blob) : `Only the first ${size} are kept with this session.` };
  } catch (error) {
    return { kept: `The rest could not be kept: ${(error as Error).message}` };
  }
}

function notesOf(end: CommandEnd, timeoutMs: number): string[] {
  const notes = [`[${endingOf(end, timeoutMs)}]`];
  if (end.ended.length > 0 && end.end === 'exited') {
    notes.unshift(`[background processes ended with the command: ${listed(end.ended)}]`);
  }
  if (end.survivors.length > 0) {
    notes.unshift(`[still running outside the command's process group, not ended: ${listed(end.survivors)}]`);
  }
  return notes;
}

function endingOf(end: CommandEnd, timeoutMs: number): string {
  const gone = end.ended.length === 1 ? '1 process was ended' : `${end.ended.length} processes were ended`;
  if (end.end === 'timedOut') return `timed out after ${timeoutMs / 1_000} s; ${gone}`;
  if (end.end === 'cancelled') return `cancelled; ${gone}`;
  if (end.killedBy) return `killed by ${end.killedBy}`;
  const signal = signalOf(end.exitCode ?? 0);
  return signal ? `exit code ${end.exitCode}: ended by ${signal}` : `exit code ${end.exitCode}`;
}

/** Short, so that the exit code always has its room. */
function listed(processes: string[]): string {
  const shown = processes.slice(0, 8).map((name) => (name.length > 90 ? `${name.slice(0, 89)}…` : name));
  const more = processes.length - shown.length;
  return shown.join('; ') + (more > 0 ? ` and ${more} more` : '');
}

/** Shells report a program that a signal ended as 128 + its number. */
function signalOf(exitCode: number): string | undefined {
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
}

function statusOf(end: CommandEnd): ToolResult['status'] {
  if (end.end === 'cancelled' || end.end === 'timedOut') return end.end;
  return end.exitCode === 0 ? 'ok' : 'error';
}

function summaryOf(end: CommandEnd): string {
  if (end.end === 'timedOut') return 'timed out';
  if (end.end === 'cancelled') return 'cancelled';
  return end.killedBy ?? `exit ${end.exitCode}`;
}
