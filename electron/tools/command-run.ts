import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { startTimeOf, unknownStartTime } from '../process-identity.ts';
import { findTraces } from './command-traces.ts';
import { createLiveOutput } from './live-output.ts';
import { endGroup, spawnGroup } from './process-group.ts';
import { describeProcess } from './process-table.ts';
import type { Spool } from './spool.ts';

export interface CommandRequest {
  bash: string;
  command: string;
  folder: string;
  env: Record<string, string>;
  /** Turns the command line into the one that is started. */
  wrap?: (command: string[]) => string[];
  /** Tells this command's processes from all others. */
  mark: { name: string; value: string };
  timeoutMs: number;
  signal: AbortSignal;
  spool: Spool;
  live(text: string): void;
  /** Nothing of the command runs before this has resolved; when it rejects, nothing ever does. */
  started(pid: number, startTime: string): Promise<void>;
}

export interface CommandEnd {
  end: 'exited' | 'cancelled' | 'timedOut' | 'failed';
  exitCode: number | null;
  killedBy: NodeJS.Signals | null;
  /** Why it could not be run, with `failed`. */
  reason?: string;
  /** Processes of its group that we had to end, as "pid command". */
  ended: string[];
  /** Processes it started that still live, as "pid command". */
  survivors: string[];
}

/** What background children may still do once the shell is gone. */
const graceMs = 200;
/** Longest wait for output of a process that keeps the pipe but is not ours to end. */
const drainMs = 1_000;
const haltedDrainMs = 100;

type Exit = { code: number | null; signal: NodeJS.Signals | null };
type Stopped = Pick<CommandEnd, 'end' | 'reason'>;

/** Runs one shell command in its own process group and ends all of the group that is left. Never throws. */
export async function runCommand(request: CommandRequest): Promise<CommandEnd> {
  const started = await start(request);
  if (started instanceof Error) return nothingRun(started.message);
  const { child, pid } = started;
  // A shell that is gone breaks the pipe; its exit tells.
  child.stdin?.on('error', () => undefined);
  const exit = exitOf(child);
  const halt = haltOf(request.signal, request.timeoutMs);
  const reading = Promise.all([drain(child.stdout, request), drain(child.stderr, request)]).then(() => undefined);
  try {
    const stopped = await supervise(child, pid, request, exit, halt.reached);
    const left = await clearAway(pid, request, stopped.end === 'exited');
    await finishReading(child, reading, request.spool, stopped.end === 'exited' ? drainMs : haltedDrainMs);
    const status = (await orSilence(exit, haltedDrainMs)) ?? { code: null, signal: null };
    return { ...stopped, exitCode: status.code, killedBy: status.signal, ...left };
  } finally {
    halt.dispose();
  }
}

/** Which errors Node throws and which it reports later depends on their kind; here all are returned. */
async function start(request: CommandRequest): Promise<{ child: ChildProcess; pid: number } | Error> {
  try {
    const command = [request.bash, ...noStartFiles, '-c', gated(request.command)];
    const [program = '', ...args] = request.wrap?.(command) ?? command;
    const child = spawnGroup(program, args, {
      cwd: request.folder,
      env: { ...request.env, [request.mark.name]: request.mark.value },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) return { child, pid: child.pid };
    const [error] = (await once(child, 'error')) as [Error];
    return error;
  } catch (error) {
    return error as Error;
  }
}

/** Node's pipes are sockets, and a bash whose input is a socket takes itself for a remote login and reads ~/.bashrc. */
const noStartFiles = ['--norc', '--noprofile'];

/**
 * The shell waits for our word, which it gets when its start is on record; should we die before, it ends instead. Then it closes its
 * input and merges both outputs, so that lines come in the order they were written.
 */
const gated = (command: string) => `read -r || exit; exec </dev/null 2>&1; ${command}`;

/** Lets the command run and tells what came first: its end, or a reason to stop it. */
async function supervise(
  child: ChildProcess,
  pid: number,
  request: CommandRequest,
  exit: Promise<Exit>,
  halted: Promise<Stopped>,
): Promise<Stopped> {
  const barred = await Promise.race([announce(pid, request), halted]);
  if (barred) return barred;
  child.stdin?.end('\n');
  return Promise.race([exit.then((): Stopped => ({ end: 'exited' })), halted]);
}

async function announce(pid: number, request: CommandRequest): Promise<Stopped | undefined> {
  try {
    await request.started(pid, (await startTimeOf(pid)) ?? unknownStartTime);
    return undefined;
  } catch (error) {
    return { end: 'failed', reason: `its start could not be recorded: ${(error as Error).message}` };
  }
}

/** Ends what is left of the group and names what is left of all. */
async function clearAway(pid: number, { mark }: CommandRequest, byItself: boolean) {
  const entry = `${mark.name}=${mark.value}`;
  let traces = byItself ? await findTraces(pid, entry) : undefined;
  if (traces?.members) await pause(graceMs);
  const { ended, alive } = traces?.members === false ? { ended: [], alive: [] } : await endGroup(pid);
  if (traces?.members !== false) traces = await findTraces(pid, entry);
  const strays = await Promise.all(traces.strays.map(describeProcess));
  return { ended, survivors: [...alive, ...strays] };
}

async function drain(stream: Readable | null, { spool, live }: CommandRequest): Promise<void> {
  const show = createLiveOutput(live);
  try {
    for await (const bytes of stream ?? []) {
      show(bytes);
      await spool.add(bytes);
    }
  } catch {
    // We closed it because a process that is not ours to end still holds the other side.
  }
}

/** Reads what is still in the pipes; gives up when they fall silent but stay open, or after `limitMs`. */
async function finishReading(
  child: ChildProcess,
  reading: Promise<void>,
  spool: Spool,
  limitMs: number,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  for (let seen = -1; seen !== spool.total() && Date.now() < deadline; ) {
    seen = spool.total();
    if (
      await orSilence(
        reading.then(() => true),
        haltedDrainMs / 2,
      )
    )
      return;
  }
  child.stdout?.destroy();
  child.stderr?.destroy();
  await reading;
}

/** Undefined when it has not come after `ms`. */
async function orSilence<T>(what: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms).unref();
  });
  return Promise.race([what, silence]).finally(() => clearTimeout(timer));
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Resolves at the first reason to stop: the time is up, or somebody cancelled. */
function haltOf(signal: AbortSignal, timeoutMs: number): { reached: Promise<Stopped>; dispose(): void } {
  let dispose = () => {};
  const reached = new Promise<Stopped>((resolve) => {
    const onAbort = () => resolve({ end: 'cancelled' });
    const timer = setTimeout(() => resolve({ end: 'timedOut' }), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    dispose = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
  });
  return { reached, dispose };
}

const nothingRun = (reason: string): CommandEnd => ({
  end: 'failed',
  reason,
  exitCode: null,
  killedBy: null,
  ended: [],
  survivors: [],
});
